import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import NotAllowed
from app.domain.organisation.units import NotASchool
from app.domain.paging import PageRequest
from app.domain.training.timetables import (
    LessonChanged,
    LessonChangeNotFound,
    LessonNotFound,
    LessonNotGiven,
    NewLessonChange,
    PeriodUnknown,
    TakerElsewhere,
    TimetableRefused,
    TimetableUnreadable,
    WindowTooLong,
    change_lesson,
    get_timetable,
    import_timetable,
    list_lesson_changes,
    list_lessons,
    list_teacher_lessons,
    list_timetables,
    preview_timetable,
    undo_lesson_change,
)
from app.domain.training.timetables.lines import read_timetable
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_city, make_teacher
from tests.make_timetables import (
    LINES,
    PERIODS,
    make_days,
    make_term,
    make_timetable,
    timetable_file,
)

PAGE = PageRequest(limit=100)
FRIDAY, NEXT_FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 27), date(2026, 11, 28)
"""The twelfth week, an even one, and the thirteenth."""


async def taught(
    db: Connection, city: City, since: date, until: date | None = None, teacher: Row | None = None
) -> list[tuple[date, int]]:
    found = await list_teacher_lessons(
        db, city.school_admin.actor, teacher_id=(teacher or city.teacher)["id"], now=NOW, since=since,
        until=until or since,
    )  # fmt: skip
    return [(row["day"], row["period"]) for row in found]


async def lesson_at(db: Connection, by: Person, weekday: int, period: int) -> Row:
    page = await list_lessons(db, by.actor, page=PAGE, weekday=weekday)
    return next(row for row in page.items if row["period"] == period)


def counts(told: Row) -> tuple[int, ...]:
    return tuple(told[name] for name in ("added", "changed", "removed", "unchanged"))


async def test_a_file_is_looked_at_then_taken_in(db: Connection, city: City) -> None:
    admin, school_id = city.school_admin.actor, city.school["id"]
    before = db.statements
    told = await preview_timetable(db, admin, school_id=school_id, file=timetable_file())
    assert db.statements - before == 3, "the school, its timetable, its teachers"
    assert (counts(told), told["refused"], told["timetable_id"]) == ((4, 0, 0, 0), [], None)
    assert (await list_timetables(db, admin, page=PAGE)).items == []
    told = await make_timetable(db, city.school_admin, city.school)
    timetable = await get_timetable(db, admin, timetable_id=told["timetable_id"])
    assert (timetable["periods"], timetable["lessons"]) == (PERIODS, 4)
    lesson = await lesson_at(db, city.school_admin, 1, 1)
    assert lesson | {
        "weeks": "even", "first_week": 1, "last_week": 16, "class_name": "一年级2班",
        "subject": "mathematics", "room": None, "name": "测试甲",
    } == lesson  # fmt: skip


async def test_the_same_file_writes_nothing(db: Connection, city: City) -> None:
    first = await make_timetable(db, city.school_admin, city.school)
    admin, school_id = city.school_admin.actor, city.school["id"]
    before, later = db.statements, NOW.replace(day=21)
    told = await import_timetable(db, admin, school_id=school_id, file=timetable_file(), now=later)
    assert db.statements - before == 6, "the unit twice, the timetable, teachers, lessons, periods"
    assert (counts(told), told["periods_changed"]) == ((0, 0, 0, 4), False)
    timetable = await get_timetable(db, admin, timetable_id=first["timetable_id"])
    assert timetable["imported_at"] == NOW


