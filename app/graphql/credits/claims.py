"""Claims of credit over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import claims
from app.domain.credits.claims import (
    ClaimAppeal,
    ClaimAwardView,
    ClaimChanges,
    ClaimDecision,
    ClaimDecisions,
    ClaimDoubtView,
    ClaimEvidenceView,
    ClaimKind,
    ClaimOutcomeView,
    ClaimRefusalView,
    ClaimState,
    ClaimStepView,
    ClaimView,
    NewClaim,
    NewClaimEvidence,
    ReadClaim,
)
from app.domain.people import teachers
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.files import FileLinkNode, NewFileLinkInput
from app.request import now

strawberry.pydantic.type(name="ClaimEvidence", description=ClaimEvidenceView.__doc__)(
    ClaimEvidenceView
)
strawberry.pydantic.type(name="ClaimRefusal", description=ClaimRefusalView.__doc__)(
    ClaimRefusalView
)
strawberry.pydantic.type(name="ClaimDoubt", description=ClaimDoubtView.__doc__)(ClaimDoubtView)
strawberry.pydantic.input(name="NewClaimEvidence", description=NewClaimEvidence.__doc__)(
    NewClaimEvidence
)
strawberry.pydantic.input(name="ReadClaim", description=ReadClaim.__doc__)(ReadClaim)


@node(claims.CLAIM_STEPS, name="ClaimStep", description="审核记录 / a step of a claim")
class ClaimStepNode(Node, ClaimStepView):
    """A step of a claim."""


@node(claims.CLAIMS, name="Claim", description="学分申报 / a claim of credit")
class ClaimNode(Node, ClaimView):
    """A claim with its edges."""

    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / teacher",
    )
    steps = paged_edge(
        claims.steps_of_claims,
        lazy("app.graphql.credits.claims", "ClaimStepNode"),
        keys="claim_ids",
        first=50,
        description="审核记录 / what was done with it, the first first",
    )


@strawberry.pydantic.type(name="ClaimAward", description="拟认定结果 / what a claim would earn")
class ClaimAwardNode(ClaimAwardView):
    """What a claim would earn."""


@strawberry.pydantic.type(
    name="ClaimOutcome", description="批量审核结果 / what became of one claim"
)
class ClaimOutcomeNode(ClaimOutcomeView):
    """What became of one of many claims."""


@strawberry.pydantic.input(name="NewClaim")
class NewClaimInput(NewClaim):
    """What somebody claims."""


@strawberry.pydantic.input(name="ClaimChanges")
class ClaimChangesInput(ClaimChanges):
    """What of a claim is written otherwise."""


@strawberry.pydantic.input(name="ClaimAppeal")
class ClaimAppealInput(ClaimAppeal):
    """Why a rejection is not accepted."""


@strawberry.pydantic.input(name="ClaimDecision")
class ClaimDecisionInput(ClaimDecision):
    """What is decided on a claim."""


@strawberry.pydantic.input(name="ClaimDecisions")
class ClaimDecisionsInput(ClaimDecisions):
    """The same decision on many claims."""


@strawberry.type
class ClaimQueries:
    """What may be asked about claims."""

    @strawberry.field(description="一项学分申报 / one claim", graphql_type=ClaimNode)
    async def claim(self, info: Info[Context], id: UUID) -> Any:
        """One claim with its evidence."""
        actor = info.context.actor
        return await info.context.read(lambda db: claims.get_claim(db, actor, claim_id=id))

    @strawberry.field(description="学分申报 / claims", graphql_type=Connection[ClaimNode])
    async def claims(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        state: ClaimState | None = None,
        kind: ClaimKind | None = None,
        unit_id: UUID | None = None,
    ) -> Any:
        """One's own claims, and those handed in in the actor's place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: claims.list_claims(
                db, actor, page=page, teacher_id=teacher_id, state=state, kind=kind, unit_id=unit_id
            ),
        )

    @strawberry.field(
        description="拟认定学分及理由 / what a claim would earn, and why",
        graphql_type=ClaimAwardNode,
    )
    async def claim_award(self, info: Info[Context], claim_id: UUID) -> Any:
        """What a claim would earn and what is in its way."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: claims.get_claim_award(db, actor, claim_id=claim_id, now=now())
        )

    @strawberry.field(
        description="审核记录 / what was done with a claim", graphql_type=Connection[ClaimStepNode]
    )
    async def claim_steps(
        self,
        info: Info[Context],
        claim_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """What was done with a claim, the first first."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: claims.list_claim_steps(db, actor, claim_id=claim_id, page=page),
        )


