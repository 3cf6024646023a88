"""What is free in an activity: its rule, the quotas of schools, what is taken of them, and who waits."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Uuid,
    any_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlmodel import Field, col

from app.domain.access.walled import Beyond
from app.domain.aside import SetAside, not_among
from app.domain.base import Table, civil_date
from app.domain.people.teachers import Teacher
from app.domain.training.activities import Activity, ActivityState, is_meant_for_teacher
from app.domain.training.enrolments.beyond import IS_BEYOND_ITS_ROUND
from app.domain.training.enrolments.enrolment import HAS_PLACE, WAITS, Enrolment
from app.sql import Connection, Row, Statement


class PlaceRuleFields(BaseModel):
    """What becomes of those for whom there is no place, and who asks for one."""

    waiting_list: bool = Field(
        default=False,
        description="满员后可否候补 / whether whoever asks for more waits for a place",
        sa_column_kwargs={"server_default": text("false")},
    )
    by_nomination: bool = Field(
        default=False,
        description="是否仅由学校推荐报名 / whether schools alone enrol their teachers",
        sa_column_kwargs={"server_default": text("false")},
    )
    released_on: date | None = Field(
        default=None,
        description="未用名额开放之日，空为一直保留 / day from which quotas keep nothing; null: never",
    )


class PlaceRule(PlaceRuleFields, Table, table=True):
    """What an organiser decided of one activity's places; without a row, nothing of the kind."""

    activity_id: UUID = Field(primary_key=True, foreign_key="activity.id", sa_type=Uuid)
    by_choice: bool = Field(sa_column_kwargs={"server_default": text("false")})


class SchoolQuota(BaseModel):
    """How many places of an activity are for one school."""

    school_id: UUID = Field(description="学校 / school", sa_type=Uuid)
    places: int = Field(ge=0, le=100_000, description="名额 / places for it")


class PlaceQuota(Table, table=True):
    """The quota of one school in one activity."""

    __table_args__ = (CheckConstraint("places >= 0", name="places"),)

    activity_id: UUID = Field(primary_key=True, foreign_key="activity.id", sa_type=Uuid)
    school_id: UUID = Field(primary_key=True, foreign_key="unit.id", sa_type=Uuid)
    places: int


class Room:
    """What is free in an activity, while its row is held: for whom, and how much."""

    def __init__(self, rule: Row, quotas: Iterable[Row], today: date) -> None:
        """From the activity's rule with what is taken, and the quotas with what their schools took."""
        self.limit: int | None = rule["capacity"]
        self.taken: int = rule["taken"]
        given, released = list(quotas), rule["released_on"]
        kept = [] if released is not None and released <= today else given
        self.left = {row["school_id"]: row["places"] - row["taken"] for row in kept}
        self.unkept: int | None = None
        if kept and self.limit is not None:
            others = self.taken - sum(row["taken"] for row in kept)
            self.unkept = self.limit - sum(row["places"] for row in kept) - others

    @property
    def is_full(self) -> bool:
        """Whether nothing is free for anybody."""
        return self.limit is not None and self.taken >= self.limit

    def has_place(self, school_id: UUID) -> bool:
        """Whether somebody of this school would have a place."""
        own = self.left.get(school_id, self.unkept)
        return not self.is_full and (own is None or own > 0)

    def take(self, school_id: UUID) -> None:
        """Count a place as taken by somebody of this school."""
        self.taken += 1
        if school_id in self.left:
            self.left[school_id] -= 1
        elif self.unkept is not None:
            self.unkept -= 1


_activity = bindparam("activity_id", type_=Uuid)
_activities = bindparam("activity_ids", type_=ARRAY(Uuid))


def _count(condition: object) -> object:
    counted = select(func.count()).select_from(Enrolment)
    return (
        counted.where(col(Enrolment.activity_id) == col(Activity.id), condition)  # type: ignore[arg-type]
        .correlate(Activity)
        .scalar_subquery()
    )


_rules: Any = select(
    col(Activity.id).label("activity_id"),
    col(Activity.capacity),
    *(
        func.coalesce(col(getattr(PlaceRule, name)), False).label(name)
        for name in ("waiting_list", "by_nomination", "by_choice")
    ),
    col(PlaceRule.released_on),
    _count(HAS_PLACE).label("taken"),  # type: ignore[attr-defined]
    _count(WAITS).label("waiting"),  # type: ignore[attr-defined]
).outerjoin_from(Activity, PlaceRule, col(PlaceRule.activity_id) == col(Activity.id))
NONE_LEFT: Any = func.coalesce(_count(HAS_PLACE) >= col(Activity.capacity), False) & ~exists(
    select(col(PlaceRule.activity_id))
    .where(col(PlaceRule.activity_id) == col(Activity.id), col(PlaceRule.waiting_list))
    .correlate(Activity)
)
"""The predicate 'all places of this row of activities are taken, and nobody waits for one'."""
RULE = Statement(_rules.where(col(Activity.id) == _activity), beyond=Beyond.COUNTED)
_RULES = Statement(_rules.where(col(Activity.id) == any_(_activities)), beyond=Beyond.COUNTED)
_quotas = (
    select(
        col(PlaceQuota.school_id),
        col(PlaceQuota.places),
        func.count(col(Enrolment.id)).label("taken"),
    )
    .outerjoin_from(
        PlaceQuota,
        Enrolment,
        (col(Enrolment.activity_id) == col(PlaceQuota.activity_id))
        & (col(Enrolment.school_id) == col(PlaceQuota.school_id))
        & HAS_PLACE,
    )
    .group_by(col(PlaceQuota.activity_id), col(PlaceQuota.school_id))
    .order_by(col(PlaceQuota.school_id))
)
_QUOTAS = Statement(_quotas.where(col(PlaceQuota.activity_id) == _activity), beyond=Beyond.COUNTED)
_ALL_QUOTAS = Statement(
    _quotas.add_columns(col(PlaceQuota.activity_id)).where(
        col(PlaceQuota.activity_id) == any_(_activities)
    ),
    beyond=Beyond.COUNTED,
)


