"""Audiences (对象): the units, groups and networks for which activities, surveys and notices are.

A unit stands for everyone below it, a group for those who belong to it at the time of asking, a network
for the schools that belong to it on the day of publishing. Where strata are named (分层、分类、分岗), only
those of the audience are meant who count in one on a day: its candidates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access.doors import PLACE
from app.domain.access.subjects import schools_of_subject
from app.domain.base import TODAY, Table, holds_on, in_force
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import Stratum, counts_in
from app.domain.training.groups import GroupMember, groups_with
from app.sql import Connection, Statement

TARGETS = bindparam("targets", type_=ARRAY(Uuid))
"""The keys of units, groups and networks that are to be addressed."""


@dataclass(frozen=True, eq=False)
class Audience:
    """For whom things of one kind are: a table of targets, and its column with the key of the thing."""

    table: type[Table]
    owner: str

    @property
    def _columns(self) -> Any:
        return self.table.__table__.c  # type: ignore[attr-defined]

    def is_for(self, thing_id: Any, addresses: Any) -> ColumnElement[bool]:
        """The predicate 'that thing is meant for one of these': units, groups and teachers by key.

        A teacher among them is addressed through the groups that the teacher belongs to today; the
        units at and above a teacher must be named themselves.
        """
        given = select(func.unnest(addresses))
        targets = func.array(union_all(given, groups_with(addresses)).scalar_subquery())
        target = self._columns.target_id
        named = select(target).where(self._columns[self.owner] == thing_id, target == any_(targets))
        return exists(named)

    def is_for_teacher(self, thing_id: Any) -> ColumnElement[bool]:
        """The predicate 'that thing is meant for this row of teachers': by a unit at or above, or a group."""
        target = self._columns.target_id
        groups = (
            select(col(GroupMember.group_id))
            .where(col(GroupMember.teacher_id) == col(Teacher.id), holds_on(GroupMember, TODAY))
            .correlate(Teacher)
        )
        units = (target == col(getattr(Teacher, column)) for column in PLACE)
        meant = select(target).where(
            self._columns[self.owner] == thing_id, or_(*units, target.in_(groups))
        )
        return exists(meant.correlate_except(self.table))

    def shown(self, thing_id: Any) -> ColumnElement[Any]:
        """The targets of a thing as an array, for its view."""
        target = self._columns.target_id
        named = select(target).where(self._columns[self.owner] == thing_id).order_by(target)
        return func.array(named.scalar_subquery())

    @cached_property
    def _clear(self) -> Statement:
        return Statement(delete(self.table).where(self._columns[self.owner] == _THING))

    @cached_property
    def _expand(self) -> Statement:
        day, owner = bindparam("today", type_=Date), self._columns[self.owner]
        meant = schools_of_subject(self._columns.target_id, lambda c: in_force(c, day))
        schools = meant.lateral("meant")
        rows = (
            select(owner, schools.c.school_id)
            .select_from(self.table.__table__.join(schools, true()))  # type: ignore[attr-defined]
            .where(owner == _THING)
        )
        added = insert(self.table).from_select([self.owner, "target_id"], rows)
        return Statement(added.on_conflict_do_nothing())

    async def add(self, db: Connection, *, thing_id: UUID, targets: Sequence[UUID]) -> None:
        """Let a new thing be for these targets, each named once."""
        rows = [{self.owner: thing_id, "target_id": target} for target in targets]
        await db.insert_all(self.table, rows)

    async def replace(self, db: Connection, *, thing_id: UUID, targets: Sequence[UUID]) -> None:
        """Let a thing be for these targets alone, each named once."""
        await db.run(self._clear, thing_id=thing_id)
        await self.add(db, thing_id=thing_id, targets=targets)

    async def expand_networks(self, db: Connection, *, thing_id: UUID, today: date) -> None:
        """Let what is for networks be for the schools that belong to them on a day.

        It is run when the thing is published: who joins later is not addressed by what was there before.
        """
        await db.run(self._expand, thing_id=thing_id, today=today)


_THING = bindparam("thing_id", type_=Uuid)


@dataclass(frozen=True, eq=False)
class Candidates:
    """Who of the audiences of things of one kind counts in the strata that a thing is for.

    `table` has the key of the thing, in the column that the audience has, beside the teacher's; `things`
    are those that name strata. Who counts is written when a thing is published, as is then known of a
    day, and asked from then on: who comes to count later is not meant by what was there before.
    """

    audience: Audience
    table: type[Table]
    things: type[Table]

    @property
    def _columns(self) -> Any:
        return self.table.__table__.c  # type: ignore[attr-defined]

    @cached_property
    def _any_thing(self) -> Any:
        return aliased(self.things)

    def includes(self, thing_id: Any, teacher_id: Any) -> ColumnElement[bool]:
        """The predicate 'that thing is for all of its audience, or this teacher counts in its strata'."""
        thing = self._any_thing
        for_some = select(thing.id).where(thing.id == thing_id, func.cardinality(thing.strata) > 0)
        named = select(self._columns.teacher_id).where(
            self._columns[self.audience.owner] == thing_id, self._columns.teacher_id == teacher_id
        )
        for_all = ~exists(for_some.correlate_except(thing))
        return or_(for_all, exists(named.correlate_except(self.table)))

    def includes_this_teacher(self, thing_id: Any) -> ColumnElement[bool]:
        """The predicate 'that thing is meant for this row of teachers', by audience and strata."""
        meant = self.audience.is_for_teacher(thing_id)
        return and_(meant, self.includes(thing_id, col(Teacher.id)))

    @lru_cache(maxsize=64)  # noqa: B019  there is one of each kind of things, for as long as we live
    def _write(self, strata: tuple[Stratum, ...]) -> Statement:
        day = bindparam("day", type_=Date)
        meant = select(_THING, col(Teacher.id)).where(
            self.audience.is_for_teacher(_THING),
            or_(*(counts_in(stratum, day) for stratum in strata)),
        )
        added = insert(self.table).from_select([self.audience.owner, "teacher_id"], meant)
        return Statement(added.on_conflict_do_nothing())

    async def write(
        self, db: Connection, *, thing_id: UUID, strata: Sequence[str], day: date
    ) -> None:
        """Write who of the audience counts on a day in the strata of a thing, where it names any."""
        if wanted := tuple(sorted({Stratum(each) for each in strata})):
            await db.run(self._write(wanted), thing_id=thing_id, day=day)


def among_targets(table: Any, unit_id: Any) -> Select[Any]:
    """Which of `TARGETS` are rows of a placed table at or below a unit."""
    columns = table.__table__.c
    below = or_(*(columns[name] == unit_id for name in PLACE))
    return select(columns.id).where(columns.id == any_(TARGETS), below)
