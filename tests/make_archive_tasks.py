"""One piece of work of each kind of archives, for tests."""

from datetime import UTC, datetime

from app.domain.access.roles import Role
from app.domain.quality.archive_volumes import assemble_archive_volume
from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.made import Made
from tests.make import NOW, City, make_account, make_activity
from tests.make_archives import (
    check,
    make_assembled,
    make_destruction,
    make_material,
    make_release,
    make_sealed_of,
    make_volume,
    seal,
)


async def archive_to_assemble(db: Connection, city: City) -> Made:
    row = await make_volume(db, city.school_admin, city.school)
    return Made(row["id"], city.school_admin, city.school["id"])


async def archive_to_check(db: Connection, city: City) -> Made:
    await make_material(db, city.school_admin, city.school, city.teacher)
    row = await make_assembled(db, city.county_admin, city.school)
    return Made(row["id"], city.school_admin, city.school["id"])


async def archive_to_seal(db: Connection, city: City) -> Made:
    made = await archive_to_check(db, city)
    await check(db, city.school_admin, {"id": made.subject_id})
    return made


async def archive_destruction_to_decide(db: Connection, city: City) -> Made:
    volume = await make_sealed_of(db, city)
    row = await make_destruction(db, city.county_admin, volume)
    return Made(row["id"], city.school_admin, city.school["id"])


async def growth_release_to_hand_over(db: Connection, city: City) -> Made:
    row = await make_release(db, city.teacher_account)
    return Made(row["id"], city.school_admin, city.school["id"])


async def archive_retention_ended(db: Connection, city: City) -> Made:
    """A volume of long ago: of that year an activity is put there first."""
    keeper = await make_account(db, "old.keeper", Role.SCHOOL_ADMIN, city.school)
    begins = datetime(2010, 10, 8, 2, tzinfo=UTC)
    await make_activity(db, city.school, keeper, state=ActivityState.CLOSED, begins=begins)
    row = await make_volume(db, keeper, city.school, year=2010)
    await assemble_archive_volume(db, keeper.actor, volume_id=row["id"], now=NOW)
    await check(db, city.school_admin, row)
    await seal(db, city.school_admin, row)
    return Made(row["id"], city.school_admin, city.school["id"])
