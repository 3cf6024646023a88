"""Notes and reflections over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import notes
from app.domain.training.notes import NewNote, NoteKind, NoteView, SubmittedNoteView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/activities/{activity_id}/notes",
    operation_id="list_notes",
    response_model=PageOf[SubmittedNoteView],
)
async def list_notes(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
    kind: Annotated[NoteKind | None, Query(description="类型 / kind")] = None,
) -> Response:
    """The notes about an activity that the actor organises (`created`, `name`)."""
    found = await notes.list_notes(db, actor, activity_id=activity_id, page=page, kind=kind)
    return answer_page(request, found, fields)


@router.post("/activities/{activity_id}/notes", operation_id="submit_note", response_model=NoteView)
async def submit_note(
    db: Transaction, actor: CurrentActor, activity_id: UUID, new: NewNote
) -> Response:
    """Submit the actor's own note about an attended activity; one of the same kind is replaced."""
    row = await notes.submit_note(db, actor, activity_id=activity_id, new=new, now=now())
    return answer(row)


@router.get(
    "/teachers/{teacher_id}/notes",
    operation_id="list_teacher_notes",
    response_model=PageOf[NoteView],
)
async def list_teacher_notes(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
) -> Response:
    """The notes of one teacher (`created`)."""
    found = await notes.list_teacher_notes(db, actor, teacher_id=teacher_id, page=page)
    await include.into("Note", found.items)
    return answer_page(request, found, fields)
