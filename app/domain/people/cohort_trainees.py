"""Trainees in cohorts (非教师学员参训): that somebody who is no teacher takes part in a cohort.

They take places as teachers do, and are counted apart from them by category and year: people (人), each
once however often, and participations (人次).
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    Date,
    Index,
    Integer,
    UniqueConstraint,
    Uuid,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, civil_date, key
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.units import UNITS
from app.domain.paging import Page, PageRequest
from app.domain.people.cohort_members import require_place
from app.domain.people.cohorts import COHORTS, Cohort, hold_cohort
from app.domain.people.programmes import Programme
from app.domain.people.teachers import PersonName, place_column
from app.domain.people.trainees import TRAINEES, Trainee, TraineeCategory
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class CohortTrainee(Table, table=True):
    """That a trainee takes part in a cohort; it hangs below both."""

    __table_args__ = (UniqueConstraint("cohort_id", "trainee_id"), Index(None, "trainee_id"))

    id: UUID = key()
    cohort_id: UUID = Field(foreign_key="cohort.id", sa_type=Uuid)
    trainee_id: UUID = Field(foreign_key="trainee.id", sa_type=Uuid)
    entered_at: datetime = Field(sa_type=MOMENT)
    completed_on: date | None = None


class CohortTraineeView(BaseModel):
    """A trainee's part in a cohort, as who runs it sees it."""

    id: UUID = Field(description="标识 / key")
    cohort_id: UUID = Field(description="期次 / cohort")
    trainee_id: UUID = Field(description="学员 / trainee")
    name: PersonName = Field(description="姓名 / name")
    category: TraineeCategory = Field(description="类别 / category")
    employer: str = Field(description="工作单位 / employer")
    entered_at: datetime = Field(description="入班时间 / when entered")
    completed_on: date | None = Field(description="结业日期 / completed on")


class TraineeCountView(BaseModel):
    """How many trainees of a category took part in a year's cohorts of a unit."""

    year: int = Field(description="年度 / year")
    category: TraineeCategory = Field(description="类别 / category")
    people: int = Field(description="人数（人） / people, each once")
    participations: int = Field(description="人次 / how often somebody took part")
    completed: int = Field(description="结业人次 / of these completed")


class NewCohortTrainee(Command):
    """A trainee to be entered into a cohort."""

    trainee_id: UUID = Field(description="学员 / trainee")


class TraineeCompletion(Command):
    """When a trainee completed."""

    on: date | None = Field(default=None, description="结业日期，默认今天 / day, today by default")


# What can be refused.


class CohortTraineeNotFound(NotFound):
    """The trainee takes no part in such a cohort for the one who asks."""

    code = "cohort_trainee_not_found"
    zh = "未找到该学员的参训记录。"
    en = "There is no such part in a cohort."


class CohortTraineeExists(Conflict):
    """A trainee is entered into a cohort once."""

    code = "cohort_trainee_exists"
    zh = "该学员已在本期。"
    en = "This trainee is in the cohort already."


class CohortTraineeCompleted(Conflict):
    """It was completed before."""

    code = "cohort_trainee_completed"
    zh = "该学员已结业。"
    en = "This trainee has completed it already."


class TraineeCompletionInFuture(Invalid):
    """What has not come yet is recorded once it has."""

    code = "cohort_trainee_completion_in_future"
    zh = "结业日期不能晚于今天（{today}）。"
    en = "The day of completion cannot lie after today ({today})."


# What may be asked.

COHORT_TRAINEES = Door(
    table=CohortTrainee,
    view=CohortTraineeView,
    read=Permission.PROGRAMME_READ,
    missing=CohortTraineeNotFound,
    places={name: col(getattr(Programme, name)) for name in PLACE},
    computed={name: col(getattr(Trainee, name)) for name in ("name", "category", "employer")},
    joined=CohortTrainee.__table__.join(  # type: ignore[attr-defined]
        Cohort.__table__,  # type: ignore[attr-defined]
        col(CohortTrainee.cohort_id) == col(Cohort.id),
    )
    .join(Programme.__table__, col(Cohort.programme_id) == col(Programme.id))  # type: ignore[attr-defined]
    .join(Trainee.__table__, col(CohortTrainee.trainee_id) == col(Trainee.id)),  # type: ignore[attr-defined]
    filters={"cohort_id": col(CohortTrainee.cohort_id)},
    sorts={"created": (), "name": (col(Trainee.name),)},
)
"""The trainees of cohorts, placed by the programme."""


async def list_cohort_trainees(
    db: Connection, actor: Actor, *, cohort_id: UUID, page: PageRequest
) -> Page:
    """The trainees of a cohort that the actor runs, in the order of entering."""
    await COHORTS.get(db, actor, cohort_id)
    return await COHORT_TRAINEES.page(db, actor, page, filters={"cohort_id": cohort_id})


@lru_cache(maxsize=4)
def _counts(place: str) -> Statement:
    year = bindparam("year", None, type_=Integer)
    return Statement(
        select(
            col(Cohort.year),
            col(Trainee.category),
            func.count(col(Trainee.id).distinct()).label("people"),
            func.count().label("participations"),
            func.count(col(CohortTrainee.completed_on)).label("completed"),
        )
        .select_from(COHORT_TRAINEES.joined)
        .where(
            col(getattr(Programme, place)) == bindparam("unit_id", type_=Uuid),
            or_(year.is_(None), col(Cohort.year) == year),
        )
        .group_by(col(Cohort.year), col(Trainee.category))
        .order_by(col(Cohort.year), col(Trainee.category))
    )


async def list_trainee_counts(
    db: Connection, actor: Actor, *, unit_id: UUID, year: int | None = None
) -> Sequence[Row]:
    """How many trainees took part in the cohorts of a unit and those below it, by year and category."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.PROGRAMME_READ)
    return await db.all(_counts(place_column(unit)), unit_id=unit_id, year=year)


# What may be done.


async def enter_cohort_trainee(
    db: Connection, actor: Actor, *, cohort_id: UUID, new: NewCohortTrainee, now: datetime
) -> Row:
    """Enter a trainee whom the actor may see into a cohort that the actor runs, if there is a place."""
    cohort = await hold_cohort(db, actor, cohort_id=cohort_id)
    await TRAINEES.get(db, actor, new.trainee_id)
    require_place(cohort)
    row = {"id": new_id(), "cohort_id": cohort_id, **new.model_dump(), "entered_at": now}
    try:
        await db.insert(CohortTrainee, row)
    except UniqueViolationError:
        raise CohortTraineeExists from None
    return await COHORT_TRAINEES.get(db, actor, row["id"])


_COMPLETE = Statement(
    update(CohortTrainee)
    .where(col(CohortTrainee.id) == bindparam("part_id", type_=Uuid))
    .values(completed_on=bindparam("on", type_=Date))
)


async def complete_cohort_trainee(
    db: Connection, actor: Actor, *, part_id: UUID, completion: TraineeCompletion, now: datetime
) -> Row:
    """Say that a trainee has completed the cohort."""
    write = Permission.PROGRAMME_WRITE
    part = await COHORT_TRAINEES.get(db, actor, part_id, permission=write, lock=True)
    if part["completed_on"] is not None:
        raise CohortTraineeCompleted
    today = civil_date(now)
    on = completion.on or today
    if on > today:
        raise TraineeCompletionInFuture(today=today.isoformat())
    await db.run(_COMPLETE, part_id=part_id, on=on)
    return await COHORT_TRAINEES.get(db, actor, part_id)
