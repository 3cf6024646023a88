"""The demo city: the same each time, and as right as if it had been lived."""

import json
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from app.database.pool import Pool
from app.demo.city import generate
from app.demo.keys import Keys
from app.demo.loading import load_demo
from app.demo.places import BUREAUX, apportion
from app.demo.rows import Rows
from app.demo.scales import DEMO
from app.demo.schools import MERGED_ON
from app.domain.access.roles import Permission, Role
from app.domain.access.sign_in import actor_of_account, find_account
from app.domain.credits.verification import verify_ledger
from app.domain.people.identity import IdKind, check_id_number
from app.security.personal_data import SealingCipher, load_cipher
from tests.demo.conftest import SMALL, Database, nothing
from tests.make import NOW

RANDOM = {"secret", "id_number_sealed", "id_number_index"}
"""What differs each time, and must: passwords, nonces, and what depends on a deployment's keys."""


class Recorded(Rows):
    """Keeps every row that was added."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, Any]]] = []

    def add(self, table: type[Any], **values: Any) -> None:
        kept = {name: value for name, value in values.items() if name not in RANDOM}
        self.all.append((table.__name__, kept))


async def generated(cipher: SealingCipher) -> list[tuple[str, dict[str, Any]]]:
    rows, numbers = Recorded(), count(1)

    async def draw(number: int) -> list[int]:
        return [next(numbers) for _ in range(number)]

    async for _ in generate(rows, [], scale=SMALL, cipher=cipher, draw_versions=draw):
        pass
    return rows.all


async def test_it_is_the_same_each_time(tmp_path: Path) -> None:
    first = await generated(load_cipher(tmp_path / "one.json"))
    second = await generated(load_cipher(tmp_path / "two.json"))
    assert len(first) > 2000
    assert first == second


async def test_the_bureaux_are_those_of_the_document(city: Database) -> None:
    rows = await city.owner.fetch(
        "SELECT u.name, c.code FROM unit u LEFT JOIN unit_code c ON c.unit_id = u.id"
        " WHERE level = 'county' ORDER BY c.code NULLS LAST, u.id"
    )
    assert [row["code"] for row in rows] == [
        "430602", "430603", "430611", "430621", "430623", "430624", "430626", "430681", "430682",
        None, None, None,
    ]  # fmt: skip
    assert [row["name"] for row in rows[9:]] == [
        "岳阳经济技术开发区教文局",
        "南湖风景区教育局",
        "屈原管理区教体局",
    ]
    direct = "SELECT count(*) FROM unit WHERE level = 'school' AND county_id = city_id"
    assert await city.owner.fetchval(direct) > 0


async def test_schools_have_titles_people_in_charge_and_a_place(city: Database) -> None:
    counts = await city.owner.fetch(
        "SELECT kind, level, count(*) FROM designation GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert [tuple(row) for row in counts] == [
        ("demonstration_base", "city", 1), ("experimental", "city", 4),
        ("experimental", "county", 8),
    ]  # fmt: skip
    assert await city.count("responsibility") == 2 * 24
    places = await city.owner.fetch(
        "SELECT DISTINCT location FROM unit WHERE level = 'school' ORDER BY 1"
    )
    assert [row["location"] for row in places] == ["rural", "town", "urban"]
    merged = await city.owner.fetchrow(
        "SELECT unit.closed_on, kind FROM reorganisation JOIN unit ON unit.id = unit_id"
    )
    assert merged is not None
    assert tuple(merged) == (MERGED_ON, "merger")


async def test_ledger_chains_standings_and_sums_are_right(city: Database) -> None:
    pool = await Pool.open(
        str(city.settings.database_url), size=1, patience=5, statement_timeout=30
    )
    try:
        async with pool.transaction(read_only=True) as db:
            verified = await verify_ledger(db)
    finally:
        await pool.close()
    assert verified.finding is None
    assert verified.people == 480
    assert verified.entries == await city.count("credit_entry") > 2400


async def test_careers_are_whole(city: Database) -> None:
    """Everybody is employed somehow, in some state, with some education; every school is led."""
    for table in ("employment", "teacher_establishment", "teacher_rank"):
        assert await city.count(f"{table} WHERE valid_to IS NULL") == 480
    assert await city.count("teacher_state WHERE valid_to IS NULL") == 480
    assert await city.count("teacher_post WHERE post = 'principal'") == 24
    assert await city.count("growth_target") == 3
    for table in ("teacher_honour", "growth_result", "service_place", "teacher_registration"):
        assert await city.count(table) > 0
    assert await city.count("teacher_education") >= 480


async def test_one_school_has_a_timetable(city: Database) -> None:
    assert await city.count("term") == await city.count("timetable") == 1
    teachers = await city.count("(SELECT DISTINCT teacher_id FROM lesson) t")
    assert await city.count("lesson") == 10 * teachers > 0


async def test_the_cap_of_article_25_cuts_something(city: Database) -> None:
    # Six school activities of 24 hours each exceed the 120 credits of five years.
    cut = "SELECT count(*) FROM standing WHERE counted_credits < earned_credits"
    assert await city.owner.fetchval(cut) > 240
    most = """
        SELECT max(credits) FROM (
            SELECT sum(credits) AS credits FROM credit_entry WHERE level = 'school'
            GROUP BY teacher_id) AS of_each
    """
    assert await city.owner.fetchval(most) == 144


async def test_nobody_exists(city: Database) -> None:
    rows = await city.owner.fetch("SELECT id, name, id_number_sealed, birth_date FROM teacher")
    assert len(rows) == 480
    for row in rows:
        number = city.cipher.open(row["id_number_sealed"], context=f"teacher|id_number|{row['id']}")
        kept = check_id_number(IdKind.RESIDENT_CARD, number, today=date(2026, 1, 1))
        assert kept.startswith("100000")
        assert f"{row['birth_date']:%Y%m%d}" == kept[6:14]
        assert "测试" in row["name"]


async def test_everybody_has_an_account_and_every_role_a_password(city: Database) -> None:
    assert await city.count("account") == 7 + len(BUREAUX) + 24 + 480
    secrets = "SELECT name FROM account WHERE secret IS NOT NULL"
    listed = {row["name"] for row in await city.owner.fetch(secrets)}
    assert listed == {account.name for account in city.accounts}
    assert len(listed) == 16
    assert {account.role for account in city.accounts} == {role.value for role in Role} - {
        Role.PROVINCE
    }
    # The province comes with `yanxun province admit`.
    kept = city.settings.data_folder / "accounts.json"
    assert json.loads(kept.read_text()) == [vars(account) for account in city.accounts]
    assert kept.stat().st_mode & 0o777 == 0o600


async def test_what_lies_beside_the_tree_can_be_tried(city: Database) -> None:
    """Whoever coordinates or advises reaches exactly the schools that 平江县 named."""
    pool = await Pool.open(
        str(city.settings.database_url), size=1, patience=5, statement_timeout=30
    )
    schools = {"area.coordinator": 3, "school.adviser": 2, "research.officer": 0}
    try:
        async with pool.transaction(read_only=True) as db:
            for name, number in schools.items():
                account = await find_account(db, name=name)
                assert account is not None
                actor = await actor_of_account(db, account=account, now=NOW)
                reached = actor.scope(Permission.TEACHER_READ).values
                assert len(reached.get("school_id", ())) == number, name
                assert len(reached.get("county_id", ())) == (number == 0), name
    finally:
        await pool.close()
    for table, number in (
        ("department", 2), ("network", 2), ("network_member", 6), ("assignment_target", 2),
        ("activity WHERE organiser_network_id IS NOT NULL", 1),
        ("plan WHERE state = 'published'", 2), ("plan_item", 3), ("plan_version", 3),
    ):  # fmt: skip
        assert await city.count(table) == number, table


async def test_a_second_load_changes_nothing(city: Database) -> None:
    before = (city.settings.data_folder / "accounts.json").read_text()
    again = await load_demo(city.settings, DEMO, cipher=city.cipher, advance=nothing)
    assert again == []
    assert await city.count("teacher") == 480
    assert (city.settings.data_folder / "accounts.json").read_text() == before


def test_keys_are_of_version_seven_and_in_order() -> None:
    keys, others = Keys(), Keys()
    made = [keys() for _ in range(5000)]
    assert made == sorted(set(made))
    assert {key.version for key in made} == {7}
    assert {key.variant for key in made} == {"specified in RFC 4122"}
    assert made == [others() for _ in range(5000)]


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        (10, [1, 1], [5, 5]),
        (10, [1, 1, 1], [4, 3, 3]),
        (3, [5, 3, 2], [1, 1, 1]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_a_total_is_apportioned_whole(total: int, shares: list[int], parts: list[int]) -> None:
    assert apportion(total, shares) == parts
