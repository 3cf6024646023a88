"""A server on a port of its own with the small city, committed: what integrators' programs talk to."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.settings import Settings
from tests.architecture.source import ROOT
from tests.domain.credits.making import make_pack
from tests.make import City, make_city
from tests.streams import Serving, serving

PROGRAMS = ROOT / "docs" / "integrate"


@pytest.fixture
async def at(urls: Urls, tmp_path: Path) -> AsyncIterator[Serving]:
    settings = Settings(data_folder=tmp_path).model_copy(update={"database_url": urls.application})
    async with serving(settings) as served:
        yield served


@pytest.fixture
async def city(real_pool: Pool, at: Serving) -> City:
    """The small city with a rule pack, committed."""
    async with real_pool.transaction() as db:
        city = await make_city(db, at.held.cipher)
        await make_pack(db, city.city)
    return city


async def run(*command: str, **environment: str) -> str:
    """What a program prints; that it fails is told with what it said."""
    asked = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asked.communicate()
    assert asked.returncode == 0, said.decode()
    return said.decode()


async def play(program: str, **environment: str) -> list[str]:
    """The lines that a program of the guide prints."""
    return (await run(sys.executable, str(PROGRAMS / program), **environment)).splitlines()
