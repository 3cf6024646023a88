"""What `yanxun doctor` says of cities that send rosters and have not entered the codes for their ends."""

import asyncpg

from app.database.checkup import CHECKS
from app.domain.exchange.submissions import NewSubmission, SubmissionKind, create_submission
from app.domain.exchange.submissions.roster import TeacherEnd
from app.sql import Connection
from tests.make import NOW, City
from tests.make_province import make_codes

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
