"""The generated clients at work against a server, as their users run them; `make sdk` generates them."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.settings import Settings
from tests.architecture.source import ROOT
from tests.domain.credits.making import make_pack
from tests.make import City, make_city
from tests.streams import Serving, serving

PYTHON = ROOT / ".venv-sdk" / "bin" / "python"
BUILD = ROOT / "sdk" / "build"
TYPESCRIPT = ROOT / "sdk" / "typescript" / "dist" / "tour.js"

generated = pytest.mark.skipif(
    not (BUILD / "yanxun_graphql").exists(), reason="`make sdk` generates the clients"
)


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


async def run(*command: str) -> str:
    """What a program prints; that it fails is told with what it said."""
    asked = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(BUILD)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asked.communicate()
    assert asked.returncode == 0, said.decode()
    return said.decode()


async def tour(at: Serving, city: City, *command: str) -> dict[str, Any]:
    """What the tour of one client found, as the administrator of the school."""
    token = at.token(city.school_admin.actor)
    found: dict[str, Any] = json.loads(await run(*command, f"http://{at.address}", token))
    return found


EXPECTED = {"teachers": ["测试乙", "测试甲"], "refusal": "teacher_not_found"}


@generated
async def test_the_python_clients_read_and_are_refused(at: Serving, city: City) -> None:
    found = await tour(at, city, str(PYTHON), "sdk/python/tour.py")
    assert found.items() >= EXPECTED.items()
    assert city.school_admin.name.startswith(found["account"])
    assert (found["counted"], found["requirements"] > 0) == ("0.00", True)


@generated
async def test_the_python_clients_are_typed() -> None:
    # What a user writes with them is checked; what is generated is taken at its word.
    options = ("--strict", "--follow-imports=silent", "--no-incremental")
    said = await run(str(PYTHON), "-m", "mypy", *options, "sdk/python/tour.py")
    assert "Success" in said


@generated
@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")
@pytest.mark.skipif(not TYPESCRIPT.exists(), reason="`make sdk` had no npm")
async def test_the_typescript_client_reads_and_is_refused(at: Serving, city: City) -> None:
    assert await tour(at, city, "node", str(TYPESCRIPT)) == EXPECTED
