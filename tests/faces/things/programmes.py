"""Of each place a programme with a cohort, who is in it, a trainee, and a merger of its teacher."""

from uuid import UUID

from app.domain.people.cohort_members import CohortMember
from app.domain.people.cohort_trainees import CohortTrainee
from app.domain.people.cohorts import Cohort
from app.domain.people.programmes import Programme
from app.domain.people.trainees import Trainee
from app.sql import Connection, Row
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, TODAY, City
from tests.make_programmes import make_merger


async def add_things(db: Connection, world: World, city: City) -> None:
    """Everything that a place has of programmes; in each cohort a teacher whom no actor is."""
    by, other = city.city_admin.actor.account_id, city.direct_teacher
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        things |= await _run(db, units[-1], path)
        cohort_id = things["cohort"].id
        elsewhere = await _member(db, cohort_id, other, by)
        things["cohort_member"] = Thing(elsewhere, path)
        # The same membership as it is the teacher's, who is of a school directly under the city.
        things["nominated_elsewhere"] = Thing(elsewhere, (city.city["id"], other["school_id"]))
        teacher = world.teachers.get(name)
        if teacher is not None:
            nomination = await _member(db, cohort_id, teacher, by)
            things["nomination"] = Thing(nomination, path, teacher_id=teacher["id"])
            merger = await make_merger(db, other, teacher, city.city_admin)
            things["person_merger"] = Thing(merger["id"], path, teacher_id=teacher["id"])


async def _run(db: Connection, unit: Row, path: tuple[UUID, ...]) -> dict[str, Thing]:
    """A programme of a unit with a cohort, and a trainee who takes part in it."""
    programme_id = await add_row(
        db, Programme, **place_of(unit), name="青蓝工程", kind="old_and_young", level="county",
        purpose="以老带新", valid_from=TODAY,
    )  # fmt: skip
    cohort_id = await add_row(
        db, Cohort, programme_id=programme_id, name="第一期", year=2026, places=9,
        goals=["上好一节公开课"], starts_on=TODAY, ends_on=TODAY,
    )  # fmt: skip
    trainee_id = await add_row(
        db, Trainee, **place_of(unit), name="学员", category="technical", employer="县属企业",
        registered_at=NOW,
    )  # fmt: skip
    part_id = await add_row(
        db, CohortTrainee, cohort_id=cohort_id, trainee_id=trainee_id, entered_at=NOW
    )
    return {
        "programme": Thing(programme_id, path, audience=unit["id"]),
        "cohort": Thing(cohort_id, path, audience=unit["id"]),
        "trainee": Thing(trainee_id, path),
        "cohort_trainee": Thing(part_id, path),
    }


async def _member(db: Connection, cohort_id: UUID, teacher: Row, by: UUID) -> UUID:
    return await add_row(
        db, CohortMember, cohort_id=cohort_id, teacher_id=teacher["id"], **place_of(teacher),
        reason="教学能力突出", state="nominated", nominated_by=by, nominated_at=NOW,
    )  # fmt: skip