async def test_a_changed_file_changes_what_differs(db: Connection, city: City) -> None:
    first = await make_timetable(db, city.school_admin, city.school)
    kept = await lesson_at(db, city.school_admin, 5, 3)
    admin, school_id = city.school_admin.actor, city.school["id"]
    lines = (LINES[0].replace("101", "202"), LINES[1], "测试乙,5,1,,二年级1班,语文,")
    periods = PERIODS[:4]
    file, later = timetable_file(*lines, periods=periods), NOW.replace(day=21)
    told = await preview_timetable(db, admin, school_id=school_id, file=file)
    assert (counts(told), told["periods_changed"]) == ((1, 1, 2, 1), True)
    kinds = [(each["kind"], each["name"]) for each in told["differences"]]
    assert sorted(kinds) == [
        ("added", "测试乙"), ("changed", "测试甲"), ("removed", "测试乙"), ("removed", "测试甲"),
    ]  # fmt: skip
    done = await import_timetable(db, admin, school_id=school_id, file=file, now=later)
    assert done == told
    timetable = await get_timetable(db, admin, timetable_id=first["timetable_id"])
    assert (timetable["lessons"], timetable["periods"]) == (3, periods)
    assert timetable["imported_at"] == later
    assert await lesson_at(db, city.school_admin, 5, 3) == kept | {"room": "202"}


async def test_two_who_hand_in_the_first_file_at_once(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def race() -> tuple[int, ...]:
        async with real_pool.transaction() as db:
            return counts(await make_timetable(db, city.school_admin, city.school))

    outcomes = await asyncio.gather(*(race() for _ in range(4)))
    assert sorted(outcomes) == [(0, 0, 0, 4)] * 3 + [(4, 0, 0, 0)]


async def test_wrong_lines_are_named_and_nothing_is_entered(
    db: Connection, city: City, resources: Resources
) -> None:
    await make_teacher(db, resources.cipher, city.school, "测试乙")
    file = timetable_file(
        LINES[0], "测试乙,5,5,,二年级1班,语文,", "测试丙,5,5,,二年级1班,语文,",
        "测试甲,周八,1,,一年级1班,语文,", "测试甲,1,9,,一年级1班,语文,", LINES[0],
        "测试甲,1,1,8-2,一年级1班,语文,", "测试甲,1,1,隔周,一年级1班,语文,",
        ",1,1,,一年级1班,语文,", "测试甲,1,1,,一年级1班,炼金术,",
    )  # fmt: skip
    admin, school_id = city.school_admin.actor, city.school["id"]
    told = await preview_timetable(db, admin, school_id=school_id, file=file)
    named = [(each["line"], each["field"], each["code"]) for each in told["refused"]]
    assert named == [
        (3, "name", "timetable_line_ambiguous"),
        (4, "name", "timetable_line_unknown"),
        (5, "weekday", "timetable_line_malformed"),
        (6, "period", "timetable_line_period_unknown"),
        (7, None, "timetable_line_twice"),
        (8, "weeks", "timetable_line_malformed"),
        (9, "weeks", "timetable_line_malformed"),
        (10, None, "timetable_line_malformed"),
        (11, "subject", "timetable_line_malformed"),
    ]
    with pytest.raises(TimetableRefused) as refused:
        async with db.transaction():
            await import_timetable(db, admin, school_id=school_id, file=file, now=NOW)
    assert refused.value.details["count"] == 9
    assert (await list_timetables(db, admin, page=PAGE)).items == []


async def test_who_hands_in_a_timetable(db: Connection, city: City) -> None:
    with pytest.raises(NotASchool):
        await make_timetable(db, city.county_admin, city.county)
    with pytest.raises(NotAllowed):
        await make_timetable(db, city.auditor, city.school)
    await make_timetable(db, city.county_admin, city.school)
    own = await list_lessons(db, city.teacher_account.actor, page=PAGE)
    assert {row["teacher_id"] for row in own.items} == {city.teacher["id"]}
    assert len(own.items) == 3


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ("every", 1, 30)), ("每周", ("every", 1, 30)), ("单周", ("odd", 1, 30)),
        ("双", ("even", 1, 30)), ("odd", ("odd", 1, 30)), ("5", ("every", 5, 5)),
        ("1-8周", ("every", 1, 8)), ("1-16双周", ("even", 1, 16)), ("1-16(单)", ("odd", 1, 16)),
        ("9-18 even", ("even", 9, 18)),
    ],
)  # fmt: skip
def test_weeks_as_people_write_them(written: str, read: tuple[str, int, int]) -> None:
    file = timetable_file(f"测试甲,1,1,{written},一年级1班,语文,")
    (line,) = read_timetable(file).lines.values()
    assert (line.weeks, line.first_week, line.last_week) == read


