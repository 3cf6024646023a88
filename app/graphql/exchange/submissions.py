"""Submissions to the province over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.exchange import submissions
from app.domain.exchange.submissions import (
    NewReceipt,
    NewReceipts,
    NewSubmission,
    RecordKind,
    RecordState,
    RecordView,
    SubmissionKind,
    SubmissionState,
    SubmissionView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

strawberry.enum(RecordKind, name="ProvinceRecordKind")
strawberry.enum(RecordState, name="ProvinceRecordState")


@node(submissions.SUBMISSIONS, name="Submission", description="省平台报送 / a submission")
class SubmissionNode(Node, SubmissionView):
    """A submission to the province."""


@node(submissions.RECORDS, name="ProvinceRecord", description="报送记录 / a record of one")
class ProvinceRecordNode(Node, RecordView):
    """A record of a submission with its receipt."""


strawberry.pydantic.input(name="NewReceipt")(NewReceipt)


@strawberry.pydantic.input(name="NewReceipts")
class NewReceiptsInput(NewReceipts):
    """Receipts from the province."""


@strawberry.pydantic.input(name="NewSubmission")
class NewSubmissionInput(NewSubmission):
    """What is to be handed over."""


@strawberry.type
class SubmissionQueries:
    """What may be asked about submissions."""

    @strawberry.field(description="一次报送 / one submission", graphql_type=SubmissionNode)
    async def submission(self, info: Info[Context], id: UUID) -> Any:
        """One submission."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: submissions.get_submission(db, actor, submission_id=id)
        )

    @strawberry.field(description="报送列表 / submissions", graphql_type=Connection[SubmissionNode])
    async def submissions(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: SubmissionKind | None = None,
        state: SubmissionState | None = None,
    ) -> Any:
        """A page of submissions."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: submissions.list_submissions(db, actor, page=page, kind=kind, state=state),
        )

    @strawberry.field(
        description="报送的记录与回执 / records of a submission",
        graphql_type=Connection[ProvinceRecordNode],
    )
    async def submission_records(
        self,
        info: Info[Context],
        submission_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        state: RecordState | None = None,
        kind: RecordKind | None = None,
    ) -> Any:
        """A page of the records of a submission with their receipts."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: submissions.list_submission_records(
                db, actor, submission_id=submission_id, page=page, state=state, kind=kind
            ),
        )


@strawberry.type
class SubmissionMutations:
    """What may be done with submissions."""

    @strawberry.mutation(description="生成报送 / make a submission", graphql_type=SubmissionNode)
    async def create_submission(self, info: Info[Context], new: NewSubmissionInput) -> Any:
        """Close a submission over what no other holds yet."""
        async with info.context.transaction() as db:
            return await submissions.create_submission(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="补报退回记录 / send again", graphql_type=SubmissionNode)
    async def resend_submission(self, info: Info[Context], submission_id: UUID) -> Any:
        """Send again what was rejected."""
        async with info.context.transaction() as db:
            return await submissions.resend_submission(
                db, info.context.actor, submission_id=submission_id, now=now()
            )

    @strawberry.mutation(description="立即报送 / take it up at once", graphql_type=SubmissionNode)
    async def hasten_submission(self, info: Info[Context], submission_id: UUID) -> Any:
        """Take a submission up at once."""
        async with info.context.transaction() as db:
            return await submissions.hasten_submission(
                db, info.context.actor, submission_id=submission_id, now=now()
            )

    @strawberry.mutation(description="省平台回执 / receipts", graphql_type=SubmissionNode)
    async def acknowledge_submission(
        self, info: Info[Context], submission_id: UUID, receipts: NewReceiptsInput
    ) -> Any:
        """Receipts from the province itself."""
        async with info.context.transaction() as db:
            return await submissions.acknowledge_submission(
                db, info.context.actor, submission_id=submission_id, receipts=receipts, now=now()
            )
