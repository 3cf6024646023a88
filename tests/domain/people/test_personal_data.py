import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.access.actors import NotInPerson
from app.domain.access.attempts import TooManyAttempts
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.identity import IdKind
from app.domain.people.optional_data import PhoneBadForm
from app.domain.people.personal_data import (
    FIRST,
    REVEALS_A_DAY,
    LookKind,
    NumberSought,
    PersonalDatum,
    RevealRequest,
    RevealsUsedUp,
    count_seals,
    find_teachers,
    list_looks,
    record_looks,
    reseal_batch,
    reveal_personal_data,
    sealed_columns,
)
from app.domain.people.personal_data.finding import AT_ONCE
from app.domain.people.teachers import TeacherNotFound
from app.request import Resources
from app.security.personal_data import CipherName, SealBroken, load_cipher, rotate
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_city, make_group, make_teacher
from tests.make_personal import PHONE, REASON, make_phone, number_of

ALL = RevealRequest(data=list(PersonalDatum), reason=REASON)


async def reveal(
    db: Connection, person: Person, teacher: Row, resources: Resources, **more: Any
) -> Row:
    given: dict[str, Any] = {"request": ALL, "now": NOW, **more}
    return await reveal_personal_data(
        db, person.actor, teacher_id=teacher["id"], cipher=resources.cipher, **given
    )


async def looks_at(db: Connection, teacher: Row) -> list[Row]:
    rows = await db._driver.fetch(
        "SELECT account_id, kind, data, reason FROM look WHERE teacher_id = $1 ORDER BY id",
        teacher["id"],
    )
    return [dict(row) for row in rows]


async def test_what_is_sealed_is_shown_for_a_reason_and_leaves_a_look(
    db: Connection, city: City, resources: Resources
) -> None:
    await make_phone(db, resources.cipher, city.teacher_account, city.teacher)
    number = await number_of(db, resources.cipher, city.teacher)
    before = db.statements
    shown = await reveal(db, city.school_admin, city.teacher, resources)
    assert db.statements - before == 5, "the door, the lock, the count, the look, what is sealed"
    assert shown == {
        "teacher_id": city.teacher["id"],
        "id_kind": IdKind.RESIDENT_CARD,
        "id_number": number,
        "birth_date": date(1988, 3, 7),
        "phone": PHONE,
        "left_today": REVEALS_A_DAY - 1,
    }
    assert await looks_at(db, city.teacher) == [
        {
            "account_id": city.school_admin.actor.account_id,
            "kind": "revealed",
            "data": ["id_number", "birth_date", "phone"],
            "reason": REASON,
        }
    ]


async def test_no_more_is_shown_than_was_asked_for(
    db: Connection, city: City, resources: Resources
) -> None:
    asked = RevealRequest(data=[PersonalDatum.PHONE, PersonalDatum.PHONE], reason=REASON)
    shown = await reveal(db, city.county_admin, city.teacher, resources, request=asked)
    assert (shown["id_kind"], shown["id_number"], shown["birth_date"]) == (None, None, None)
    assert shown["phone"] is None, "none is kept"
    [look] = await looks_at(db, city.teacher)
    assert look["data"] == ["phone"]


async def test_who_may_see_it_and_who_may_not(
    db: Connection, city: City, resources: Resources
) -> None:
    for person in (city.city_admin, city.county_admin, city.school_admin, city.teacher_account):
        await reveal(db, person, city.teacher, resources)
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    for person in (city.auditor, city.integration):
        with pytest.raises(NotAllowed):
            await reveal(db, person, city.teacher, resources)
    others = (city.sibling_admin, city.other_county_admin, city.colleague_account, leader)
    for person in others:
        with pytest.raises(TeacherNotFound):
            await reveal(db, person, city.teacher, resources)
    assert len(await looks_at(db, city.teacher)) == 4


async def test_no_application_sees_it(db: Connection, city: City, resources: Resources) -> None:
    through = Person(
        actor=type(city.school_admin.actor)(
            account_id=city.school_admin.actor.account_id,
            grants=city.school_admin.actor.grants,
            client_id=city.integration.actor.account_id,
        ),
        name="through",
    )
    with pytest.raises(NotInPerson):
        await reveal(db, through, city.teacher, resources)
    sought = NumberSought.model_validate({"phone": PHONE, "reason": REASON})
    with pytest.raises(NotInPerson):
        await find(db, through, sought, resources)


