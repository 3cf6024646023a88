"""Evidence of activities over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import evidence
from app.domain.training.evidence import EvidenceView, MissingEvidence, NewEvidence, OwnEvidence
from app.domain.training.evidence_kinds import EvidenceKind
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.files import FileLinkNode, NewFileLinkInput
from app.request import now


@node(evidence.EVIDENCE, name="Evidence", description="佐证材料 / a piece of evidence")
class EvidenceNode(Node, EvidenceView):
    """A piece of evidence."""


@strawberry.pydantic.type(
    name="MissingEvidence", description="缺少的佐证材料 / what is asked for and not there"
)
class MissingEvidenceNode(MissingEvidence):
    """What is asked for and not there."""


@strawberry.pydantic.input(name="NewEvidence")
class NewEvidenceInput(NewEvidence):
    """A piece of evidence that the organiser adds."""


@strawberry.pydantic.input(name="OwnEvidence")
class OwnEvidenceInput(OwnEvidence):
    """A piece of evidence that a participant adds."""


@strawberry.type
class EvidenceQueries:
    """What may be asked about evidence."""

    @strawberry.field(description="一件佐证材料 / one piece", graphql_type=EvidenceNode)
    async def evidence(self, info: Info[Context], id: UUID) -> Any:
        """One piece of evidence of an activity that the actor organises."""
        actor = info.context.actor
        return await info.context.read(lambda db: evidence.get_evidence(db, actor, evidence_id=id))

    @strawberry.field(
        description="活动的佐证材料 / of an activity", graphql_type=Connection[EvidenceNode]
    )
    async def activity_evidence(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: EvidenceKind | None = None,
        teacher_id: UUID | None = None,
    ) -> Any:
        """A page of the evidence of an activity."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: evidence.list_activity_evidence(
                db, actor, activity_id=activity_id, page=page, kind=kind, teacher_id=teacher_id
            ),
        )

    @strawberry.field(
        description="教师的佐证材料 / about one teacher", graphql_type=Connection[EvidenceNode]
    )
    async def teacher_evidence(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: EvidenceKind | None = None,
    ) -> Any:
        """A page of the evidence about a teacher."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: evidence.list_teacher_evidence(
                db, actor, teacher_id=teacher_id, page=page, kind=kind
            ),
        )

    @strawberry.field(
        description="样式要求而缺少的材料 / what the form asks for and is not there",
        graphql_type=list[MissingEvidenceNode],
    )
    async def missing_evidence(self, info: Info[Context], activity_id: UUID) -> Any:
        """What is asked for and not there."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: evidence.list_missing_evidence(db, actor, activity_id=activity_id)
        )


@strawberry.type
class EvidenceMutations:
    """What may be done with evidence."""

    @strawberry.mutation(description="添加佐证材料 / add evidence", graphql_type=EvidenceNode)
    async def add_evidence(
        self, info: Info[Context], activity_id: UUID, new: NewEvidenceInput
    ) -> Any:
        """Add evidence to an activity that the actor organises."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await evidence.add_evidence(
                db, actor, activity_id=activity_id, new=new, now=now()
            )

    @strawberry.mutation(description="提交本人佐证材料 / add one's own", graphql_type=EvidenceNode)
    async def submit_evidence(
        self, info: Info[Context], activity_id: UUID, new: OwnEvidenceInput
    ) -> Any:
        """Add evidence of one's own to an attended activity."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await evidence.submit_evidence(
                db, actor, activity_id=activity_id, new=new, now=now()
            )

    @strawberry.mutation(description="材料文件链接 / a link to its file", graphql_type=FileLinkNode)
    async def create_evidence_link(
        self, info: Info[Context], evidence_id: UUID, new: NewFileLinkInput
    ) -> Any:
        """A link to the file of a piece of evidence."""
        actor, links = info.context.actor, info.context.held.archive.links
        async with info.context.transaction() as db:
            return await evidence.create_evidence_link(
                db, actor, evidence_id=evidence_id, new=new, links=links, now=now()
            )

    @strawberry.mutation(description="撤下佐证材料 / take evidence out", graphql_type=EvidenceNode)
    async def withdraw_evidence(self, info: Info[Context], evidence_id: UUID) -> Any:
        """Take evidence out of an activity that is not closed."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await evidence.withdraw_evidence(db, actor, evidence_id=evidence_id, now=now())