async def places_of(db: Connection, *, activity_id: UUID) -> Row:
    """The rule of an activity, what is taken, who waits, and the quotas; its door was passed."""
    rule = await db.one(RULE, activity_id=activity_id) or {}
    return rule | {"quotas": await db.all(_QUOTAS, activity_id=activity_id)}


async def rooms_of(
    db: Connection, *, activity_ids: Sequence[UUID], now: datetime
) -> dict[UUID, tuple[Row, Room]]:
    """The rule of each activity and what is free in it; the caller holds their rows."""
    quotas: dict[UUID, list[Row]] = {activity_id: [] for activity_id in activity_ids}
    for row in await db.all(_ALL_QUOTAS, activity_ids=list(activity_ids)):
        quotas[row["activity_id"]].append(row)
    return {
        rule["activity_id"]: (rule, Room(rule, quotas[rule["activity_id"]], civil_date(now)))
        for rule in await db.all(_RULES, activity_ids=list(activity_ids))
    }


_WAITING = Statement(
    select(col(Enrolment.id), col(Enrolment.school_id))
    .join(Teacher, col(Teacher.id) == col(Enrolment.teacher_id))
    .where(
        col(Enrolment.activity_id) == _activity,
        WAITS,
        is_meant_for_teacher(_activity),
        ~IS_BEYOND_ITS_ROUND,
    )
    .order_by(col(Enrolment.waiting_turn))
)
_ADMIT = Statement(
    update(Enrolment)
    .where(col(Enrolment.id) == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .values(waiting_turn=None)
)


async def fill_places(db: Connection, *, activity_id: UUID, now: datetime) -> tuple[Row, Room]:
    """Let those who wait have what is free, in their turn; the caller holds the activity's row.

    Whoever waits and is no longer among those the activity is for waits on; and so does who chose it in a
    round of choice that gives one no more places, or would be in two places at once. Answers the rule and what
    is free afterwards.
    """
    rule = await places_of(db, activity_id=activity_id)
    room = Room(rule, rule["quotas"], civil_date(now))
    if rule["waiting"] and not room.is_full:
        admitted = []
        for row in await db.all(_WAITING, activity_id=activity_id):
            if room.has_place(row["school_id"]):
                room.take(row["school_id"])
                admitted.append(row["id"])
        if admitted:
            await db.run(_ADMIT, ids=admitted)
    return rule, room


_waits_in_it = exists(
    select(col(Enrolment.id)).where(col(Enrolment.activity_id) == col(Activity.id), WAITS)
)
_taken_in_it = (
    select(func.count())
    .select_from(Enrolment)
    .where(col(Enrolment.activity_id) == col(Activity.id), HAS_PLACE)
    .correlate(Activity)
    .scalar_subquery()
)
_NOT_FULL = Statement(
    select(col(Activity.id))
    .where(
        col(Activity.state) == ActivityState.PUBLISHED,
        col(Activity.id) > bindparam("after", type_=Uuid),
        _waits_in_it,
        or_(col(Activity.capacity).is_(None), _taken_in_it < col(Activity.capacity)),
        not_among(col(Activity.id)),
    )
    .order_by(col(Activity.id))
    .limit(50)
    .with_for_update(skip_locked=True)
)


async def fill_freed_places(
    db: Connection, *, after: UUID, now: datetime, aside: SetAside | None = None
) -> UUID | None:
    """Give out what became free without a change: on a day of release, by a transfer or a merger.

    Of fifty activities with keys beyond `after`; the last key, or None where there are no more.
    """
    aside = aside or SetAside("activity")
    held = await db.all(_NOT_FULL, after=after, aside=aside.keys(now))

    async def fill(some: Sequence[Row]) -> int:
        # One after the other, in one order: those that have both room and a list are few.
        for row in some:
            await fill_places(db, activity_id=row["id"], now=now)
        return len(some)

    if held:
        await aside.work(db, held, fill, now=now)
    return held[-1]["id"] if held else None
