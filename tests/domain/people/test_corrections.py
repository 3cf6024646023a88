import asyncio
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.corrections import (
    CorrectedField,
    CorrectionDecided,
    CorrectionNotFound,
    CorrectionOfOneself,
    CorrectionOpen,
    CorrectionOpinion,
    CorrectionState,
    IdKindUnfit,
    NewCorrection,
    StatedValueUnfit,
    TeacherCorrection,
    correct_teacher,
    decline_correction,
    get_correction,
    grant_correction,
    list_corrections,
    request_correction,
    withdraw_correction,
)
from app.domain.people.facts.fact import FactBeforeBirth
from app.domain.people.identity import BadCheckDigit, BadDate, IdKind
from app.domain.people.teachers import (
    BirthDateImpossible,
    Subject,
    TeacherExists,
    TeacherNotFound,
    get_teacher,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, id_number, make_city
from tests.make_personal import number_of

YES = CorrectionOpinion(opinion="经核实，同意更正。")


async def ask(
    db: Connection, person: Person, resources: Resources, field: str = "name", **more: Any
) -> Row:
    given = {"field": field, "stated": "测试更名", "reason": "登记有误"} | more
    new = NewCorrection.model_validate(given)
    return await request_correction(db, person.actor, new=new, cipher=resources.cipher, now=NOW)


async def grant(db: Connection, person: Person, asked: Row, resources: Resources) -> Row:
    return await grant_correction(
        db, person.actor, correction_id=asked["id"], decision=YES, cipher=resources.cipher, now=NOW
    )  # fmt: skip


async def kept(db: Connection, teacher: Row) -> Row:
    return dict(await db._driver.fetchrow("SELECT * FROM teacher WHERE id = $1", teacher["id"]))


async def sealed_left(db: Connection) -> int:
    query = "SELECT count(*) FROM correction WHERE stated_sealed IS NOT NULL"
    return int(await db._driver.fetchval(query))


async def test_a_request_is_seen_by_the_person_and_by_who_decides(
    db: Connection, city: City, resources: Resources
) -> None:
    asked = await ask(db, city.teacher_account, resources, evidence="户口簿第 3 页")
    assert asked | {"id": None} == {
        "field": "name", "id_kind": None, "reason": "登记有误", "evidence": "户口簿第 3 页",
        "id": None, "teacher_id": city.teacher["id"], "name": "测试甲",
        "school_id": city.school["id"], "stated": "测试更名", "state": "asked", "asked_at": NOW,
        "decided_at": None, "opinion": None,
    }  # fmt: skip
    for person in (city.teacher_account, city.school_admin, city.county_admin, city.city_admin):
        assert await get_correction(db, person.actor, correction_id=asked["id"]) == asked
        page = await list_corrections(
            db, person.actor, page=PageRequest(), state=CorrectionState.ASKED
        )
        assert page.items == [asked]
    for person in (city.sibling_admin, city.colleague_account, city.other_county_admin):
        with pytest.raises(CorrectionNotFound):
            await get_correction(db, person.actor, correction_id=asked["id"])
        assert (await list_corrections(db, person.actor, page=PageRequest())).items == []
    for person in (city.auditor, city.integration):
        with pytest.raises(NotAllowed):
            await list_corrections(db, person.actor, page=PageRequest())


async def test_only_a_person_with_a_record_asks(
    db: Connection, city: City, resources: Resources
) -> None:
    for person in (city.school_admin, city.city_admin, city.auditor):
        with pytest.raises(NotAllowed):
            await ask(db, person, resources)


@pytest.mark.parametrize(
    ("field", "stated", "column", "value"),
    [
        ("name", "测试更名", "name", "测试更名"),
        ("subject", "physics", "subject", "physics"),
        ("stage", "junior_secondary", "stage", "junior_secondary"),
    ],
)
async def test_what_is_granted_is_written(
    field: str, stated: str, column: str, value: Any,
    db: Connection, city: City, resources: Resources,
) -> None:  # fmt: skip
    asked = await ask(db, city.teacher_account, resources, field, stated=stated)
    before = await kept(db, city.teacher)
    granted = await grant(db, city.school_admin, asked, resources)
    assert (granted["state"], granted["decided_at"], granted["opinion"]) == (
        "granted", NOW, YES.opinion,
    )  # fmt: skip
    after = await kept(db, city.teacher)
    versions = ("change_transaction", "change_sequence")
    changed = {name for name in after if after[name] != before[name]} - {*versions, "name_terms"}
    assert (changed, after[column]) == ({column}, value)
    assert after["change_sequence"] != before["change_sequence"]


async def test_an_id_number_waits_sealed_and_replaces_the_wrong_one(
    db: Connection, city: City, resources: Resources
) -> None:
    number = id_number(date(1988, 3, 9))
    asked = await ask(
        db, city.teacher_account, resources, "id_number", stated=number, id_kind="resident_card"
    )
    assert asked["stated"] == f"{number[:4]}**********{number[-4:]}"
    assert await sealed_left(db) == 1
    await grant(db, city.county_admin, asked, resources)
    assert await sealed_left(db) == 0
    row = await kept(db, city.teacher)
    assert (row["id_number"], row["birth_date"]) == (asked["stated"], date(1988, 3, 9))
    assert row["id_number_index"] == resources.cipher.blind_index(number)
    assert await number_of(db, resources.cipher, row) == number


async def test_a_birth_date_waits_sealed_and_never_contradicts_the_number(
    db: Connection, city: City, resources: Resources
) -> None:
    asked = await ask(db, city.teacher_account, resources, "birth_date", stated="1988-03-09")
    assert asked["stated"] == "1988-**-**"
    before = await kept(db, city.teacher)
    with pytest.raises(BirthDateImpossible):
        async with db.transaction():
            await grant(db, city.school_admin, asked, resources)
    assert await kept(db, city.teacher) == before
    declined = await decline_correction(
        db, city.school_admin.actor, correction_id=asked["id"],
        decision=CorrectionOpinion(opinion="与身份证不符"), now=NOW,
    )  # fmt: skip
    assert (declined["state"], declined["opinion"]) == ("declined", "与身份证不符")
    assert (await sealed_left(db), await kept(db, city.teacher)) == (0, before)


async def test_what_is_kept_elsewhere_is_answered_in_words(
    db: Connection, city: City, resources: Resources
) -> None:
    asked = await ask(db, city.teacher_account, resources, "other", stated="2019 年参训记录缺失")
    before = await kept(db, city.teacher)
    assert (await grant(db, city.school_admin, asked, resources))["state"] == "granted"
    assert await kept(db, city.teacher) == before


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"field": "name", "stated": "换\x00行"}, StatedValueUnfit),
        ({"field": "name", "stated": "名" * 61}, StatedValueUnfit),
        ({"field": "subject", "stated": "alchemy"}, StatedValueUnfit),
        ({"field": "stage", "stated": "university"}, StatedValueUnfit),
        ({"field": "birth_date", "stated": "1988-02-30"}, StatedValueUnfit),
        ({"field": "id_number", "stated": "110105194912310021", "id_kind": "resident_card"},
         BadCheckDigit),
        ({"field": "id_number", "stated": "110105194913310029", "id_kind": "resident_card"},
         BadDate),
        ({"field": "id_number", "stated": "11010519491231002X"}, IdKindUnfit),
        ({"field": "name", "stated": "测试", "id_kind": "passport"}, IdKindUnfit),
    ],
)  # fmt: skip
async def test_what_cannot_be_meant_is_refused_and_not_kept(
    given: dict[str, str], refusal: type[DomainError],
    db: Connection, city: City, resources: Resources,
) -> None:  # fmt: skip
    with pytest.raises(refusal) as refused:
        await ask(db, city.teacher_account, resources, **given)
    assert given["stated"] not in str(refused.value)
    assert await db._driver.fetchval("SELECT count(*) FROM correction") == 0


