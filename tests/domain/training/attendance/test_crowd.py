"""A full hall checks in within seconds: nobody is lost, nobody entered twice, nobody waits long."""

import asyncio
from datetime import timedelta

from app.database.pool import Pool
from app.domain.access.actors import Actor, Grant
from app.domain.access.audit import Provenance
from app.domain.access.roles import Role, SubjectKind
from app.domain.people.identity import IdKind
from app.domain.people.teachers import Teacher
from app.domain.training.attendance import NewCheckIn, check_in, code_at
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, make_activity, make_city

CROWD = 500


async def make_crowd(db: Connection, school: Row) -> list[Row]:
    """Teachers of a school by one statement; their numbers are nobody's."""
    place = {name: school[name] for name in ("city_id", "county_id")}
    crowd = [
        {
            "id": new_id(), "name": f"测试{n:04}", "subject": "chinese", "stage": "primary", **place,
            "school_id": school["id"], "birth_date": NOW.date() - timedelta(days=12_000),
            "id_kind": IdKind.PASSPORT, "id_number_sealed": b"sealed", "id_number": "E**",
            "id_number_index": n.to_bytes(32, "big"),
        }
        for n in range(CROWD)
    ]  # fmt: skip
    await db.insert_all(Teacher, crowd)
    return crowd


def actor_of(teacher: Row, city: City) -> Actor:
    """A teacher; they all act through one account."""
    place = {name: teacher[name] for name in ("city_id", "county_id", "school_id")}
    grant = Grant(role=Role.TEACHER, subject=SubjectKind.SELF, subject_id=teacher["id"], **place)
    account_id = city.teacher_account.actor.account_id
    return Actor(account_id=account_id, grants=(grant,), teacher_id=teacher["id"])


async def test_a_crowd_checks_in_at_once(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        crowd = await make_crowd(db, city.school)
        session = (await make_activity(db, city.school, city.school_admin))["sessions"][0]
    given = NewCheckIn(code=code_at(session["secret"], session["id"], NOW), device="d" * 16)
    hall = asyncio.Semaphore(32)

    async def come(teacher: Row) -> None:
        async with hall, real_pool.connection() as db:
            await check_in(
                db, actor_of(teacher, city), session_id=session["id"], given=given, now=NOW,
                provenance=Provenance(address="192.0.2.7"), recorded=True,
            )  # fmt: skip

    # Everybody twice: a phone that has heard nothing asks again.
    await asyncio.gather(*(come(teacher) for teacher in crowd for _ in range(2)))
    async with real_pool.connection() as db:
        records = await db._driver.fetchrow(
            "SELECT count(*) AS all, count(DISTINCT teacher_id) AS people FROM attendance"
        )
        acts = await db._driver.fetchval("SELECT count(*) FROM audit_act")
    assert (records["all"], records["people"], acts) == (CROWD, CROWD, CROWD)
