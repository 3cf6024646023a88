"""What is asked for in a round that is closed, and what is free: all that the allotment is told."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Date, Uuid, bindparam, exists, false, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.base import civil_date
from app.domain.learning.choices.allotment import Allotment, Applicant, Offered
from app.domain.learning.choices.choice import UNDECIDED
from app.domain.learning.choices.table import Choice
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import Stratum, counts_in
from app.domain.training.activities import Activity, ActivityState, is_meant_for_teacher
from app.domain.training.enrolments import Enrolment, Room, rooms_of
from app.domain.training.enrolments.clashing import (
    read_activities_at_once,
    read_engaged_teachers,
)
from app.sql import Connection, Row, Statement

_round, _day = bindparam("round_id", type_=Uuid), bindparam("day", type_=Date)
_HOLD = Statement(
    select(col(Choice.id)).where(col(Choice.round_id) == _round, UNDECIDED).with_for_update()
)
_placed: Any = aliased(Enrolment)
_held: Any = aliased(Activity)
_places_before = (
    select(func.count())
    .join_from(_placed, _held, _held.id == _placed.activity_id)
    .where(
        _placed.teacher_id == col(Teacher.id),
        _placed.withdrawn_at.is_(None),
        _placed.waiting_turn.is_(None),
        _held.state != ActivityState.CANCELLED,
        _held.starts_on >= bindparam("since", type_=Date),
        _held.starts_on < _day,
    )
    .correlate(Teacher)
    .scalar_subquery()
)
_accepted: Any = aliased(Choice)
_given_here = (
    select(func.count())
    .join_from(
        _accepted,
        _placed,
        (_placed.activity_id == _accepted.activity_id)
        & (_placed.teacher_id == _accepted.teacher_id),
    )
    .where(
        _accepted.round_id == _round,
        _accepted.teacher_id == col(Teacher.id),
        _accepted.accepted_at.is_not(None),
        _accepted.withdrawn_at.is_(None),
        _placed.withdrawn_at.is_(None),
    )
    .correlate(Teacher)
    .scalar_subquery()
)
_standing: Any = aliased(Enrolment)
_stands = select(_standing.id).where(
    _standing.activity_id == col(Choice.activity_id),
    _standing.teacher_id == col(Choice.teacher_id),
    _standing.withdrawn_at.is_(None),
)


@lru_cache(maxsize=64)
def _applications(favoured: tuple[Stratum, ...]) -> Statement:
    """The choices that nobody has decided about, each with what the priorities ask of its teacher."""
    is_favoured = or_(false(), *(counts_in(each, _day) for each in favoured))
    return Statement(
        select(
            *(
                col(getattr(Choice, name))
                for name in ("id", "activity_id", "teacher_id", "school_id", "chosen_at")
            ),
            is_favoured.label("favoured"),
            _places_before.label("places"),
            _given_here.label("given"),
            # Others may have entered the teacher meanwhile, and the teacher may have gone elsewhere.
            exists(_stands.where(_standing.waiting_turn.is_(None))).label("placed"),
            exists(_stands.where(_standing.waiting_turn.is_not(None))).label("queued"),
            (~is_meant_for_teacher(col(Choice.activity_id))).label("outside"),
        )
        .join_from(Choice, Teacher, col(Teacher.id) == col(Choice.teacher_id))
        .where(col(Choice.round_id) == _round, UNDECIDED, col(Teacher.merged_into_id).is_(None))
        .order_by(col(Choice.teacher_id), col(Choice.preference))
    )


async def read_applications(
    db: Connection, *, round_: Row, activities: Sequence[Row], now: datetime
) -> tuple[Allotment, list[Applicant]]:
    """What is free in a round, and who asks for it; its activities are held, and so are the choices."""
    round_id, today = round_["id"], civil_date(now)
    await db.all(_HOLD, round_id=round_id)
    strata = tuple(sorted(Stratum(each) for each in round_["favoured"]))
    rows = await db.all(
        _applications(strata), round_id=round_id, day=today, since=today - timedelta(days=365)
    )
    keys = [each["id"] for each in activities]
    rooms = await rooms_of(db, activity_ids=keys, now=now)
    teachers = sorted({row["teacher_id"] for row in rows})
    allotment = Allotment(
        {each["id"]: _offered(each, *rooms[each["id"]], today) for each in activities},
        await read_activities_at_once(db, activity_ids=keys),
        await read_engaged_teachers(db, teacher_ids=teachers, activity_ids=keys),
        round_["most_places"],
    )
    return allotment, list(_applicants(rows))


def _offered(activity: Row, rule: Row, room: Room, today: date) -> Offered:
    still = activity["state"] == ActivityState.PUBLISHED and activity["starts_on"] >= today
    return Offered(room, rule["waiting_list"], still)


def _applicants(rows: Sequence[Row]) -> Iterable[Applicant]:
    for teacher_id, given in groupby(rows, itemgetter("teacher_id")):
        own = list(given)
        yield Applicant(
            teacher_id,
            own[0]["school_id"],
            own[0]["favoured"],
            own[0]["places"],
            own[0]["given"],
            tuple((row["id"], row["activity_id"]) for row in own),
            min(row["chosen_at"] for row in own),
            *(
                frozenset(row["activity_id"] for row in own if row[name])
                for name in ("placed", "queued", "outside")
            ),
        )
