"""Diagnoses of school-based training over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.base import civil_date
from app.domain.organisation import units
from app.domain.training import diagnoses
from app.domain.training.diagnoses import (
    DiagnosisAnswer,
    DiagnosisDue,
    DiagnosisView,
    FindingView,
    MeasureView,
    NewDiagnosis,
    NewFinding,
    NewMeasure,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

strawberry.pydantic.type(name="DiagnosisFinding", description=FindingView.__doc__)(FindingView)
strawberry.pydantic.type(name="DiagnosisMeasure", description=MeasureView.__doc__)(MeasureView)
strawberry.pydantic.input(name="NewFinding", description=NewFinding.__doc__)(NewFinding)
strawberry.pydantic.input(name="NewMeasure", description=NewMeasure.__doc__)(NewMeasure)


@node(diagnoses.DIAGNOSES, name="Diagnosis", description="校本培训诊断 / a diagnosis")
class DiagnosisNode(Node, DiagnosisView):
    """A diagnosis with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="被诊断单位 / unit that was diagnosed",
    )
    by_unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="by_unit_id",
        description="诊断方教育局 / bureau on whose behalf, null where the actor may not see it",
    )


@strawberry.pydantic.type(name="DiagnosisDue", description="学校诊断情况 / when a school is due")
class DiagnosisDueNode(DiagnosisDue):
    """When a school was last diagnosed."""


@strawberry.pydantic.input(name="NewDiagnosis")
class NewDiagnosisInput(NewDiagnosis):
    """A diagnosis to be recorded."""


@strawberry.pydantic.input(name="DiagnosisAnswer")
class DiagnosisAnswerInput(DiagnosisAnswer):
    """What the diagnosed unit answers."""


@strawberry.type
class DiagnosisQueries:
    """What may be asked about diagnoses."""

    @strawberry.field(description="一次诊断 / one diagnosis", graphql_type=DiagnosisNode)
    async def diagnosis(self, info: Info[Context], id: UUID) -> Any:
        """One diagnosis."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: diagnoses.get_diagnosis(db, actor, diagnosis_id=id)
        )

    @strawberry.field(description="诊断列表 / diagnoses", graphql_type=Connection[DiagnosisNode])
    async def diagnoses(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        by_unit_id: UUID | None = None,
        answered: bool | None = None,
        due_before: date | None = None,
    ) -> Any:
        """A page of diagnoses."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: diagnoses.list_diagnoses(
                db, actor, page=page, unit_id=unit_id, by_unit_id=by_unit_id, answered=answered,
                due_before=due_before,
            ),
        )  # fmt: skip

    @strawberry.field(
        description="各校诊断情况 / schools, by their last diagnosis",
        graphql_type=list[DiagnosisDueNode],
    )
    async def diagnosis_dues(self, info: Info[Context], unit_id: UUID) -> Any:
        """Each open school of a unit: when it was last diagnosed."""
        actor, today = info.context.actor, civil_date(now())
        return await info.context.read(
            lambda db: diagnoses.list_diagnosis_dues(db, actor, unit_id=unit_id, today=today)
        )


@strawberry.type
class DiagnosisMutations:
    """What may be done about diagnoses."""

    @strawberry.mutation(description="登记诊断 / record a diagnosis", graphql_type=DiagnosisNode)
    async def record_diagnosis(
        self, info: Info[Context], unit_id: UUID, new: NewDiagnosisInput
    ) -> Any:
        """Record what was diagnosed."""
        async with info.context.transaction() as db:
            return await diagnoses.record_diagnosis(
                db, info.context.actor, unit_id=unit_id, new=new, now=now()
            )

    @strawberry.mutation(description="答复诊断 / answer a diagnosis", graphql_type=DiagnosisNode)
    async def answer_diagnosis(
        self, info: Info[Context], diagnosis_id: UUID, reply: DiagnosisAnswerInput
    ) -> Any:
        """Answer for the diagnosed unit."""
        async with info.context.transaction() as db:
            return await diagnoses.answer_diagnosis(
                db, info.context.actor, diagnosis_id=diagnosis_id, reply=reply, now=now()
            )
