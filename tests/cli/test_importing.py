"""`yanxun import`: against the application itself, which has the work done beside it."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.cli.importing import ROWS_REFUSED, ImportFailed, run_import
from app.cli.remote import Server, ServerRefused
from app.cli.signing import sign_token
from app.database.embedded import Urls
from app.security.personal_data import load_cipher
from app.settings import Settings
from app.sql import Connection, prepare_connection
from app.tabular import read_rows
from tests.conftest import empty
from tests.make import City, id_number, make_city
from tests.make_imports import PEOPLE_HEAD, csv
from tests.pages.test_pages import origin, settings

__all__ = ["origin", "settings"]


async def _committed(settings: Settings) -> City:
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        cipher = load_cipher(settings.data_folder / "personal_data_keys.json")
        return await make_city(Connection(driver), cipher)
    finally:
        await driver.close()


@pytest.fixture
def committed(settings: Settings, urls: Urls) -> Iterator[City]:
    yield asyncio.run(_committed(settings))
    asyncio.run(empty(urls.owner))


@pytest.fixture
def server(origin: str, settings: Settings, committed: City) -> Iterator[Server]:
    """The server, asked as the administrator of the county."""
    token = asyncio.run(sign_token(settings, committed.county_admin.name))
    with Server(origin, token) as asked:
        yield asked


def test_a_file_is_looked_at_then_entered_and_the_exit_code_tells_of_refused_rows(
    server: Server, committed: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    school = committed.school["name"]
    file = tmp_path / "名册.csv"
    file.write_bytes(
        csv(
            PEOPLE_HEAD, f"张小燕,{id_number()},{school},语文,小学,", f"李明,12,{school},数学,小学,"
        )
    )
    said: dict[str, Any] = {"subject": "people", "unit_id": str(committed.county["id"])}
    code = run_import(server, file, None, apply=False, as_json=True, **said)
    told = json.loads(capsys.readouterr().out)
    assert (code, told["stage"], told["creates"]) == (ROWS_REFUSED, "checked", 1)
    assert [row["number"] for row in told["refused"]] == [3]
    returned = tmp_path / "退回.xlsx"
    code = run_import(
        server, None, told["id"], apply=True, as_json=False, returned=returned, wait=lambda _: None
    )
    [row] = read_rows(returned)
    assert (row.cells["姓名"], row.cells["原文件行号 row"]) == ("李明", "3")
    assert "证件号码长度不正确" in row.cells["核对结果 reason"]
    shown = capsys.readouterr().out
    assert code == ROWS_REFUSED
    assert "已导入 / entered 1" in shown
    assert "证件号码长度不正确" in shown
    with pytest.raises(ServerRefused, match="import_not_applied"):
        server.ask("POST", f"/imports/{_another(server, committed, tmp_path)}/undo")


def test_a_template_is_fetched_and_one_that_is_not_given_leaves_no_file(
    server: Server, tmp_path: Path
) -> None:
    out = tmp_path / "模板.xlsx"
    server.save("/import-templates/people", out)
    assert out.read_bytes().startswith(b"PK")
    with pytest.raises(ServerRefused):
        server.save("/import-templates/pupils", tmp_path / "none.xlsx")
    assert list(tmp_path.glob("*.xlsx*")) == [out]


def _another(server: Server, committed: City, folder: Path) -> str:
    """A file that is no such file: the work on it fails, and the command says why."""
    file = folder / "other.csv"
    file.write_bytes(csv("姓名,学校", "张,某校"))
    said: dict[str, Any] = {"subject": "people", "unit_id": str(committed.county["id"])}
    with pytest.raises(ImportFailed, match="证件号码"):
        run_import(server, file, None, apply=True, as_json=False, **said)
    found = server.ask("GET", "/imports?state=failed")
    return str(found["items"][0]["id"])
