"""Official documents over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
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
from app.domain.training.files import FileLink, NewFileLink
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/official-documents",
    operation_id="list_official_documents",
    response_model=PageOf[DocumentView],
)
async def list_official_documents(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="发文或登记单位 / unit")] = None,
    kind: Annotated[DocumentKind | None, Query(description="文种 / kind")] = None,
    state: Annotated[DocumentState | None, Query(description="状态 / state")] = None,
    number: Annotated[
        str | None,
        Query(description="文号，不计括号等印刷差异 / number, however its brackets are printed"),
    ] = None,
    in_force_on: Annotated[
        date | None, Query(description="在该日有效 / in force on this day")
    ] = None,
    basis_id: Annotated[
        UUID | None, Query(description="以该文件为依据 / that rest on this document")
    ] = None,
) -> Response:
    """The documents drafted, issued or registered in the actor's place (`created`, `issued_on`)."""
    found = await official_documents.list_official_documents(
        db,
        actor,
        page=page,
        unit_id=unit_id,
        kind=kind,
        state=state,
        number=number,
        in_force_on=in_force_on,
        basis_id=basis_id,
    )
    return answer_page(request, found, fields)


@router.get(
    "/me/official-documents",
    operation_id="list_addressed_documents",
    response_model=PageOf[DocumentView],
)
async def list_addressed_documents(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    in_force_on: Annotated[
        date | None, Query(description="在该日有效 / in force on this day")
    ] = None,
) -> Response:
    """The documents issued to the actor's units, or to those above them (`created`, `issued_on`)."""
    found = await official_documents.list_addressed_documents(
        db, actor, page=page, in_force_on=in_force_on
    )
    return answer_page(request, found, fields)


@router.post(
    "/official-documents",
    operation_id="create_official_document",
    response_model=DocumentView,
    status_code=201,
)
async def create_official_document(
    db: Transaction, actor: CurrentActor, new: NewOfficialDocument
) -> Response:
    """Draft a document of a unit, or begin to register one that others issued."""
    row = await official_documents.create_official_document(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/official-documents/{row['id']}")


@router.get(
    "/official-documents/{document_id}",
    operation_id="get_official_document",
    response_model=DocumentView,
)
async def get_official_document(
    request: Request, db: Reading, actor: CurrentActor, document_id: UUID
) -> Response:
    """One document of the actor's place, or issued to it."""
    return answer_one(
        request, await official_documents.get_official_document(db, actor, document_id=document_id)
    )


@router.put(
    "/official-documents/{document_id}",
    operation_id="rewrite_official_document",
    response_model=DocumentView,
)
async def rewrite_official_document(
    db: Transaction, actor: CurrentActor, document_id: UUID, draft: DocumentDraft
) -> Response:
    """Let a draft say this instead; what was issued stands."""
    return answer(
        await official_documents.rewrite_official_document(
            db, actor, document_id=document_id, draft=draft, now=now()
        )
    )


@router.post(
    "/official-documents/{document_id}/issue",
    operation_id="issue_official_document",
    response_model=DocumentView,
)
async def issue_official_document(
    db: Transaction, actor: CurrentActor, document_id: UUID
) -> Response:
    """Issue a document to its addressees; from then on it stands."""
    return answer(
        await official_documents.issue_official_document(
            db, actor, document_id=document_id, now=now()
        )
    )


@router.post(
    "/official-documents/{document_id}/repeal",
    operation_id="repeal_official_document",
    response_model=DocumentView,
)
async def repeal_official_document(
    db: Transaction, actor: CurrentActor, document_id: UUID, repeal: DocumentRepeal
) -> Response:
    """Let a document end before its time, or take its place by another."""
    return answer(
        await official_documents.repeal_official_document(
            db, actor, document_id=document_id, repeal=repeal, now=now()
        )
    )


@router.post(
    "/official-documents/{document_id}/receive",
    operation_id="receive_official_document",
    response_model=DocumentReceiptView,
)
async def receive_official_document(
    db: Transaction, actor: CurrentActor, document_id: UUID, receiving: ReceivingUnit
) -> Response:
    """Confirm for a unit that a document has come; the first time counts."""
    return answer(
        await official_documents.receive_official_document(
            db, actor, document_id=document_id, receiving=receiving, now=now()
        )
    )


@router.get(
    "/official-documents/{document_id}/receipts",
    operation_id="list_document_receipts",
    response_model=list[DocumentReceiptView],
)
async def list_document_receipts(
    db: Reading,
    actor: CurrentActor,
    document_id: UUID,
    missing: Annotated[
        bool | None, Query(description="只列未签收的单位 / only those that have not confirmed")
    ] = None,
) -> Response:
    """How a document stands with each unit to which it was issued, by name."""
    return answer(
        await official_documents.list_document_receipts(
            db, actor, document_id=document_id, missing=bool(missing), now=now()
        )
    )


@router.post(
    "/official-documents/{document_id}/link",
    operation_id="create_document_file_link",
    response_model=FileLink,
)
async def create_document_file_link(
    request: Request, db: Transaction, actor: CurrentActor, document_id: UUID, new: NewFileLink
) -> Response:
    """A link to the file of a document, for ten minutes; that it was asked for is recorded."""
    links = resources(request).archive.links
    return answer(
        await official_documents.create_document_file_link(
            db, actor, document_id=document_id, new=new, links=links, now=now()
        )
    )