async def test_of_one_thing_one_request_waits(
    db: Connection, city: City, resources: Resources
) -> None:
    asked = await ask(db, city.teacher_account, resources)
    with pytest.raises(CorrectionOpen):
        async with db.transaction():
            await ask(db, city.teacher_account, resources, stated="另一名")
    await ask(db, city.teacher_account, resources, "subject", stated="history")
    withdrawn = await withdraw_correction(
        db, city.teacher_account.actor, correction_id=asked["id"], now=NOW
    )
    assert (withdrawn["state"], withdrawn["opinion"]) == ("withdrawn", None)
    assert (await ask(db, city.teacher_account, resources))["state"] == "asked"


async def test_what_is_decided_is_decided_once_and_by_others(
    db: Connection, city: City, resources: Resources
) -> None:
    asked = await ask(db, city.teacher_account, resources)
    with pytest.raises(NotAllowed):
        await grant(db, city.teacher_account, asked, resources)
    with pytest.raises(NotAllowed):
        await withdraw_correction(db, city.school_admin.actor, correction_id=asked["id"], now=NOW)
    headmaster = Person(
        actor=type(city.school_admin.actor)(
            account_id=city.teacher_account.actor.account_id,
            grants=(*city.school_admin.actor.grants, *city.teacher_account.actor.grants),
            teacher_id=city.teacher["id"],
        ),
        name="headmaster",
    )
    with pytest.raises(CorrectionOfOneself):
        await grant(db, headmaster, asked, resources)
    await grant(db, city.school_admin, asked, resources)
    for act in (
        grant(db, city.county_admin, asked, resources),
        withdraw_correction(db, city.teacher_account.actor, correction_id=asked["id"], now=NOW),
    ):
        with pytest.raises(CorrectionDecided):
            await act


