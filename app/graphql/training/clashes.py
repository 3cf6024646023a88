"""Clashes between teaching and training over GraphQL, and free times."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import clashes
from app.domain.training.clashes import ClashReport, ClashView, FreeTime
from app.domain.training.school_calendars import Semester
from app.graphql.context import Context
from app.request import now

strawberry.pydantic.type(name="Clash", description="工学矛盾 / a clash")(ClashView)


@strawberry.pydantic.type(name="ClashReport", description="工学矛盾 / clashes and their number")
class ClashReportNode(ClashReport):
    """How many clashes there are, and which."""


@strawberry.pydantic.type(name="FreeTime", description="可研修时间 / a half-day with few lessons")
class FreeTimeNode(FreeTime):
    """A half-day, and how many give no lessons then."""


@strawberry.type
class ClashQueries:
    """What may be asked about clashes and free times."""

    @strawberry.field(
        description="活动与课表的冲突 / clashes of an activity", graphql_type=ClashReportNode
    )
    async def clashes(self, info: Info[Context], activity_id: UUID) -> Any:
        """Who of those whom an activity is for, and who are enrolled, teach during it."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: clashes.list_clashes(db, actor, activity_id=activity_id)
        )

    @strawberry.field(
        description="学校一学期的冲突 / clashes of a school's term", graphql_type=ClashReportNode
    )
    async def school_clashes(
        self,
        info: Info[Context],
        school_id: UUID,
        school_year: int | None = None,
        semester: Semester | None = None,
    ) -> Any:
        """Which teachers of a school teach during sessions of published activities."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: clashes.list_school_clashes(
                db,
                actor,
                school_id=school_id,
                now=now(),
                school_year=school_year,
                semester=semester,
            )
        )

    @strawberry.field(description="教师的冲突 / clashes of a teacher", graphql_type=ClashReportNode)
    async def teacher_clashes(
        self,
        info: Info[Context],
        teacher_id: UUID,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """A teacher's sessions that clash with own lessons, or with each other."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: clashes.list_teacher_clashes(
                db, actor, teacher_id=teacher_id, now=now(), since=since, until=until
            )
        )

    @strawberry.field(
        description="学校的可研修时间 / half-days with few lessons at a school",
        graphql_type=list[FreeTimeNode],
    )
    async def free_times(
        self, info: Info[Context], school_id: UUID, week_of: date | None = None
    ) -> Any:
        """The half-days of a week on which most teachers of a school give no lessons."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: clashes.list_free_times(
                db, actor, school_id=school_id, now=now(), week_of=week_of
            )
        )

    @strawberry.field(
        description="教研组的可研修时间 / half-days with few lessons in a group",
        graphql_type=list[FreeTimeNode],
    )
    async def group_free_times(
        self, info: Info[Context], group_id: UUID, week_of: date | None = None
    ) -> Any:
        """The half-days of a week on which most members of a group give no lessons."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: clashes.list_group_free_times(
                db, actor, group_id=group_id, now=now(), week_of=week_of
            )
        )
