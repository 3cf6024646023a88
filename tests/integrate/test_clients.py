"""The generated clients at work against a server, as their users run them; `make sdk` generates them."""

import json
import shutil
from typing import Any

import pytest

from tests.architecture.source import ROOT
from tests.integrate.conftest import run
from tests.make import City
from tests.streams import Serving

PYTHON = ROOT / ".venv-sdk" / "bin" / "python"
BUILD = ROOT / "sdk" / "build"
FOUND = {"PYTHONPATH": str(BUILD)}
TYPESCRIPT = ROOT / "sdk" / "typescript" / "dist" / "tour.js"

generated = pytest.mark.skipif(
    not (BUILD / "yanxun_graphql").exists(), reason="`make sdk` generates the clients"
)


async def tour(at: Serving, city: City, *command: str) -> dict[str, Any]:
    """What the tour of one client found, as the administrator of the school."""
    token = at.token(city.school_admin.actor)
    found: dict[str, Any] = json.loads(await run(*command, f"http://{at.address}", token, **FOUND))
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
    said = await run(str(PYTHON), "-m", "mypy", *options, "sdk/python/tour.py", **FOUND)
    assert "Success" in said


@generated
@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")
@pytest.mark.skipif(not TYPESCRIPT.exists(), reason="`make sdk` had no npm")
async def test_the_typescript_client_reads_and_is_refused(at: Serving, city: City) -> None:
    assert await tour(at, city, "node", str(TYPESCRIPT)) == EXPECTED