async def test_of_two_decisions_at_once_one_is_made(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        asked = await ask(db, city.teacher_account, resources)

    async def decide() -> Row:
        async with real_pool.transaction() as db:
            return await grant(db, city.school_admin, asked, resources)

    found = await asyncio.gather(*(decide() for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(each, CorrectionDecided) for each in found) == 5
    assert sum(isinstance(each, dict) for each in found) == 1


# Correcting.


async def correct(
    db: Connection, person: Person, teacher: Row, resources: Resources, **given: Any
) -> Row:
    return await correct_teacher(
        db, person.actor, teacher_id=teacher["id"],
        correction=TeacherCorrection.model_validate(given), cipher=resources.cipher, now=NOW,
    )  # fmt: skip


async def test_a_school_puts_right_what_it_entered_wrongly(
    db: Connection, city: City, resources: Resources
) -> None:
    corrected = await correct(
        db, city.school_admin, city.teacher, resources, name="改名", subject="music"
    )
    assert (corrected["name"], corrected["subject"]) == ("改名", Subject.MUSIC)
    seen = await get_teacher(db, city.teacher_account.actor, teacher_id=city.teacher["id"])
    assert seen == corrected
    for person in (city.teacher_account, city.auditor):
        with pytest.raises(NotAllowed):
            await correct(db, person, city.teacher, resources, name="改名")
    with pytest.raises(TeacherNotFound):
        await correct(db, city.sibling_admin, city.teacher, resources, name="改名")


async def test_a_number_of_somebody_else_is_answered_alike_wherever_that_is(
    db: Connection, city: City, resources: Resources
) -> None:
    before = await kept(db, city.teacher)
    for other in (city.colleague, city.far_teacher):
        number = await number_of(db, resources.cipher, other)
        with pytest.raises(TeacherExists):
            async with db.transaction():
                await correct(
                    db, city.school_admin, city.teacher, resources,
                    id_kind=IdKind.RESIDENT_CARD, id_number=number,
                )  # fmt: skip
    assert await kept(db, city.teacher) == before


async def test_nobody_worked_before_birth(db: Connection, city: City, resources: Resources) -> None:
    before = await kept(db, city.teacher)
    late = id_number(date(2021, 5, 1))
    with pytest.raises(FactBeforeBirth):
        await correct(
            db, city.school_admin, city.teacher, resources,
            id_kind=IdKind.RESIDENT_CARD, id_number=late,
        )  # fmt: skip
    with pytest.raises(BirthDateImpossible):
        await correct(db, city.school_admin, city.teacher, resources, birth_date=date(1989, 1, 1))
    assert await kept(db, city.teacher) == before


async def test_a_passport_leaves_the_date_of_birth_as_it_was(
    db: Connection, city: City, resources: Resources
) -> None:
    await correct(
        db, city.school_admin, city.teacher, resources,
        id_kind=IdKind.PASSPORT, id_number="e1234 5678",
    )  # fmt: skip
    row = await kept(db, city.teacher)
    assert (row["id_number"], row["id_kind"]) == ("E******78", "passport")
    assert row["birth_date"] == city.teacher["birth_date"]
    await correct(db, city.school_admin, city.teacher, resources, birth_date=date(1989, 1, 1))
    assert (await kept(db, city.teacher))["birth_date"] == date(1989, 1, 1)


@pytest.mark.parametrize(
    "given", [{}, {"id_number": "E12345678"}, {"id_kind": "passport"}, {"name": ""}, {"rank": "x"}]
)
def test_a_correction_says_something_whole(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TeacherCorrection.model_validate(given)


def test_every_field_can_be_asked_for() -> None:
    assert {each.value for each in CorrectedField} - {"other"} <= set(
        TeacherCorrection.model_fields
    )
