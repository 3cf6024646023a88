"""Evidence of activities over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.training import evidence
from app.domain.training.evidence import EvidenceView, MissingEvidence, NewEvidence, OwnEvidence
from app.domain.training.evidence_kinds import EvidenceKind
from app.domain.training.files import FileLink, NewFileLink
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources

router = APIRouter(tags=["training"], route_class=Route)

Kind = Annotated[EvidenceKind | None, Query(description="材料类型 / kind")]


@router.get(
    "/activities/{activity_id}/evidence",
    operation_id="list_activity_evidence",
    response_model=PageOf[EvidenceView],
)
async def list_activity_evidence(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
    kind: Kind = None,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher it is about")] = None,
) -> Response:
    """The evidence of an activity that the actor organises (`created`)."""
    found = await evidence.list_activity_evidence(
        db, actor, activity_id=activity_id, page=page, kind=kind, teacher_id=teacher_id
    )
    return answer_page(request, found, fields)


@router.post(
    "/activities/{activity_id}/evidence",
    operation_id="add_evidence",
    response_model=EvidenceView,
    status_code=201,
)
async def add_evidence(
    db: Transaction, actor: CurrentActor, activity_id: UUID, new: NewEvidence
) -> Response:
    """Add evidence to an activity that the actor organises, of it or about one who took part."""
    row = await evidence.add_evidence(db, actor, activity_id=activity_id, new=new, now=now())
    return answer_created(row, f"/api/v1/evidence/{row['id']}")


@router.post(
    "/activities/{activity_id}/own-evidence",
    operation_id="submit_evidence",
    response_model=EvidenceView,
    status_code=201,
)
async def submit_evidence(
    db: Transaction, actor: CurrentActor, activity_id: UUID, new: OwnEvidence
) -> Response:
    """Add evidence of one's own to an activity that one attended, before it is closed."""
    row = await evidence.submit_evidence(db, actor, activity_id=activity_id, new=new, now=now())
    return answer_created(row, f"/api/v1/evidence/{row['id']}")


@router.get(
    "/activities/{activity_id}/missing-evidence",
    operation_id="list_missing_evidence",
    response_model=list[MissingEvidence],
)
async def list_missing_evidence(db: Reading, actor: CurrentActor, activity_id: UUID) -> Response:
    """What the form of an activity asks for and what is not there; at most a thousand."""
    return answer(await evidence.list_missing_evidence(db, actor, activity_id=activity_id))


@router.get(
    "/teachers/{teacher_id}/evidence",
    operation_id="list_teacher_evidence",
    response_model=PageOf[EvidenceView],
)
async def list_teacher_evidence(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
    kind: Kind = None,
) -> Response:
    """The evidence about one teacher (`created`)."""
    found = await evidence.list_teacher_evidence(
        db, actor, teacher_id=teacher_id, page=page, kind=kind
    )
    return answer_page(request, found, fields)


@router.get("/evidence/{evidence_id}", operation_id="get_evidence", response_model=EvidenceView)
async def get_evidence(
    request: Request, db: Reading, actor: CurrentActor, evidence_id: UUID
) -> Response:
    """One piece of evidence of an activity that the actor organises."""
    return answer_one(request, await evidence.get_evidence(db, actor, evidence_id=evidence_id))


@router.post(
    "/evidence/{evidence_id}/link",
    operation_id="create_evidence_link",
    response_model=FileLink,
)
async def create_evidence_link(
    request: Request, db: Transaction, actor: CurrentActor, evidence_id: UUID, new: NewFileLink
) -> Response:
    """A link to the file of a piece of evidence, for ten minutes; that it was asked for is recorded."""
    links = resources(request).archive.links
    row = await evidence.create_evidence_link(
        db, actor, evidence_id=evidence_id, new=new, links=links, now=now()
    )
    return answer(row)


@router.post(
    "/evidence/{evidence_id}/withdraw",
    operation_id="withdraw_evidence",
    response_model=EvidenceView,
)
async def withdraw_evidence(db: Transaction, actor: CurrentActor, evidence_id: UUID) -> Response:
    """Take evidence out of an activity that the actor organises and that is not closed."""
    row = await evidence.withdraw_evidence(db, actor, evidence_id=evidence_id, now=now())
    return answer(row)
