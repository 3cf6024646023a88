"""Sheets of pay inputs over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.people import teachers
from app.domain.quality import pay_schemes, pay_sheets
from app.domain.quality.pay_sheets import (
    NewPaySheet,
    PayLineView,
    PayObjection,
    PayObjectionDecision,
    PayPart,
    PaySheetState,
    PaySheetView,
    PaySheetWithdrawal,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# What stands within has no edges: these are the types themselves.
strawberry.pydantic.type(name="PayPart", description=PayPart.__doc__)(PayPart)


@node(pay_sheets.PAY_SHEETS, name="PaySheet", description="绩效投入表 / a sheet of pay inputs")
class PaySheetNode(Node, PaySheetView):
    """A sheet, its school, its scheme and its lines."""

    school = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="school_id",
        description="学校 / school",
    )
    scheme = edge(
        pay_schemes.pay_schemes_by_id,
        lazy("app.graphql.quality.pay_schemes", "PaySchemeNode"),
        many=False,
        keys="scheme_ids",
        key="scheme_id",
        description="方案 / scheme",
    )
    lines = paged_edge(
        pay_sheets.pay_lines_of,
        lazy("app.graphql.quality.pay_sheets", "PayLineNode"),
        keys="sheet_ids",
        first=20,
        description="教师明细 / lines of teachers",
    )


@node(pay_sheets.PAY_LINES, name="PayLine", description="绩效投入明细 / a line of pay inputs")
class PayLineNode(Node, PayLineView):
    """One teacher's line, with the sheet where one may see it."""

    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / teacher",
    )
    sheet = edge(
        pay_sheets.pay_sheets_by_id,
        lazy("app.graphql.quality.pay_sheets", "PaySheetNode"),
        many=False,
        keys="sheet_ids",
        key="sheet_id",
        description="投入表 / sheet",
    )


@strawberry.pydantic.input(name="NewPaySheet")
class NewPaySheetInput(NewPaySheet):
    """A period to be counted."""


@strawberry.pydantic.input(name="PayObjection")
class PayObjectionInput(PayObjection):
    """What is wrong in the own line."""


@strawberry.pydantic.input(name="PayObjectionDecision")
class PayObjectionDecisionInput(PayObjectionDecision):
    """What is answered."""


@strawberry.pydantic.input(name="PaySheetWithdrawal")
class PaySheetWithdrawalInput(PaySheetWithdrawal):
    """Why a sheet does not stand."""


@strawberry.type
class PaySheetQueries:
    """What may be asked: sheets of pay inputs."""

    @strawberry.field(
        description="绩效投入表 / sheets of pay inputs", graphql_type=Connection[PaySheetNode]
    )
    async def pay_sheets(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        school_id: UUID | None = None,
        state: PaySheetState | None = None,
    ) -> Any:
        """The sheets of the schools in the actor's place (`starts_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: pay_sheets.list_pay_sheets(
                db, actor, page=page, school_id=school_id, state=state
            ),
        )

    @strawberry.field(description="绩效投入表 / a sheet", graphql_type=PaySheetNode)
    async def pay_sheet(self, info: Info[Context], sheet_id: UUID) -> Any:
        """One sheet of a school in the actor's place."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: pay_sheets.get_pay_sheet(db, actor, sheet_id=sheet_id)
        )

    @strawberry.field(
        description="绩效投入明细 / lines of pay inputs", graphql_type=Connection[PayLineNode]
    )
    async def pay_lines(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        sheet_id: UUID | None = None,
        teacher_id: UUID | None = None,
        objected: bool | None = None,
    ) -> Any:
        """The lines in the actor's place, and one's own (`created`, `points`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: pay_sheets.list_pay_lines(
                db, actor, page=page, sheet_id=sheet_id, teacher_id=teacher_id, objected=objected
            ),
        )

    @strawberry.field(description="绩效投入明细 / a line", graphql_type=PayLineNode)
    async def pay_line(self, info: Info[Context], line_id: UUID) -> Any:
        """One line, for the teacher and for those in charge."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: pay_sheets.get_pay_line(db, actor, line_id=line_id)
        )


@strawberry.type
class PaySheetMutations:
    """What may be done: sheets of pay inputs."""

    @strawberry.mutation(description="生成绩效投入表 / count a period", graphql_type=PaySheetNode)
    async def make_pay_sheet(
        self, info: Info[Context], unit_id: UUID, new: NewPaySheetInput
    ) -> Any:
        """Count a period that is over for every teacher of a school."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await pay_sheets.make_pay_sheet(db, actor, unit_id=unit_id, new=new, now=now())

    @strawberry.mutation(
        description="对本人明细提出异议 / object to the own line", graphql_type=PayLineNode
    )
    async def object_to_pay_line(
        self, info: Info[Context], line_id: UUID, said: PayObjectionInput
    ) -> Any:
        """Object in person to the own line, while its days last."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await pay_sheets.object_to_pay_line(
                db, actor, line_id=line_id, said=said, now=now()
            )

    @strawberry.mutation(description="处理明细异议 / answer an objection", graphql_type=PayLineNode)
    async def decide_pay_objection(
        self, info: Info[Context], line_id: UUID, decision: PayObjectionDecisionInput
    ) -> Any:
        """Answer an objection; upheld, the line is counted anew from the register."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await pay_sheets.decide_pay_objection(
                db, actor, line_id=line_id, decision=decision, now=now()
            )

    @strawberry.mutation(description="人工确认投入表 / confirm a sheet", graphql_type=PaySheetNode)
    async def confirm_pay_sheet(self, info: Info[Context], sheet_id: UUID) -> Any:
        """Confirm a sheet as a human who neither made it nor is on it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await pay_sheets.confirm_pay_sheet(db, actor, sheet_id=sheet_id, now=now())

    @strawberry.mutation(description="撤回投入表 / withdraw a sheet", graphql_type=PaySheetNode)
    async def withdraw_pay_sheet(
        self, info: Info[Context], sheet_id: UUID, withdrawal: PaySheetWithdrawalInput
    ) -> Any:
        """Withdraw a sheet with the reason, so that its days can be counted anew."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await pay_sheets.withdraw_pay_sheet(
                db, actor, sheet_id=sheet_id, withdrawal=withdrawal, now=now()
            )
