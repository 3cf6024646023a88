"""School calendars over GraphQL: terms, holidays and make-up days, half-days for teaching research."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people.teachers import Subject
from app.domain.training import school_calendars
from app.domain.training.school_calendars import (
    CalendarDayFields,
    CalendarDayView,
    HalfDayView,
    NewCalendarDays,
    NewHalfDay,
    NewTerm,
    SchoolCalendarView,
    TermView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(school_calendars.TERMS, name="Term", description="学期 / a term")
class TermNode(Node, TermView):
    """A term as a unit set it."""


@node(
    school_calendars.CALENDAR_DAYS,
    name="CalendarDay",
    description="校历日：节假日或调休 / a holiday or a make-up day",
)
class CalendarDayNode(Node, CalendarDayView):
    """A day as a unit set it."""


@node(
    school_calendars.RESEARCH_HALF_DAYS,
    name="ResearchHalfDay",
    description="研修半天 / a half-day for teaching research",
)
class HalfDayNode(Node, HalfDayView):
    """A half-day that a unit keeps for a subject."""


@strawberry.pydantic.type(name="SchoolCalendar", description="校历 / what counts at a unit")
class SchoolCalendarNode(SchoolCalendarView):
    """What counts at a unit."""

    terms: list[TermNode]  # type: ignore[assignment]  # the same fields, as nodes
    days: list[CalendarDayNode]  # type: ignore[assignment]
    half_days: list[HalfDayNode]  # type: ignore[assignment]


@strawberry.pydantic.input(name="NewTerm")
class NewTermInput(NewTerm):
    """A term to be set."""


strawberry.pydantic.input(name="CalendarDayFields")(CalendarDayFields)


@strawberry.pydantic.input(name="NewCalendarDays")
class NewCalendarDaysInput(NewCalendarDays):
    """Days to be set."""


@strawberry.pydantic.input(name="NewHalfDay")
class NewHalfDayInput(NewHalfDay):
    """A half-day to be kept."""


@strawberry.type
class SchoolCalendarQueries:
    """What may be asked about school calendars."""

    @strawberry.field(
        description="单位适用的校历 / what counts at a unit", graphql_type=SchoolCalendarNode
    )
    async def school_calendar(
        self, info: Info[Context], unit_id: UUID, school_year: int | None = None
    ) -> Any:
        """What counts at a unit in a school year, from itself and from those above it."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: school_calendars.get_school_calendar(
                db, actor, unit_id=unit_id, now=now(), school_year=school_year
            )
        )

    @strawberry.field(
        description="本人学校的校历 / what counts at one's own school",
        graphql_type=SchoolCalendarNode,
    )
    async def own_school_calendar(self, info: Info[Context], school_year: int | None = None) -> Any:
        """What counts at a teacher's own school in a school year, the present one by default."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: school_calendars.get_own_school_calendar(
                db, actor, now=now(), school_year=school_year
            )
        )

    @strawberry.field(description="学期 / terms", graphql_type=Connection[TermNode])
    async def terms(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        school_year: int | None = None,
    ) -> Any:
        """The terms that the units in the actor's place have set (`starts_on`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: school_calendars.list_terms(
                db, actor, page=page, unit_id=unit_id, school_year=school_year
            ),
        )

    @strawberry.field(
        description="节假日与调休 / holidays and make-up days",
        graphql_type=Connection[CalendarDayNode],
    )
    async def calendar_days(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """The holidays and make-up days that the units in the actor's place have set (`day`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: school_calendars.list_calendar_days(
                db, actor, page=page, unit_id=unit_id, since=since, until=until
            ),
        )

    @strawberry.field(
        description="研修半天 / half-days for teaching research",
        graphql_type=Connection[HalfDayNode],
    )
    async def half_days(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        school_year: int | None = None,
        subject: Subject | None = None,
    ) -> Any:
        """The half-days that the units in the actor's place keep (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: school_calendars.list_half_days(
                db, actor, page=page, unit_id=unit_id, school_year=school_year, subject=subject
            ),
        )


@strawberry.type
class SchoolCalendarMutations:
    """What may be done about school calendars."""

    @strawberry.mutation(description="设定学期 / set a term", graphql_type=TermNode)
    async def set_term(self, info: Info[Context], unit_id: UUID, new: NewTermInput) -> Any:
        """Set a term for a unit and all below it, or give it other days."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await school_calendars.set_term(db, actor, unit_id=unit_id, new=new)

    @strawberry.mutation(
        description="设定节假日与调休 / set holidays and make-up days",
        graphql_type=list[CalendarDayNode],
    )
    async def set_calendar_days(
        self, info: Info[Context], unit_id: UUID, new: NewCalendarDaysInput
    ) -> Any:
        """Set holidays and make-up days for a unit and all below it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await school_calendars.set_calendar_days(db, actor, unit_id=unit_id, new=new)

    @strawberry.mutation(description="取消校历日 / take a day back", graphql_type=CalendarDayNode)
    async def remove_calendar_day(self, info: Info[Context], day_id: UUID) -> Any:
        """Take back what was set for a day; what it was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await school_calendars.remove_calendar_day(db, actor, day_id=day_id)

    @strawberry.mutation(description="设定研修半天 / keep a half-day", graphql_type=HalfDayNode)
    async def add_half_day(self, info: Info[Context], unit_id: UUID, new: NewHalfDayInput) -> Any:
        """Keep a half-day of the week for a subject, at a unit and all below it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await school_calendars.add_half_day(db, actor, unit_id=unit_id, new=new)

    @strawberry.mutation(
        description="取消研修半天 / keep a half-day no longer", graphql_type=HalfDayNode
    )
    async def remove_half_day(self, info: Info[Context], half_day_id: UUID) -> Any:
        """Keep a half-day no longer; what it was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await school_calendars.remove_half_day(db, actor, half_day_id=half_day_id)
