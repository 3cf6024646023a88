"""`yanxun packs publish`, `list --as` and `show`: exit codes, what is told, and what is then in force."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli import sheets
from app.cli.packs import list_packs
from app.cli.personal_data import keys_file
from app.cli.publishing import list_published, publish, show
from app.database.embedded import Urls
from app.domain.credits.packs import PackDocument
from app.domain.credits.packs.published import RulePackNotFound
from app.domain.paging import LARGEST_PAGE
from app.security.personal_data import load_cipher
from app.settings import get_settings
from app.sql import Connection
from tests.cli.test_personal_data import on_database
from tests.conftest import empty
from tests.domain.credits.histories import TITLE, stated
from tests.domain.credits.making import make_pack, open_ended
from tests.make import City, make_city


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, urls: Urls) -> Iterator[City]:
    monkeypatch.setenv("YANXUN_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", urls.application)
    get_settings.cache_clear()

    async def make(db: Connection) -> City:
        return await make_city(db, load_cipher(keys_file(get_settings())))

    yield on_database(urls, make)
    get_settings.cache_clear()
    asyncio.run(empty(urls.owner))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pack.json"
    path.write_text(open_ended().model_dump_json(exclude_defaults=True), "utf-8")
    return path


def outcome(file: Path, account: str, unit: Any = None, *, as_json: bool = True) -> int:
    try:
        publish(file, account, unit, as_json=as_json)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def numbers() -> dict[str, Any]:
    """A county's numbers, as a document."""
    return {
        "id": "jia-county", "version": 1, "title": TITLE, "issuer": "甲县教育局",
        "refines": {"id": "yueyang-demo-2026", "version": 1},
        "effective_from": stated("2026-09-01"),
        "numbers": [{"number": "caps.county-each-year.maximum", "value": stated("30.00")}],
    }  # fmt: skip


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_pack_and_a_county_s_numbers_are_put_in_force(
    urls: Urls, city: City, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(file, city.city_admin.name) == 0
    made = told(capsys)["published"]
    assert (made["pack_id"], made["unit_id"]) == ("yueyang-demo-2026", str(city.city["id"]))
    assert outcome(file, city.city_admin.name) == 3
    assert told(capsys)["refused"]["code"] == "rule_pack_exists"
    file.write_text(json.dumps(numbers()), "utf-8")
    assert outcome(file, city.county_admin.name, as_json=False) == 0
    assert "jia-county@1" in capsys.readouterr().out
    list_published(city.teacher_account.name, as_json=True)
    assert [row["pack_id"] for row in told(capsys)] == ["yueyang-demo-2026", "jia-county"]
    list_published(city.teacher_account.name, as_json=False)
    assert len(capsys.readouterr().out.splitlines()) == 2
    show("jia-county@1", city.county_admin.name)
    assert told(capsys)["numbers"][0]["value"]["value"] == "30.00"

    async def acts(db: Connection) -> list[tuple[str, Any]]:
        rows = await db._driver.fetch("SELECT operation, account_id FROM audit_act ORDER BY id")
        return [tuple(row) for row in rows]

    assert on_database(urls, acts) == [
        ("publish_pack", city.city_admin.actor.account_id),
        ("refine_pack", city.county_admin.actor.account_id),
    ]


def test_a_city_publishes_a_county_s_numbers_for_it_where_it_names_it(
    city: City, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without its name it would be for the city itself, which refines nothing."""
    assert outcome(file, city.city_admin.name, city.city["id"]) == 0
    file.write_text(json.dumps(numbers()), "utf-8")
    assert outcome(file, city.city_admin.name, city.county["id"]) == 0
    capsys.readouterr()
    list_published(city.county_admin.name, as_json=True)
    assert [row["unit_id"] for row in told(capsys)] == [
        str(city.city["id"]), str(city.county["id"]),
    ]  # fmt: skip
    assert outcome(file, city.county_admin.name, city.other_county["id"]) == 3
    assert told(capsys)["refused"]["code"] == "unit_not_found"


def test_more_than_one_page_is_listed_and_looked_through(
    urls: Urls, city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    async def publish_many(db: Connection) -> None:
        content = open_ended().model_dump(mode="json", exclude_defaults=True)
        for version in range(1, LARGEST_PAGE + 3):
            row = content | {"version": version}
            await make_pack(db, city.city, PackDocument.model_validate(row))

    on_database(urls, publish_many)
    list_published(city.city_admin.name, as_json=True)
    assert len(told(capsys)) == LARGEST_PAGE + 2
    show("yueyang-demo-2026", city.city_admin.name)
    assert told(capsys)["version"] == LARGEST_PAGE + 2


def test_what_is_wrong_unreadable_or_not_allowed_publishes_nothing(
    city: City, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(file, city.school_admin.name) == 3
    assert told(capsys)["refused"]["code"] == "not_allowed"
    assert outcome(file, "nobody") == 3
    assert told(capsys)["refused"]["code"] == "account_not_found"
    assert outcome(file, city.school_admin.name, as_json=False) == 3
    content = json.loads(file.read_text("utf-8"))
    content["caps"][0]["maximum"]["value"] = "-1.00"
    file.write_text(json.dumps(content), "utf-8")
    capsys.readouterr()
    assert outcome(file, city.city_admin.name) == 1
    assert told(capsys)["problems"][0]["code"] == "below_zero"
    assert outcome(file / "nothing", city.city_admin.name) == 2
    capsys.readouterr()
    list_published(city.city_admin.name, as_json=True)
    assert told(capsys) == []
    with pytest.raises(RulePackNotFound):
        show("moon", city.city_admin.name)


def test_what_is_shipped_is_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    list_packs(as_json=True)
    assert "zhejiang-local-2011" in {pack["id"] for pack in told(capsys)}
    show("zhejiang-local-2011", None)
    assert told(capsys)["version"] == 1
    with pytest.raises(RulePackNotFound):
        show("zhejiang-local-2011@2", None)


def test_a_shipped_sheet_is_listed_shown_and_published(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    code = "yueyang_2013_school"
    sheets.list_sheets()
    assert code in capsys.readouterr().out
    sheets.show(code)
    assert len(told(capsys)["indicators"]) == 17
    sheets.publish(code, city.county_admin.name, None)
    assert f"{code}@1" in capsys.readouterr().out
    refused: list[Callable[[], None]] = [
        lambda: sheets.publish(code, city.county_admin.name, None),
        lambda: sheets.publish("nobody_wrote_it", city.county_admin.name, city.county["id"]),
        lambda: sheets.publish(code, city.teacher_account.name, city.county["id"]),
        lambda: sheets.show("nobody_wrote_it"),
    ]
    for act in refused:
        with pytest.raises(SystemExit) as ended:
            act()
        assert ended.value.code == 3
