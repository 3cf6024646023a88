"""Official documents over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import official_documents
from app.domain.quality.official_documents import (
    DocumentDraft,
    DocumentKind,
    DocumentReceiptView,
    DocumentRepeal,
    DocumentState,
    DocumentView,
    NewOfficialDocument,
    ReceivingUnit,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.files import FileLinkNode, NewFileLinkInput
from app.request import now


@node(
    official_documents.DOCUMENTS, name="OfficialDocument", description="公文 / an official document"
)
class OfficialDocumentNode(Node, DocumentView):
    """A document and the unit that has it."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="发文或登记单位 / unit that issues or registers it",
    )

    successor = edge(
        official_documents.documents_by_id,
        lazy("app.graphql.quality.official_documents", "OfficialDocumentNode"),
        many=False,
        keys="document_ids",
        key="successor_id",
        description="代替它的文件 / document that takes its place",
    )


@strawberry.pydantic.type(
    name="DocumentReceipt", description="签收情况 / how it stands with a unit"
)
class DocumentReceiptNode(DocumentReceiptView):
    """How a document stands with a unit that was addressed."""


@strawberry.pydantic.input(name="NewOfficialDocument")
class NewOfficialDocumentInput(NewOfficialDocument):
    """A document to be drafted."""


@strawberry.pydantic.input(name="DocumentDraft")
class DocumentDraftInput(DocumentDraft):
    """What a draft is to say instead."""


@strawberry.pydantic.input(name="DocumentRepeal")
class DocumentRepealInput(DocumentRepeal):
    """How a document ends before its time."""


@strawberry.pydantic.input(name="ReceivingUnit")
class ReceivingUnitInput(ReceivingUnit):
    """For which unit receipt is confirmed."""


@strawberry.type
class OfficialDocumentQueries:
    """What may be asked about official documents."""

    @strawberry.field(description="公文 / documents", graphql_type=Connection[OfficialDocumentNode])
    async def official_documents(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        kind: DocumentKind | None = None,
        state: DocumentState | None = None,
        number: str | None = None,
        in_force_on: date | None = None,
        basis_id: UUID | None = None,
    ) -> Any:
        """The documents drafted, issued or registered in the actor's place (`created`, `issued_on`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: official_documents.list_official_documents(
                db,
                actor,
                page=page,
                unit_id=unit_id,
                kind=kind,
                state=state,
                number=number,
                in_force_on=in_force_on,
                basis_id=basis_id,
            ),
        )

    @strawberry.field(
        description="收到的公文 / documents issued to the actor",
        graphql_type=Connection[OfficialDocumentNode],
    )
    async def addressed_documents(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        in_force_on: date | None = None,
    ) -> Any:
        """The documents issued to the actor's units, or to those above them (`created`, `issued_on`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: official_documents.list_addressed_documents(
                db, actor, page=page, in_force_on=in_force_on
            ),
        )

    @strawberry.field(description="一份公文 / one document", graphql_type=OfficialDocumentNode)
    async def official_document(self, info: Info[Context], id: UUID) -> Any:
        """One document of the actor's place, or issued to it."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: official_documents.get_official_document(db, actor, document_id=id)
        )

    @strawberry.field(description="签收情况 / receipts", graphql_type=list[DocumentReceiptNode])
    async def document_receipts(
        self, info: Info[Context], document_id: UUID, missing: bool | None = None
    ) -> Any:
        """How a document stands with each unit to which it was issued, by name."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: official_documents.list_document_receipts(
                db, actor, document_id=document_id, missing=bool(missing), now=now()
            )
        )


@strawberry.type
class OfficialDocumentMutations:
    """What may be done with official documents."""

    @strawberry.mutation(
        description="起草或登记公文 / draft a document", graphql_type=OfficialDocumentNode
    )
    async def create_official_document(
        self, info: Info[Context], new: NewOfficialDocumentInput
    ) -> Any:
        """Draft a document of a unit, or begin to register one that others issued."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await official_documents.create_official_document(db, actor, new=new, now=now())

    @strawberry.mutation(
        description="改写草稿 / rewrite a draft", graphql_type=OfficialDocumentNode
    )
    async def rewrite_official_document(
        self, info: Info[Context], document_id: UUID, draft: DocumentDraftInput
    ) -> Any:
        """Let a draft say this instead; what was issued stands."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await official_documents.rewrite_official_document(
                db, actor, document_id=document_id, draft=draft, now=now()
            )

    @strawberry.mutation(
        description="印发公文 / issue a document", graphql_type=OfficialDocumentNode
    )
    async def issue_official_document(self, info: Info[Context], document_id: UUID) -> Any:
        """Issue a document to its addressees; from then on it stands."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await official_documents.issue_official_document(
                db, actor, document_id=document_id, now=now()
            )

    @strawberry.mutation(
        description="废止公文 / repeal a document", graphql_type=OfficialDocumentNode
    )
    async def repeal_official_document(
        self, info: Info[Context], document_id: UUID, repeal: DocumentRepealInput
    ) -> Any:
        """Let a document end before its time, or take its place by another."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await official_documents.repeal_official_document(
                db, actor, document_id=document_id, repeal=repeal, now=now()
            )

    @strawberry.mutation(description="签收公文 / confirm receipt", graphql_type=DocumentReceiptNode)
    async def receive_official_document(
        self, info: Info[Context], document_id: UUID, receiving: ReceivingUnitInput
    ) -> Any:
        """Confirm for a unit that a document has come; the first time counts."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await official_documents.receive_official_document(
                db, actor, document_id=document_id, receiving=receiving, now=now()
            )

    @strawberry.mutation(
        description="公文正本链接 / a link to the file of a document", graphql_type=FileLinkNode
    )
    async def create_document_file_link(
        self, info: Info[Context], document_id: UUID, new: NewFileLinkInput
    ) -> Any:
        """A link to the file of a document, for ten minutes; that it was asked for is recorded."""
        actor, links = info.context.actor, info.context.held.archive.links
        async with info.context.transaction() as db:
            return await official_documents.create_document_file_link(
                db, actor, document_id=document_id, new=new, links=links, now=now()
            )
