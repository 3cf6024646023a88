"""The generated clients at work against a server, as their users run them; `make sdk` generates them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.cli.serving import listen
from app.conformance import CHECKS, Client, examine
from app.database.pool import Pool
from app.domain.access.roles import Permission, Role
from tests.architecture.source import ROOT
from tests.integrate.conftest import make_application, run
from tests.make import City
from tests.streams import Serving

PYTHON = ROOT / ".venv-sdk" / "bin" / "python"
BUILD = ROOT / "sdk" / "build"
FOUND = {"PYTHONPATH": str(BUILD)}
SCOPES = [Permission.CHANGE_READ, Permission.UNIT_READ, Permission.TEACHER_READ]
TYPESCRIPT = ROOT / "sdk" / "typescript" / "dist"

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


typescript = [
    pytest.mark.skipif(shutil.which("node") is None, reason="there is no node"),
    pytest.mark.skipif(not (TYPESCRIPT / "sync.js").exists(), reason="`make sdk` had no npm"),
]


@pytest.mark.parametrize(
    "program",
    [
        pytest.param([str(PYTHON), "sdk/python/sync.py"], id="python", marks=generated),
        pytest.param(["node", str(TYPESCRIPT / "sync.js")], id="typescript", marks=typescript),
    ],
)
async def test_a_client_passes_the_conformance_kit(
    at: Serving, city: City, real_pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    program: list[str],
) -> None:  # fmt: skip
    """The main flows, with everything going wrong that goes wrong in the world."""
    async with real_pool.transaction() as db:
        known = await make_application(db, city.city, Role.CITY_ADMIN, SCOPES)
    for name, value in (known | FOUND | {"PYTHONUTF8": "1"}).items():
        monkeypatch.setenv(name, value)
    command = [*program, str(tmp_path / "kept.json")]
    monkeypatch.chdir(ROOT)
    client = Client(command, held=[*command, "--keys"])
    with listen("127.0.0.1", 0) as door:
        found = [each async for each in examine(client, f"http://{at.address}", door, CHECKS)]
    assert {
        each.check: (each.outcome.value, each.en) for each in found if each.outcome != "passed"
    } == {}
    assert [each.check for each in found] == list(CHECKS)


@generated
@pytest.mark.parametrize("program", ["tour.py", "sync.py"])
async def test_the_python_clients_are_typed(program: str) -> None:
    # What a user writes with them is checked; what is generated is taken at its word.
    options = ("--strict", "--follow-imports=silent", "--no-incremental")
    said = await run(
        str(PYTHON), "-m", "mypy", *options, f"sdk/python/{program}", **FOUND, MYPYPATH="sdk/python"
    )
    assert "Success" in said


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")
@pytest.mark.skipif(not (TYPESCRIPT / "tour.js").exists(), reason="`make sdk` had no npm")
async def test_the_typescript_client_reads_and_is_refused(at: Serving, city: City) -> None:
    assert await tour(at, city, "node", str(TYPESCRIPT / "tour.js")) == EXPECTED
