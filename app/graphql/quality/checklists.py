"""Checklists over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits.assessment_requirements import AssessmentTerm
from app.domain.organisation import units
from app.domain.people import teachers
from app.domain.quality import checklists
from app.domain.quality.checklists import (
    ChecklistEnd,
    ChecklistItem,
    ChecklistProgress,
    ChecklistTickView,
    ChecklistView,
    NewChecklist,
    NewChecklistItem,
    NewTick,
    TickWithdrawal,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# The items of a checklist have no edges: they are the types themselves.
strawberry.pydantic.type(name="ChecklistItem", description=ChecklistItem.__doc__)(ChecklistItem)
strawberry.pydantic.input(name="NewChecklistItem", description=NewChecklistItem.__doc__)(
    NewChecklistItem
)


@node(checklists.CHECKLISTS, name="Checklist", description="研修清单 / a school's checklist")
class ChecklistNode(Node, ChecklistView):
    """A checklist and its school."""

    school = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="school_id",
        description="学校 / school",
    )


@node(checklists.TICKS, name="ChecklistTick", description="清单确认 / a tick")
class ChecklistTickNode(Node, ChecklistTickView):
    """A tick and whose it is."""

    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / teacher",
    )


@strawberry.pydantic.type(name="ChecklistProgress", description="清单进度 / how far somebody is")
class ChecklistProgressNode(ChecklistProgress):
    """How far a teacher is with an item."""


@strawberry.pydantic.input(name="NewChecklist")
class NewChecklistInput(NewChecklist):
    """A checklist to be asked."""


@strawberry.pydantic.input(name="ChecklistEnd")
class ChecklistEndInput(ChecklistEnd):
    """The day from which it is no longer asked."""


@strawberry.pydantic.input(name="NewChecklistTick")
class NewTickInput(NewTick):
    """A tick to be entered."""


@strawberry.pydantic.input(name="ChecklistTickWithdrawal")
class TickWithdrawalInput(TickWithdrawal):
    """Why a tick does not stand."""


@strawberry.type
class ChecklistQueries:
    """What may be asked about checklists."""

    @strawberry.field(description="研修清单 / a checklist", graphql_type=ChecklistNode)
    async def checklist(self, info: Info[Context], checklist_id: UUID) -> Any:
        """One checklist with its items."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: checklists.get_checklist(db, actor, checklist_id=checklist_id)
        )

    @strawberry.field(description="研修清单 / checklists", graphql_type=Connection[ChecklistNode])
    async def checklists(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        school_id: UUID | None = None,
        term: AssessmentTerm | None = None,
        in_force: bool | None = None,
    ) -> Any:
        """The checklists of the schools in the actor's place (`valid_from`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: checklists.list_checklists(
                db, actor, page=page, school_id=school_id, term=term, in_force=in_force
            ),
        )

    @strawberry.field(
        description="本校现行清单 / what the own school asks today",
        graphql_type=Connection[ChecklistNode],
    )
    async def school_checklists(
        self, info: Info[Context], first: First = 50, after: After = None, sort: Sort = None
    ) -> Any:
        """What the actor's own school asks today (`valid_from`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: checklists.list_school_checklists(db, actor, page=page),
        )

    @strawberry.field(
        description="全校清单进度 / how far the teachers of a school are",
        graphql_type=list[ChecklistProgressNode],
    )
    async def checklist_progress(
        self,
        info: Info[Context],
        checklist_id: UUID,
        starts_on: date | None = None,
        ends_on: date | None = None,
    ) -> Any:
        """How far each teacher is whom a checklist asks, item by item."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: checklists.list_checklist_progress(
                db, actor, checklist_id=checklist_id, starts_on=starts_on, ends_on=ends_on,
                now=now(),
            )
        )  # fmt: skip

    @strawberry.field(
        description="教师清单进度 / how far a teacher is", graphql_type=list[ChecklistProgressNode]
    )
    async def teacher_checklist_progress(
        self,
        info: Info[Context],
        teacher_id: UUID,
        term: AssessmentTerm = AssessmentTerm.YEAR,
        starts_on: date | None = None,
        ends_on: date | None = None,
    ) -> Any:
        """How far one teacher is with what the school asks in a term; teachers see their own."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: checklists.list_teacher_checklist_progress(
                db, actor, teacher_id=teacher_id, term=term, starts_on=starts_on, ends_on=ends_on,
                now=now(),
            )
        )  # fmt: skip

    @strawberry.field(description="清单确认 / ticks", graphql_type=Connection[ChecklistTickNode])
    async def checklist_ticks(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        checklist_id: UUID | None = None,
        teacher_id: UUID | None = None,
        stands: bool | None = None,
    ) -> Any:
        """The ticks in the actor's place, and one's own (`done_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: checklists.list_checklist_ticks(
                db, actor, page=page, checklist_id=checklist_id, teacher_id=teacher_id,
                stands=stands,
            ),
        )  # fmt: skip


@strawberry.type
class ChecklistMutations:
    """What may be done about checklists."""

    @strawberry.mutation(description="制定清单 / write a checklist", graphql_type=ChecklistNode)
    async def create_checklist(
        self, info: Info[Context], unit_id: UUID, new: NewChecklistInput
    ) -> Any:
        """Ask the teachers of a school for what a checklist says."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await checklists.create_checklist(db, actor, unit_id=unit_id, new=new, now=now())

    @strawberry.mutation(description="终止清单 / no longer ask it", graphql_type=ChecklistNode)
    async def end_checklist(
        self, info: Info[Context], checklist_id: UUID, end: ChecklistEndInput
    ) -> Any:
        """No longer ask it, from a day on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await checklists.end_checklist(
                db, actor, checklist_id=checklist_id, end=end, now=now()
            )

    @strawberry.mutation(description="确认清单事项 / tick an item", graphql_type=ChecklistTickNode)
    async def tick_checklist_item(
        self, info: Info[Context], teacher_id: UUID, new: NewTickInput
    ) -> Any:
        """Confirm that a teacher has done what an item asks."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await checklists.tick_checklist_item(
                db, actor, teacher_id=teacher_id, new=new, now=now()
            )

    @strawberry.mutation(description="撤销确认 / withdraw a tick", graphql_type=ChecklistTickNode)
    async def withdraw_checklist_tick(
        self, info: Info[Context], tick_id: UUID, withdrawal: TickWithdrawalInput
    ) -> Any:
        """Take a tick back, with the reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await checklists.withdraw_checklist_tick(
                db, actor, tick_id=tick_id, withdrawal=withdrawal, now=now()
            )