@strawberry.type
class ClaimMutations:
    """What may be done with claims."""

    @strawberry.mutation(description="填写申报 / draft a claim", graphql_type=ClaimNode)
    async def create_claim(self, info: Info[Context], new: NewClaimInput) -> Any:
        """Draft a claim of one's own."""
        async with info.context.transaction() as db:
            return await claims.create_claim(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="修改申报 / write it otherwise", graphql_type=ClaimNode)
    async def update_claim(
        self, info: Info[Context], claim_id: UUID, changes: ClaimChangesInput
    ) -> Any:
        """Write a draft or a returned claim otherwise."""
        async with info.context.transaction() as db:
            return await claims.update_claim(
                db, info.context.actor, claim_id=claim_id, changes=changes
            )

    @strawberry.mutation(description="提交申报 / hand a claim in", graphql_type=ClaimNode)
    async def submit_claim(self, info: Info[Context], claim_id: UUID) -> Any:
        """Hand a claim in for review."""
        async with info.context.transaction() as db:
            return await claims.submit_claim(db, info.context.actor, claim_id=claim_id, now=now())

    @strawberry.mutation(description="撤回申报 / take it back", graphql_type=ClaimNode)
    async def withdraw_claim(self, info: Info[Context], claim_id: UUID) -> Any:
        """Take one's own claim back."""
        async with info.context.transaction() as db:
            return await claims.withdraw_claim(db, info.context.actor, claim_id=claim_id, now=now())

    @strawberry.mutation(description="申诉 / appeal against a rejection", graphql_type=ClaimNode)
    async def appeal_claim(
        self, info: Info[Context], claim_id: UUID, appeal: ClaimAppealInput
    ) -> Any:
        """Appeal against a rejection, once."""
        async with info.context.transaction() as db:
            return await claims.appeal_claim(
                db, info.context.actor, claim_id=claim_id, appeal=appeal, now=now()
            )

    @strawberry.mutation(description="审核申报 / decide on a claim", graphql_type=ClaimNode)
    async def decide_claim(
        self, info: Info[Context], claim_id: UUID, decision: ClaimDecisionInput
    ) -> Any:
        """Approve, return or reject a claim."""
        async with info.context.transaction() as db:
            return await claims.decide_claim(
                db, info.context.actor, claim_id=claim_id, decision=decision, now=now()
            )

    @strawberry.mutation(
        description="批量审核 / decide on many claims", graphql_type=list[ClaimOutcomeNode]
    )
    async def decide_claims(self, info: Info[Context], decisions: ClaimDecisionsInput) -> Any:
        """Decide the same on many claims."""
        async with info.context.transaction() as db:
            return await claims.decide_claims(
                db, info.context.actor, decisions=decisions, now=now()
            )

    @strawberry.mutation(
        description="申报材料文件链接 / a link to the file of evidence", graphql_type=FileLinkNode
    )
    async def create_claim_evidence_link(
        self, info: Info[Context], claim_id: UUID, evidence_id: UUID, new: NewFileLinkInput
    ) -> Any:
        """A link to the file of a claim's evidence."""
        actor, links = info.context.actor, info.context.held.archive.links
        async with info.context.transaction() as db:
            return await claims.create_claim_evidence_link(
                db,
                actor,
                claim_id=claim_id,
                evidence_id=evidence_id,
                new=new,
                links=links,
                now=now(),
            )