@pytest.mark.parametrize(
    "wrong", [{"data": []}, {"data": ["id_number"] * 4}, {"reason": "看"}, {"reason": " " * 9}]
)
def test_a_request_says_what_and_why(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RevealRequest.model_validate({"data": ["phone"], "reason": REASON} | wrong)


async def test_so_many_a_day_and_no_more(db: Connection, city: City, resources: Resources) -> None:
    await record_looks(
        db, city.school_admin.actor, teacher_ids=[city.teacher["id"]] * (REVEALS_A_DAY - 1),
        kind=LookKind.REVEALED, data=[PersonalDatum.PHONE], reason=REASON, now=NOW,
    )  # fmt: skip
    await record_looks(
        db, city.school_admin.actor, teacher_ids=[city.teacher["id"]] * 9,
        kind=LookKind.FOUND, data=[PersonalDatum.PHONE], reason=REASON, now=NOW,
    )  # fmt: skip
    last = await reveal(db, city.school_admin, city.teacher, resources)
    assert last["left_today"] == 0
    before = await looks_at(db, city.teacher)
    with pytest.raises(RevealsUsedUp) as refused:
        await reveal(db, city.school_admin, city.teacher, resources)
    # It is ten in the morning; the day ends fourteen hours later.
    assert refused.value.details == {"limit": REVEALS_A_DAY, "retry_after": 14 * 3600 + 1}
    assert await looks_at(db, city.teacher) == before
    tomorrow = NOW + timedelta(hours=14)
    shown = await reveal(db, city.school_admin, city.teacher, resources, now=tomorrow)
    assert shown["left_today"] == REVEALS_A_DAY - 1
    assert (await reveal(db, city.county_admin, city.teacher, resources))["left_today"] > 0


@pytest.fixture
async def made(real_pool: Pool, resources: Resources) -> City:
    async with real_pool.transaction() as db:
        made = await make_city(db, resources.cipher)
        await record_looks(
            db, made.school_admin.actor, teacher_ids=[made.teacher["id"]] * (REVEALS_A_DAY - 1),
            kind=LookKind.REVEALED, data=[PersonalDatum.PHONE], reason=REASON, now=NOW,
        )  # fmt: skip
    return made


async def test_of_many_at_once_as_many_pass_as_are_left(
    made: City, real_pool: Pool, resources: Resources
) -> None:
    async def once() -> bool:
        try:
            async with real_pool.transaction() as db:
                await reveal(db, made.school_admin, made.teacher, resources)
        except RevealsUsedUp:
            return False
        return True

    assert sorted(await asyncio.gather(*(once() for _ in range(8)))) == [False] * 7 + [True]


async def test_people_see_who_looked_and_nobody_else_does(
    db: Connection, city: City, resources: Resources
) -> None:
    await reveal(db, city.school_admin, city.teacher, resources)
    await reveal(db, city.county_admin, city.teacher, resources)
    await reveal(db, city.school_admin, city.colleague, resources)
    page = await list_looks(db, city.teacher_account.actor, page=PageRequest())
    assert [row["account_name"] for row in page.items] == ["county.admin", "school.admin"]
    assert page.items[0] | {"id": None} == {
        "id": None,
        "account_id": city.county_admin.actor.account_id,
        "account_name": "county.admin",
        "kind": "revealed",
        "data": ["id_number", "birth_date", "phone"],
        "reason": REASON,
        "at": NOW,
    }
    for person in (city.school_admin, city.auditor, city.city_admin):
        with pytest.raises(NotAllowed):
            await list_looks(db, person.actor, page=PageRequest())


async def find(
    db: Connection, person: Person, sought: NumberSought, resources: Resources
) -> list[Row]:
    return await find_teachers(db, person.actor, sought=sought, cipher=resources.cipher, now=NOW)


async def test_a_teacher_is_found_by_a_whole_number_within_ones_place(
    db: Connection, city: City, resources: Resources
) -> None:
    await make_phone(db, resources.cipher, city.teacher_account, city.teacher)
    number = await number_of(db, resources.cipher, city.teacher)
    by_number = NumberSought.model_validate({"id_number": f" {number.lower()} ", "reason": REASON})
    by_phone = NumberSought.model_validate({"phone": "+86 138-0013-8000", "reason": REASON})
    for sought in (by_number, by_phone):
        for person in (city.city_admin, city.county_admin, city.school_admin, city.teacher_account):
            [row] = await find(db, person, sought, resources)
            assert (row["id"], row["id_number"]) == (city.teacher["id"], city.teacher["id_number"])
        for person in (city.sibling_admin, city.other_county_admin, city.colleague_account):
            assert await find(db, person, sought, resources) == []
        for person in (city.auditor, city.integration):
            with pytest.raises(NotAllowed):
                await find(db, person, sought, resources)
    looks = await looks_at(db, city.teacher)
    assert [(look["kind"], look["data"]) for look in looks] == [
        *[("found", ["id_number"])] * 4,
        *[("found", ["phone"])] * 4,
    ]


async def test_a_part_of_a_number_finds_nobody(
    db: Connection, city: City, resources: Resources
) -> None:
    number = await number_of(db, resources.cipher, city.teacher)
    for part in (number[:-1], number[1:], f"{number}%", "%", city.teacher["id_number"], "x" * 500):
        sought = NumberSought.model_validate({"id_number": part, "reason": REASON})
        assert await find(db, city.city_admin, sought, resources) == []
    bad = NumberSought.model_validate({"phone": "138", "reason": REASON})
    with pytest.raises(PhoneBadForm):
        await find(db, city.city_admin, bad, resources)


async def test_numbers_are_not_tried_without_end(
    db: Connection, city: City, resources: Resources
) -> None:
    sought = NumberSought.model_validate({"phone": PHONE, "reason": REASON})
    for _ in range(AT_ONCE):
        assert await find(db, city.school_admin, sought, resources) == []
    with pytest.raises(TooManyAttempts):
        await find(db, city.school_admin, sought, resources)
    assert await find(db, city.sibling_admin, sought, resources) == []


@pytest.mark.parametrize("given", [{}, {"id_number": "1", "phone": "1"}])
def test_one_number_is_sought_at_a_time(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        NumberSought.model_validate(given | {"reason": REASON})


def test_what_is_kept_sealed_is_found_in_the_tables() -> None:
    named = {f"{each.table.name}.{each.column.name}" for each in sealed_columns()}
    assert named >= {
        "teacher.id_number_sealed",
        "teacher_phone.phone_sealed",
        "correction.stated_sealed",
        "provider.contact_sealed",
    }


async def test_after_a_rotation_everything_is_sealed_anew_a_batch_at_a_time(
    db: Connection, city: City, resources: Resources, tmp_path: Any
) -> None:
    path = tmp_path / "keys.json"
    cipher = load_cipher(path)
    teachers = [await make_teacher(db, cipher, city.school) for _ in range(5)]
    # What other keys have sealed is none of this test's.
    await db._driver.execute(
        "UPDATE teacher SET id_number_sealed = '\\x02' || substr(id_number_sealed, 2)"
        " WHERE id <> ALL ($1)",
        [teacher["id"] for teacher in teachers],
    )
    versions = await change_versions(db)
    rotate(path, CipherName.SM4_GCM)
    [sealed] = [each for each in sealed_columns() if each.table.name == "teacher"]
    last: UUID | None = FIRST
    rounds = -1
    while last is not None:
        last = await reseal_batch(db, sealed=sealed, after=last, at_most=2, cipher=cipher)
        rounds += 1
    assert rounds == 3
    assert set(await count_seals(db)) == {2}
    for teacher in teachers:
        row = await db._driver.fetchrow("SELECT * FROM teacher WHERE id = $1", teacher["id"])
        context = f"teacher|id_number|{teacher['id']}"
        plain = cipher.open(teacher["id_number_sealed"], context=context)
        assert cipher.open(row["id_number_sealed"], context=context) == plain
        assert row["id_number_sealed"][0] == 2
        assert row["id_number_index"] == teacher["id_number_index"]
    assert await change_versions(db) == versions, "nobody has to hear of it"
    before = db.statements
    again = await reseal_batch(db, sealed=sealed, after=FIRST, at_most=2, cipher=cipher)
    assert (again, db.statements - before) == (None, 1)


async def change_versions(db: Connection) -> list[tuple[Any, ...]]:
    rows = await db._driver.fetch("SELECT id, change_sequence FROM teacher ORDER BY id")
    return [tuple(row) for row in rows]


async def test_a_value_that_does_not_open_stops_the_work_and_nothing_is_lost(
    db: Connection, city: City, tmp_path: Any
) -> None:
    path = tmp_path / "keys.json"
    cipher = load_cipher(path)
    rotate(path, CipherName.AES_256_GCM)
    before = await db._driver.fetch("SELECT id, id_number_sealed FROM teacher ORDER BY id")
    [sealed] = [each for each in sealed_columns() if each.table.name == "teacher"]
    with pytest.raises(SealBroken):
        await reseal_batch(db, sealed=sealed, after=FIRST, at_most=50, cipher=cipher)
    after = await db._driver.fetch("SELECT id, id_number_sealed FROM teacher ORDER BY id")
    assert after == before


async def test_a_number_that_changes_is_a_change_that_is_told(
    db: Connection, city: City, resources: Resources
) -> None:
    versions = await change_versions(db)
    await db._driver.execute(
        "UPDATE teacher SET id_number_sealed = $2, id_number_index = $3 WHERE id = $1",
        city.teacher["id"], b"\1other", b"other",
    )  # fmt: skip
    assert await change_versions(db) != versions
