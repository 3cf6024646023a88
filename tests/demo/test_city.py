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
from app.domain.access.roles import Role
from app.domain.credits.verification import verify_ledger
from app.domain.people.identity import IdKind, check_id_number
from app.security.personal_data import AesCipher, load_cipher
from tests.demo.conftest import SMALL, Database, nothing

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


async def generated(cipher: AesCipher) -> list[tuple[str, dict[str, Any]]]:
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


async def test_everybody_has_an_account_and_a_dozen_have_a_password(city: Database) -> None:
    assert await city.count("account") == 3 + len(BUREAUX) + 24 + 480
    secrets = "SELECT name FROM account WHERE secret IS NOT NULL"
    listed = {row["name"] for row in await city.owner.fetch(secrets)}
    assert listed == {account.name for account in city.accounts}
    assert len(listed) == 12
    assert {account.role for account in city.accounts} == {role.value for role in Role}
    kept = city.settings.data_folder / "accounts.json"
    assert json.loads(kept.read_text()) == [vars(account) for account in city.accounts]
    assert kept.stat().st_mode & 0o777 == 0o600


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
