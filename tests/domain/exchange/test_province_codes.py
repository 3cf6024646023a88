from datetime import date

import asyncpg
import pytest

from app.database.checkup import CHECKS
from app.domain.errors import DomainError, NotAllowed
from app.domain.exchange.province_codes import (
    CodeSet,
    NewProvinceCode,
    ProvinceCodeEndsEarly,
    ProvinceCodeHeld,
    ProvinceCodeNeedsCity,
    ProvinceCodeNotFound,
    ProvinceCodesMissing,
    ProvinceCodeVoid,
    enter_province_code,
    get_province_code,
    list_province_codes,
    read_codes,
    void_province_code,
)
from app.domain.exchange.submissions import NewSubmission, SubmissionKind, create_submission
from app.domain.exchange.submissions.roster import TeacherEnd
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person
from tests.make_province import make_codes

SENIOR = {"code_set": CodeSet.RANK, "ours": "senior", "theirs": "12"}


async def enter(db: Connection, city: City, by: Person | None = None, **more: object) -> Row:
    content = {"city_id": city.city["id"], **SENIOR, **more}
    new = NewProvinceCode.model_validate(content)
    return await enter_province_code(db, (by or city.integration).actor, new=new, now=NOW)


async def test_a_word_has_its_code_on_its_days(db: Connection, city: City) -> None:
    await enter(db, city, valid_from=date(2020, 1, 1), valid_to=date(2026, 1, 1))
    row = await enter(db, city, theirs="21", valid_from=date(2026, 1, 1))
    assert await get_province_code(db, city.auditor.actor, province_code_id=row["id"]) == row
    codes = await read_codes(db, city_id=city.city["id"])
    days = (date(2025, 12, 31), date(2026, 1, 1))
    assert [codes.translate(CodeSet.RANK, "senior", day) for day in days] == ["12", "21"]
    assert codes.translate(CodeSet.RANK, None, days[0]) is None
    codes.require_whole()


async def test_gaps_are_refused_by_their_names(db: Connection, city: City) -> None:
    await enter(db, city, valid_from=date(2026, 1, 1))
    codes = await read_codes(db, city_id=city.city["id"])
    codes.translate(CodeSet.RANK, "senior", date(2025, 12, 31))
    codes.translate(CodeSet.LEVEL, "school", date(2026, 12, 31))
    with pytest.raises(ProvinceCodesMissing) as refused:
        codes.require_whole()
    assert refused.value.details == {"gaps": "level=school, rank=senior", "count": 2}


async def test_a_word_has_one_code_on_a_day_until_that_is_void(db: Connection, city: City) -> None:
    actor, first = city.integration.actor, await enter(db, city)
    async with db.transaction():
        with pytest.raises(ProvinceCodeHeld):
            async with db.transaction():
                await enter(db, city, theirs="13")
    void = await void_province_code(db, actor, province_code_id=first["id"], now=NOW)
    assert void["superseded_at"] == NOW
    with pytest.raises(ProvinceCodeVoid):
        await void_province_code(db, actor, province_code_id=first["id"], now=NOW)
    second = await enter(db, city, theirs="13")
    for is_void, row in ((True, void), (False, second)):
        page = await list_province_codes(db, actor, page=PageRequest(), void=is_void)
        assert page.items == [row]


@pytest.mark.parametrize(
    ("who", "more", "refusal"),
    [
        ("county_admin", {}, NotAllowed),
        ("auditor", {}, NotAllowed),
        ("teacher_account", {}, NotAllowed),
        ("integration", {"city_id": "county"}, ProvinceCodeNeedsCity),
        ("integration", {"city_id": None}, UnitNotFound),
        ("integration", {"valid_to": date(2026, 11, 1)}, ProvinceCodeEndsEarly),
    ],
)
async def test_who_may_not_and_what_cannot_be(
    db: Connection, city: City, who: str, more: dict[str, object], refusal: type[DomainError]
) -> None:
    if "city_id" in more:
        unit = more["city_id"]
        more = {"city_id": new_id() if unit is None else city.county["id"]}
    with pytest.raises(refusal):
        await enter(db, city, getattr(city, who), **more)
    assert await db._driver.fetchval("SELECT count(*) FROM province_code") == 0


async def test_another_city_finds_nothing(db: Connection, city: City) -> None:
    with pytest.raises(ProvinceCodeNotFound):
        await get_province_code(db, city.integration.actor, province_code_id=new_id())


[CHECK] = (each for each in CHECKS if each.name == "province_codes")


async def lacking(driver: asyncpg.Connection) -> list[str] | None:
    names: list[str] | None = (await driver.fetchrow(CHECK.asks))["names"]
    return names


async def test_a_city_that_sends_rosters_is_told_which_codes_it_lacks(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    ends = [end.value for end in TeacherEnd]
    await make_codes(db, city, without=ends)
    assert await lacking(driver) is None
    new = NewSubmission(city_id=city.city["id"], kind=SubmissionKind.ROSTER)
    await create_submission(db, city.integration.actor, new=new, now=NOW)
    assert await lacking(driver) == sorted(f"teacher_end={end}" for end in ends)
    await driver.execute(
        "INSERT INTO province_code (id, city_id, county_id, code_set, ours, theirs, valid_from,"
        " valid_to, recorded_at, recorded_by) SELECT gen_random_uuid(), city_id, county_id,"
        " 'teacher_end', word, word, valid_from, CASE word WHEN 'merged' THEN date '2001-01-01' END,"
        " recorded_at, recorded_by FROM province_code, unnest($1::text[]) AS word"
        " WHERE code_set = 'stage' AND ours = 'primary'",
        ends,
    )
    # That of one has ended.
    assert await lacking(driver) == ["teacher_end=merged"]
