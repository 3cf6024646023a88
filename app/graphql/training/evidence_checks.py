"""Checks of notes, observation sheets and evidence over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import evidence_checks
from app.domain.training.evidence_checks import ChecksRecorded, CheckView, NewCheck, NewChecks
from app.graphql.context import Context
from app.request import now

strawberry.pydantic.input(name="NewCheck", description=NewCheck.__doc__)(NewCheck)


@strawberry.pydantic.type(name="EvidenceCheck", description="学校检查 / a check by the school")
class CheckNode(CheckView):
    """A check."""


@strawberry.pydantic.type(name="ChecksRecorded", description="已记录的检查 / what was recorded")
class ChecksRecordedNode(ChecksRecorded):
    """What was recorded."""


@strawberry.pydantic.input(name="NewChecks")
class NewChecksInput(NewChecks):
    """A batch of checks."""


@strawberry.type
class EvidenceCheckQueries:
    """What may be asked about checks."""

    @strawberry.field(
        description="笔记的检查，最近的在前 / checks of a note", graphql_type=list[CheckNode]
    )
    async def note_checks(self, info: Info[Context], note_id: UUID) -> Any:
        """The checks of a note."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: evidence_checks.list_note_checks(db, actor, note_id=note_id)
        )

    @strawberry.field(
        description="听课记录的检查，最近的在前 / checks of a sheet", graphql_type=list[CheckNode]
    )
    async def observation_sheet_checks(self, info: Info[Context], sheet_id: UUID) -> Any:
        """The checks of an observation sheet."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: evidence_checks.list_observation_sheet_checks(db, actor, sheet_id=sheet_id)
        )

    @strawberry.field(
        description="佐证材料的检查，最近的在前 / checks of evidence", graphql_type=list[CheckNode]
    )
    async def evidence_checks(self, info: Info[Context], evidence_id: UUID) -> Any:
        """The checks of a piece of evidence."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: evidence_checks.list_evidence_checks(db, actor, evidence_id=evidence_id)
        )


@strawberry.type
class EvidenceCheckMutations:
    """What may be done with checks."""

    @strawberry.mutation(
        description="批量记录检查 / record checks, all or none", graphql_type=ChecksRecordedNode
    )
    async def check_evidence(self, info: Info[Context], new: NewChecksInput) -> Any:
        """Record what the school says of many things."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await evidence_checks.check_evidence(db, actor, new=new, now=now())
