"""A server on a port of its own with the small city, committed: what integrators' programs talk to."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date
from pathlib import Path

import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import Permission, Role
from app.settings import Settings
from app.sql import Connection, Row, new_id
from tests.architecture.source import ROOT
from tests.domain.credits.making import make_pack
from tests.make import City, make_city
from tests.oauth import SECRET, make_client
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


async def make_application(
    db: Connection, unit: Row, role: Role, scopes: Iterable[Permission]
) -> dict[str, str]:
    """An application with a role over a unit, as the environment of its programs names it."""
    client = await make_client(db, unit, scopes=sorted(scopes))
    grant = {
        "id": new_id(), "account_id": client["id"], "role": role, "subject": "unit",
        "subject_id": unit["id"], "valid_from": date(2020, 9, 1),
    }  # fmt: skip
    await db.insert(RoleGrant, grant)
    return {"YANXUN_CLIENT_ID": client["name"], "YANXUN_CLIENT_SECRET": SECRET}


async def run(*command: str, **environment: str) -> str:
    """What a program prints; that it fails is told with what it said."""
    return await _ended(0, command, environment)


async def _ended(code: int, command: Sequence[str], environment: dict[str, str]) -> str:
    asked = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asked.communicate()
    assert asked.returncode == code, said.decode()
    return said.decode()


async def play(program: str, *words: str, **environment: str) -> list[str]:
    """The lines that a program of the guide prints."""
    return await play_to(0, program, *words, **environment)


async def play_to(code: int, program: str, *words: str, **environment: str) -> list[str]:
    """The same of a program that is to end with this code."""
    command = (sys.executable, str(PROGRAMS / program), *words)
    return (await _ended(code, command, environment)).splitlines()
