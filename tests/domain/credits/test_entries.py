"""The ledger: nobody changes it, and it follows the person."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.database.embedded import Urls
from app.domain.access.doors import CURSORS
from app.domain.credits.entries import (
    CreditEntryView,
    EntryNotFound,
    entries_of,
    get_entry,
    list_credit_entries,
    list_entries,
)
from app.domain.credits.entries.chain import HASHED, Head, canonical_form, chained
from app.domain.credits.packs.parts import EntryKind
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.errors import NotAllowed
from app.domain.paging import BadCursor, Page, PageRequest, UnknownSort
from app.domain.people.teachers import TeacherNotFound
from app.request import Resources
from app.sql import Connection, Row, prepare_connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import NOW, City, Person, make_city

CHANGES = [
    "UPDATE credit_entry SET credits = 0",
    "DELETE FROM credit_entry",
    "TRUNCATE credit_entry",
]


@pytest.mark.parametrize("change", [*CHANGES, "UPDATE school_credit SET met = 0"])
async def test_the_application_cannot_change_the_ledger(
    db: Connection, driver: asyncpg.Connection, city: City, change: str
) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        async with driver.transaction():
            await driver.execute(change)
    assert await driver.fetchval("SELECT sum(credits) FROM credit_entry") == Decimal(10)


@pytest.mark.parametrize("change", CHANGES)
async def test_nor_can_its_owner(urls: Urls, change: str) -> None:
    owner = await asyncpg.connect(urls.owner)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await owner.execute(f"{change} CASCADE" if "TRUNCATE" in change else change)
    finally:
        await owner.close()


def made(**given: object) -> Row:
    entry: Row = dict.fromkeys(HASHED)
    entry |= {
        "id": UUID(int=1),
        "teacher_id": UUID(int=2),
        "kind": EntryKind.EARN,
        "earned_on": date(2026, 3, 10),
        "recorded_at": NOW,
        "hours": Decimal("2.50"),
        "credits": Decimal("2.50"),
        "content": ["ethics"],
    }
    return entry | given


def test_the_canonical_form_is_what_the_document_says() -> None:
    form = canonical_form(made(sequence=1))
    assert form.startswith(b'["00000000-0000-0000-0000-000000000001",null,"00000000-')
    for part in (b'"earn"', b'"2026-03-10"', b'"2026-11-20T02:00:00Z"', b'"2.50"', b'["ethics"]'):
        assert part in form
    elsewhere = NOW.astimezone(tz=datetime.now(UTC).astimezone().tzinfo) + timedelta()
    assert canonical_form(made(sequence=1, recorded_at=elsewhere)) == form


def test_each_entry_is_linked_to_the_one_before() -> None:
    heads: dict[UUID, Head] = {}
    first, second = chained([made(), made(id=UUID(int=3))], heads)
    assert (first["sequence"], first["previous_hash"]) == (1, bytes(32))
    assert first["hash"] == sha256(bytes(32) + canonical_form(first)).digest()
    assert (second["sequence"], second["previous_hash"]) == (2, first["hash"])
    assert heads == {UUID(int=2): Head(2, second["hash"])}


@pytest.mark.parametrize("written", ["8", "8.0", "0.8E+1", "8.00"])
def test_an_amount_has_one_hash_however_it_is_written(written: str) -> None:
    amounts = {"hours": Decimal(written), "credits": Decimal("-0")}
    [entry] = chained([made(**amounts)], {})
    kept = made(sequence=1, hours=Decimal("8.00"), credits=Decimal("0.00"))
    assert entry["hash"] == sha256(bytes(32) + canonical_form(kept)).digest()
    assert (str(entry["hours"]), str(entry["credits"])) == ("8.00", "0.00")
    [other] = chained([made(hours=Decimal("-0"), credits=Decimal(written))], {})
    assert (str(other["hours"]), str(other["credits"])) == ("0.00", "8.00")


async def test_who_may_see_an_entry(db: Connection, driver: asyncpg.Connection, city: City) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    entry_id = await driver.fetchval("SELECT id FROM credit_entry")
    for person in (city.teacher_account, city.school_admin, city.city_admin, city.auditor):
        row = await get_entry(db, person.actor, entry_id=entry_id)
        assert (row["credits"], row["reversed_by_id"]) == (Decimal("10.00"), None)
    for person in (city.colleague_account, city.sibling_admin, city.other_county_admin):
        with pytest.raises(EntryNotFound):
            await get_entry(db, person.actor, entry_id=entry_id)
        with pytest.raises((TeacherNotFound, NotAllowed)):
            await list_entries(db, person.actor, teacher_id=city.teacher["id"], page=PageRequest())


async def test_a_ledger_as_it_was_on_a_day(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    by, teacher_id = city.county_admin, city.teacher["id"]
    for day in (date(2026, 3, 10), date(2026, 5, 10)):
        await make_recognised(db, city.school, by, [city.teacher], on=day)
    first = await driver.fetchval("SELECT id FROM credit_entry WHERE sequence = 1")
    later = NOW + timedelta(days=2)
    await reverse_entry(db, by.actor, entry_id=first, new=NewReversal(reason="登记有误"), now=later)

    async def listed(**cut: date) -> list[Row]:
        page = await list_entries(
            db, by.actor, teacher_id=teacher_id, page=PageRequest(sort="-sequence"), **cut
        )
        return [*page.items]

    async def sequences(**cut: date) -> list[int]:
        return [row["sequence"] for row in await listed(**cut)]

    reversal = await driver.fetchval("SELECT id FROM credit_entry WHERE sequence = 3")
    days = ((None, reversal), (date(2026, 11, 21), None), (later.date(), reversal))
    for known_on, reversed_by in days:
        row = (await listed(**({"known_on": known_on} if known_on else {})))[-1]
        assert (row["id"], row["reversed_by_id"]) == (first, reversed_by)
    assert await sequences() == [3, 2, 1]
    assert await sequences(as_of=date(2026, 4, 1)) == [3, 1]
    assert await sequences(known_on=date(2026, 11, 21)) == [2, 1]
    assert await sequences(known_on=date(2026, 11, 19)) == []


async def test_the_latest_entries_of_many_are_one_statement(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    for _ in range(3):
        await make_recognised(
            db, city.county, city.county_admin, [city.teacher, city.sibling_teacher]
        )
    ids = [city.teacher["id"], city.sibling_teacher["id"], city.colleague["id"]]
    before = db.statements
    found = await entries_of(db, city.county_admin.actor, teacher_ids=ids, page=PageRequest(2))
    assert db.statements - before == 1
    assert [[row["sequence"] for row in found[each].items] for each in ids] == [[3, 2], [3, 2], []]
    assert [found[each].more for each in ids] == [True, True, False]
    own = await entries_of(
        db, city.teacher_account.actor, teacher_ids=ids, page=PageRequest(sort="sequence")
    )
    assert [[row["sequence"] for row in own[each].items] for each in ids] == [[1, 2, 3], [], []]


async def test_the_next_page_of_many_begins_after_one_cursor(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    people = [city.teacher, city.sibling_teacher]
    for _ in range(3):
        await make_recognised(db, city.county, city.county_admin, people)
    await make_recognised(db, city.county, city.county_admin, [city.sibling_teacher])
    ids = [each["id"] for each in people]
    actor = city.county_admin.actor
    first = await entries_of(db, actor, teacher_ids=ids, page=PageRequest(1))
    cursor = first[city.sibling_teacher["id"]].next
    before = db.statements
    after = await entries_of(db, actor, teacher_ids=ids, page=PageRequest(2, cursor))
    assert [[row["sequence"] for row in after[each].items] for each in ids] == [[3, 2], [3, 2]]
    totals = [after[each].total for each in ids]
    assert None not in totals
    count = {total.count for total in totals if total}
    assert len(count) == 1, "all owners are counted together"
    assert await count.pop()(db, ids) == dict(zip(ids, (3, 4), strict=True))
    assert db.statements - before == 2
    with pytest.raises(BadCursor):
        await entries_of(db, actor, teacher_ids=ids, page=PageRequest(cursor="nothing"))
    with pytest.raises(UnknownSort):
        await entries_of(db, actor, teacher_ids=ids, page=PageRequest(sort="credits"))
    nowhere = await entries_of(
        db, city.other_county_admin.actor, teacher_ids=ids, page=PageRequest()
    )
    for each in ids:
        total = nowhere[each].total
        assert nowhere[each].items == []
        assert total is not None
        assert await total.count(db, [each]) == {each: 0}


async def test_a_page_without_cursors_reads_what_is_wanted_alone(
    db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    for _ in range(3):
        await make_recognised(db, city.county, city.county_admin, [city.teacher])

    async def read(*columns: str) -> Page:
        found = await entries_of(
            db,
            city.county_admin.actor,
            teacher_ids=[city.teacher["id"]],
            page=PageRequest(2),
            columns=frozenset(columns),
        )
        return found[city.teacher["id"]]

    shown = CreditEntryView.model_fields.keys()
    bare = await read("credits")
    assert [dict(row).keys() & shown for row in bare.items] == [{"credits"}] * 2
    assert (bare.keys, bare.more) == ([], False)
    placed = await read("credits", CURSORS)
    assert [dict(row).keys() & shown for row in placed.items] == [{"credits"}] * 2
    assert (len(placed.keys), placed.more) == (2, True)


async def test_an_entry_follows_the_person_to_another_school(
    urls: Urls, resources: Resources
) -> None:
    """A transfer moves the standing between the sums of two schools, and touches no entry."""
    owner = await asyncpg.connect(urls.owner)
    moved = owner.transaction()
    await moved.start()
    try:
        await prepare_connection(owner)
        db = Connection(owner)
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city)
        await make_recognised(db, city.school, city.county_admin, [city.teacher, city.colleague])
        await owner.execute(
            "UPDATE teacher SET school_id = $1, county_id = $2 WHERE id = $3",
            city.far_school["id"], city.other_county["id"], city.teacher["id"],
        )  # fmt: skip
        sums = await owner.fetch(
            "SELECT school_id, teachers, entries, earned_credits, met FROM school_credit"
        )
        assert {tuple(row) for row in sums} == {
            (city.school["id"], 1, 1, Decimal(10), 0),
            (city.far_school["id"], 1, 1, Decimal(10), 0),
        }
        entry = await owner.fetchrow(
            "SELECT id, awarded_school_id FROM credit_entry WHERE teacher_id = $1",
            city.teacher["id"],
        )
        assert entry is not None
        assert entry["awarded_school_id"] == city.school["id"]
        seen = await get_entry(db, city.other_county_admin.actor, entry_id=entry["id"])
        assert seen["sequence"] == 1
        with pytest.raises(EntryNotFound):
            await get_entry(db, city.county_admin.actor, entry_id=entry["id"])
    finally:
        await moved.rollback()
        await owner.close()


async def test_the_ledgers_of_all_are_read_in_the_order_of_recording(
    db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    for day in (date(2026, 3, 10), date(2026, 5, 10)):
        people = [city.teacher, city.sibling_teacher]
        await make_recognised(db, city.county, city.county_admin, people, on=day)
    actor, cursor = city.county_admin.actor, None
    seen: list[Row] = []
    for _ in range(2):
        before = db.statements
        page = await list_credit_entries(db, actor, page=PageRequest(3, cursor))
        assert db.statements - before == 1
        seen, cursor = seen + page.items, page.next
    assert cursor is None
    assert [row["id"] for row in seen] == sorted(row["id"] for row in seen)
    assert [row["sequence"] for row in seen] == [1, 1, 2, 2]

    async def found(person: Person, **filters: Any) -> int:
        return len(
            (await list_credit_entries(db, person.actor, page=PageRequest(), **filters)).items
        )

    for person, number in (
        (city.city_admin, 4), (city.school_admin, 2), (city.teacher_account, 2),
        (city.colleague_account, 0), (city.other_county_admin, 0),
    ):  # fmt: skip
        assert await found(person) == number, person.name
    whole = city.city_admin
    assert await found(whole, earned_from=date(2026, 3, 11)) == 2
    assert await found(whole, earned_from=date(2026, 3, 10), earned_until=date(2026, 3, 10)) == 2
    assert await found(whole, kind=EntryKind.REVERSE) == 0
    assert await found(whole, source_kind="activity", kind=EntryKind.EARN) == 4
    assert await found(whole, recorded_from=date(9999, 12, 31)) == 0
    assert await found(whole, recorded_from=date(1, 1, 1)) == 4
    with pytest.raises(UnknownSort):
        await list_credit_entries(db, actor, page=PageRequest(sort="earned_on"))