def test_json_lines_are_read_too() -> None:
    line = '{"name": "测试甲", "weekday": 1, "period": 1, "class_name": "1", "subject": "music"}'
    file = timetable_file(content=f"{line}\n\nnonsense\n[1]", format="jsonl")
    found = read_timetable(file)
    assert list(found.lines) == [1]
    assert {number: fault.code for number, fault in found.refused.items()} == dict.fromkeys(
        (3, 4), "timetable_line_malformed"
    )


@pytest.mark.parametrize("content", ["姓名,星期", '姓名,星期\n"x'])
def test_a_file_that_cannot_be_read(content: str) -> None:
    with pytest.raises(TimetableUnreadable):
        read_timetable(timetable_file(content=content))


@pytest.mark.parametrize(
    "periods",
    [
        [],
        [PERIODS[1], PERIODS[0]],
        [PERIODS[0] | {"ends_at": "08:00"}],
        [PERIODS[0], PERIODS[1] | {"starts_at": "08:30"}],
        [PERIODS[0] | {"starts_at": "8:00"}],
        [PERIODS[0], PERIODS[1] | {"number": 1}],
    ],
)
def test_periods_that_cannot_be(periods: list[Any]) -> None:
    with pytest.raises(ValidationError):
        timetable_file(periods=periods)


async def test_odd_and_even_weeks_holidays_and_make_up_days(db: Connection, city: City) -> None:
    await make_timetable(db, city.school_admin, city.school)
    assert await taught(db, city, FRIDAY) == [], "no term, no lessons"
    await make_term(db, city.city_admin, city.city)
    assert await taught(db, city, FRIDAY) == [(FRIDAY, 3)]
    assert await taught(db, city, NEXT_FRIDAY) == [(NEXT_FRIDAY, 3), (NEXT_FRIDAY, 4)]
    assert await taught(db, city, SATURDAY) == []
    await make_days(db, city.city_admin, city.city, {NEXT_FRIDAY: None, SATURDAY: NEXT_FRIDAY})
    week = (date(2026, 11, 23), date(2026, 11, 29))
    assert await taught(db, city, *week) == [(SATURDAY, 3), (SATURDAY, 4)]
    await make_days(db, city.school_admin, city.school, {NEXT_FRIDAY: NEXT_FRIDAY})
    both = [(NEXT_FRIDAY, 3), (NEXT_FRIDAY, 4), (SATURDAY, 3), (SATURDAY, 4)]
    assert await taught(db, city, *week) == both
    await make_days(db, city.county_admin, city.county, {SATURDAY: None})
    assert await taught(db, city, *week) == both[:2]


async def test_the_nearer_term_counts_whole(db: Connection, city: City) -> None:
    await make_timetable(db, city.school_admin, city.school)
    await make_term(db, city.city_admin, city.city)
    await make_term(db, city.school_admin, city.school, ends_on="2026-11-19")
    assert await taught(db, city, FRIDAY) == []
    await make_term(db, city.school_admin, city.school, weeks_from="2026-09-07")
    assert await taught(db, city, FRIDAY) == [(FRIDAY, 3), (FRIDAY, 4)], "the eleventh week"


async def test_a_day_is_told_by_one_statement(db: Connection, city: City) -> None:
    await make_timetable(db, city.school_admin, city.school)
    await make_term(db, city.city_admin, city.city)
    own = city.teacher_account.actor
    before = db.statements
    (row,) = await list_teacher_lessons(
        db, own, teacher_id=city.teacher["id"], now=NOW, since=FRIDAY, until=FRIDAY
    )
    assert db.statements - before == 2, "the teacher, the lessons"
    assert row["starts_at"] == NOW, "ten in the morning in China"
    assert (row["class_name"], row["subject"], row["changed"]) == ("一年级1班", "chinese", False)
    for until in (date(2026, 11, 19), date(2027, 3, 1)):
        with pytest.raises(WindowTooLong):
            await list_teacher_lessons(
                db, own, teacher_id=city.teacher["id"], now=NOW, since=FRIDAY, until=until
            )


