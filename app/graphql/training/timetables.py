"""Timetables over GraphQL: the file of a term, lessons, single lessons that are changed."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import timetables
from app.domain.training.school_calendars import Semester
from app.domain.training.timetables import (
    GivenLesson,
    LessonChangeView,
    LessonDifference,
    LessonView,
    NewLessonChange,
    PeriodOfDay,
    TimetableDiff,
    TimetableFile,
    TimetableLineRefused,
    TimetableView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@strawberry.pydantic.type(name="PeriodOfDay", description="节次 / a period of the day")
class PeriodNode(PeriodOfDay):
    """A period of the day."""


@node(timetables.TIMETABLES, name="Timetable", description="课表 / a timetable")
class TimetableNode(Node, TimetableView):
    """The timetable of a school in a term."""

    periods: list[PeriodNode]  # type: ignore[assignment]  # the same fields, as nodes


@node(timetables.LESSONS, name="Lesson", description="课 / a lesson of the week")
class LessonNode(Node, LessonView):
    """A lesson of the week."""


@node(
    timetables.LESSON_CHANGES,
    name="LessonChange",
    description="调课、代课 / a lesson that is moved or taken over",
)
class LessonChangeNode(Node, LessonChangeView):
    """A lesson that is given otherwise on a day."""


@strawberry.pydantic.type(name="GivenLesson", description="某日所上的课 / a lesson on a day")
class GivenLessonNode(GivenLesson):
    """A lesson on a day."""


strawberry.pydantic.type(name="LessonDifference", description=LessonDifference.__doc__)(
    LessonDifference
)
strawberry.pydantic.type(name="TimetableLineRefused", description=TimetableLineRefused.__doc__)(
    TimetableLineRefused
)


@strawberry.pydantic.type(name="TimetableDiff", description="课表变动 / what a file changes")
class TimetableDiffNode(TimetableDiff):
    """What a file changes in a timetable."""


strawberry.pydantic.input(name="PeriodOfDayInput")(PeriodOfDay)


@strawberry.pydantic.input(name="TimetableFile")
class TimetableFileInput(TimetableFile):
    """The timetable of a term as a file."""


@strawberry.pydantic.input(name="NewLessonChange")
class NewLessonChangeInput(NewLessonChange):
    """What becomes of a lesson on a day."""


@strawberry.type
class TimetableQueries:
    """What may be asked about timetables."""

    @strawberry.field(description="课表 / timetables", graphql_type=Connection[TimetableNode])
    async def timetables(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        school_id: UUID | None = None,
        school_year: int | None = None,
        semester: Semester | None = None,
    ) -> Any:
        """The timetables of the schools in the actor's place (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: timetables.list_timetables(
                db, actor, page=page, school_id=school_id, school_year=school_year,
                semester=semester,
            ),
        )  # fmt: skip

    @strawberry.field(description="一张课表 / one timetable", graphql_type=TimetableNode)
    async def timetable(self, info: Info[Context], timetable_id: UUID) -> Any:
        """One timetable with its periods."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: timetables.get_timetable(db, actor, timetable_id=timetable_id)
        )

    @strawberry.field(description="周课 / lessons of the week", graphql_type=Connection[LessonNode])
    async def lessons(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        timetable_id: UUID | None = None,
        teacher_id: UUID | None = None,
        weekday: int | None = None,
    ) -> Any:
        """The lessons of the week that the actor may see (`weekday`, `name`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: timetables.list_lessons(
                db, actor, page=page, timetable_id=timetable_id, teacher_id=teacher_id,
                weekday=weekday,
            ),
        )  # fmt: skip

    @strawberry.field(
        description="教师某段时间所上的课 / what a teacher teaches on days",
        graphql_type=list[GivenLessonNode],
    )
    async def teacher_lessons(
        self,
        info: Info[Context],
        teacher_id: UUID,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """What a teacher teaches on these days, after holidays, make-up days and changes."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: timetables.list_teacher_lessons(
                db, actor, teacher_id=teacher_id, now=now(), since=since, until=until
            )
        )

    @strawberry.field(
        description="调课、代课 / lessons that were changed",
        graphql_type=Connection[LessonChangeNode],
    )
    async def lesson_changes(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        timetable_id: UUID | None = None,
        since: date | None = None,
    ) -> Any:
        """The lessons that were moved or taken by others (`day`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: timetables.list_lesson_changes(
                db, actor, page=page, timetable_id=timetable_id, since=since
            ),
        )


@strawberry.type
class TimetableMutations:
    """What may be done about timetables."""

    @strawberry.mutation(
        description="预检课表 / read a timetable through", graphql_type=TimetableDiffNode
    )
    async def preview_timetable(
        self, info: Info[Context], school_id: UUID, file: TimetableFileInput
    ) -> Any:
        """What entering a file would change in the school's timetable; nothing is changed."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await timetables.preview_timetable(db, actor, school_id=school_id, file=file)

    @strawberry.mutation(description="导入课表 / enter a timetable", graphql_type=TimetableDiffNode)
    async def import_timetable(
        self, info: Info[Context], school_id: UUID, file: TimetableFileInput
    ) -> Any:
        """Let the school's timetable of a term be what the file says, or change nothing."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await timetables.import_timetable(
                db, actor, school_id=school_id, file=file, now=now()
            )

    @strawberry.mutation(
        description="调课、代课 / change a lesson of a day", graphql_type=LessonChangeNode
    )
    async def change_lesson(
        self, info: Info[Context], lesson_id: UUID, new: NewLessonChangeInput
    ) -> Any:
        """Let a lesson of one day be given at another time, or by another teacher."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await timetables.change_lesson(
                db, actor, lesson_id=lesson_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="撤销调课 / undo a change of a lesson", graphql_type=LessonChangeNode
    )
    async def undo_lesson_change(self, info: Info[Context], change_id: UUID) -> Any:
        """Let the lesson be given as the timetable says; what the change was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await timetables.undo_lesson_change(db, actor, change_id=change_id)
