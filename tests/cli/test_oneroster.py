"""`yanxun import-oneroster`: from the rostering interface of one city, and from a bundle, into another city."""

import asyncio
import csv
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner

from app.cli import commands
from app.cli.importing import ROWS_REFUSED
from app.cli.oneroster import ProviderCredentialsMissing, RosterUnreadable
from app.cli.signing import sign_token
from app.database.embedded import Urls
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import Role
from app.domain.organisation.units import Level
from app.domain.training.groups import GroupDuty, GroupMember
from app.security.personal_data import load_cipher
from app.settings import Settings
from app.sql import Connection, Row, new_id, prepare_connection
from tests.api.exchange.test_rostering import BASE, ROSTER
from tests.conftest import empty
from tests.make import City, id_number, make_account, make_city, make_group, make_unit
from tests.oauth import SECRET, make_client
from tests.oneroster.test_bundle import SUPPLEMENT, bundle
from tests.pages.test_pages import origin, settings

__all__ = ["origin", "settings"]


class Made:
    """A county that shows its roster, and a city that takes it over."""

    city: City
    provider: Row
    other: Row
    administrator: str


async def commit(settings: Settings) -> Made:
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        db, made = Connection(driver), Made()
        made.city = await make_city(
            db, load_cipher(settings.data_folder / "personal_data_keys.json")
        )
        county = made.city.county
        made.provider = await make_client(db, county, scopes=ROSTER)
        grant = {
            "id": new_id(), "account_id": made.provider["id"], "role": Role.INTEGRATION,
            "subject": "unit", "subject_id": county["id"], "valid_from": date(2020, 9, 1),
        }  # fmt: skip
        await db.insert(RoleGrant, grant)
        group = await make_group(db, made.city.school)
        head = {
            "id": new_id(), "group_id": group["id"], "teacher_id": made.city.teacher["id"],
            "duty": GroupDuty.HEAD, "valid_from": date(2020, 9, 1),
        }  # fmt: skip
        await db.insert(GroupMember, head)
        made.other = await make_unit(db, "乙市教育局", Level.CITY)
        made.administrator = (await make_account(db, "taker", Role.CITY_ADMIN, made.other)).name
        return made
    finally:
        await driver.close()


async def count(settings: Settings, query: str, *values: Any) -> Any:
    driver = await asyncpg.connect(settings.database_url)
    try:
        return await driver.fetchval(query, *values)
    finally:
        await driver.close()


@pytest.fixture
def made(settings: Settings, urls: Urls) -> Iterator[Made]:
    yield asyncio.run(commit(settings))
    asyncio.run(empty(urls.owner))


@pytest.fixture
def run(origin: str, settings: Settings, made: Made) -> Callable[..., tuple[int, list[Any]]]:
    """Run the command as the administrator of the other city; its exit code, and what it told."""
    known = {
        "YANXUN_TOKEN": asyncio.run(sign_token(settings, made.administrator)),
        "YANXUN_ONEROSTER_CLIENT_ID": made.provider["name"],
        "YANXUN_ONEROSTER_CLIENT_SECRET": SECRET,
    }

    def run(*words: str, **more: str) -> tuple[int, list[Any]]:
        said = ["import-oneroster", "--unit", str(made.other["id"]), "--url", origin, "--json"]
        result = CliRunner().invoke(
            commands, [*said, *words], env=known | more, catch_exceptions=False
        )
        return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]

    return run


def supplement(made: Made, file: Path) -> Path:
    """What the roster of the county does not tell: numbers of people, stages of schools."""
    city = made.city
    with file.open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["sourcedId", "证件号码", "任教学科", "任教学段", "学段"])
        for teacher in (city.teacher, city.colleague, city.sibling_teacher):
            rows.writerow([teacher["id"], id_number(), "语文", "小学", ""])
        for school in (city.school, city.sibling):
            rows.writerow([school["id"], "", "", "", "小学"])
    return file


def test_the_roster_of_a_county_is_pulled_and_entered_once(
    run: Callable[..., tuple[int, list[Any]]], made: Made, origin: str, settings: Settings,
    tmp_path: Path,
) -> None:  # fmt: skip
    table = supplement(made, tmp_path / "supplement.csv")
    words = ["--provider", f"{origin}{BASE}", "--supplement", str(table)]
    code, told = run(*words, "--kind", "units")
    assert code == 0, told[0]["refused"]
    assert [(each["stage"], each["creates"]) for each in told] == [("checked", 3)]
    in_other = "SELECT count(*) FROM {} WHERE city_id = $1"
    assert asyncio.run(count(settings, in_other.format("teacher"), made.other["id"])) == 0
    code, told = run(*words, "--apply")
    assert code == 0, told
    assert [(each["subject"], each["applied"]) for each in told] == [
        ("units", 3), ("people", 3), ("groups", 1),
    ]  # fmt: skip
    assert asyncio.run(count(settings, in_other.format("teacher"), made.other["id"])) == 3
    head = (
        "SELECT t.name FROM group_member m JOIN research_group g ON g.id = group_id"
        " JOIN teacher t ON t.id = teacher_id WHERE g.city_id = $1 AND duty = 'head'"
    )
    name = asyncio.run(count(settings, head, made.other["id"]))
    assert name == made.city.teacher["name"]
    code, told = run(*words, "--apply")
    assert code == 0
    assert asyncio.run(count(settings, in_other.format("teacher"), made.other["id"])) == 3


def test_a_bundle_is_looked_at_and_says_what_would_be_refused(
    run: Callable[..., tuple[int, list[Any]]], settings: Settings, made: Made, tmp_path: Path
) -> None:
    file = bundle(tmp_path)
    told = tmp_path / "supplement.jsonl"
    told.write_text(
        "".join(json.dumps({"sourcedId": key} | SUPPLEMENT[key]) + "\n" for key in SUPPLEMENT)
    )
    words = [str(file), "--root", "l1", "--document", "居民身份证", "--supplement", str(told)]
    code, found = run(*words)
    assert code == ROWS_REFUSED, "the schools are not there yet"
    assert (found[0]["subject"], found[0]["creates"]) == ("units", 3), found[0]["refused"]
    with pytest.raises(RosterUnreadable, match="no organisation"):
        run(*words[:1], "--root", "nobody")


def test_a_wrong_use_and_wrong_credentials_are_told(
    run: Callable[..., tuple[int, list[Any]]], origin: str
) -> None:
    assert run()[0] == 2
    assert run("--provider", origin, "--kind", "nonsense")[0] == 2
    with pytest.raises(ProviderCredentialsMissing):
        run("--provider", f"{origin}{BASE}", YANXUN_ONEROSTER_CLIENT_ID="")
    with pytest.raises(RosterUnreadable, match="refused the request"):
        run("--provider", f"{origin}{BASE}", YANXUN_ONEROSTER_CLIENT_SECRET="wrong")
    with pytest.raises(RosterUnreadable, match="https"):
        run("--provider", "http://provider.example/ims/oneroster/rostering/v1p2")
    with pytest.raises(RosterUnreadable):
        run("--provider", f"{origin}/nowhere")