async def change(db: Connection, city: City, lesson_id: UUID, day: date, **given: Any) -> Row:
    new = NewLessonChange.model_validate({"day": day, **given})
    return await change_lesson(db, city.school_admin.actor, lesson_id=lesson_id, new=new, now=NOW)


async def test_a_lesson_is_moved_taken_over_and_put_back(db: Connection, city: City) -> None:
    await make_timetable(db, city.school_admin, city.school)
    await make_term(db, city.city_admin, city.city)
    lesson = await lesson_at(db, city.school_admin, 5, 3)
    moved = await change(db, city, lesson["id"], FRIDAY, to_day=SATURDAY, to_period=1)
    assert (moved["teacher_id"], moved["to_period"]) == (city.teacher["id"], 1)
    assert await taught(db, city, FRIDAY, SATURDAY) == [
        (NEXT_FRIDAY, 3), (NEXT_FRIDAY, 4), (SATURDAY, 1),
    ]  # fmt: skip
    taken = await change(db, city, lesson["id"], NEXT_FRIDAY, teacher_id=city.colleague["id"])
    assert await taught(db, city, NEXT_FRIDAY) == [(NEXT_FRIDAY, 4)]
    assert await taught(db, city, NEXT_FRIDAY, teacher=city.colleague) == [
        (NEXT_FRIDAY, 3), (NEXT_FRIDAY, 5),
    ]  # fmt: skip
    for person, seen in (
        (city.school_admin, [moved, taken]),
        (city.teacher_account, [moved, taken]),
        (city.colleague_account, [taken]),
        (city.sibling_admin, []),
    ):
        page = await list_lesson_changes(db, person.actor, page=PAGE)
        assert page.items == seen
    admin = city.school_admin.actor
    assert await undo_lesson_change(db, admin, change_id=moved["id"]) == moved
    assert await taught(db, city, FRIDAY) == [(FRIDAY, 3)]
    with pytest.raises(LessonChangeNotFound):
        await undo_lesson_change(db, admin, change_id=moved["id"])


async def test_changes_that_cannot_be(db: Connection, city: City) -> None:
    await make_timetable(db, city.school_admin, city.school)
    await make_term(db, city.city_admin, city.city)
    lesson = await lesson_at(db, city.school_admin, 5, 4)
    key = lesson["id"]
    with pytest.raises(LessonNotGiven):
        await change(db, city, key, FRIDAY, to_period=1)
    with pytest.raises(PeriodUnknown):
        await change(db, city, key, NEXT_FRIDAY, to_period=9)
    with pytest.raises(TakerElsewhere):
        await change(db, city, key, NEXT_FRIDAY, teacher_id=city.sibling_teacher["id"])
    with pytest.raises(ValidationError):
        NewLessonChange.model_validate({"day": NEXT_FRIDAY})
    await change(db, city, key, NEXT_FRIDAY, to_period=1)
    with pytest.raises(LessonChanged):
        await change(db, city, key, NEXT_FRIDAY, to_period=2)
    new = NewLessonChange(day=NEXT_FRIDAY, to_period=1)
    with pytest.raises(NotAllowed):
        await change_lesson(db, city.teacher_account.actor, lesson_id=key, new=new, now=NOW)
    with pytest.raises(LessonNotFound):
        await change_lesson(db, city.sibling_admin.actor, lesson_id=key, new=new, now=NOW)
    page = await list_lesson_changes(db, city.school_admin.actor, page=PAGE)
    assert len(page.items) == 1


async def test_a_change_goes_with_its_lesson(db: Connection, city: City) -> None:
    await make_timetable(db, city.school_admin, city.school)
    await make_term(db, city.city_admin, city.city)
    lesson = await lesson_at(db, city.school_admin, 5, 3)
    await change(db, city, lesson["id"], FRIDAY, to_period=5)
    await make_timetable(db, city.school_admin, city.school, *LINES[1:])
    page = await list_lesson_changes(db, city.school_admin.actor, page=PAGE)
    assert (page.items, await taught(db, city, FRIDAY)) == ([], [])
