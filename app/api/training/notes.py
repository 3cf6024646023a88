"""Notes, reflections and the resemblances between them over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_one, answer_page
from app.domain.training import notes
from app.domain.training.notes import (
    NewNote,
    NoteKind,
    NoteResemblanceTextsView,
    NoteResemblanceView,
    NoteVersionView,
    NoteView,
    ResemblanceDecision,
    ResemblanceState,
    SubmittedNoteView,
)
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


@router.get("/notes/{note_id}", operation_id="get_note", response_model=NoteView)
async def get_note(
    request: Request, db: Reading, actor: CurrentActor, note_id: UUID, include: Include
) -> Response:
    """One note, one's own or of a teacher in the actor's place."""
    row = await notes.get_note(db, actor, note_id=note_id)
    await include.into("Note", [row])
    return answer_one(request, row)


@router.get(
    "/notes/{note_id}/versions",
    operation_id="list_note_versions",
    response_model=list[NoteVersionView],
)
async def list_note_versions(db: Reading, actor: CurrentActor, note_id: UUID) -> Response:
    """What one note was before it was replaced, the latest first; at most a hundred."""
    return answer(await notes.list_note_versions(db, actor, note_id=note_id))


@router.get(
    "/note-resemblances",
    operation_id="list_note_resemblances",
    response_model=PageOf[NoteResemblanceView],
)
async def list_note_resemblances(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    state: Annotated[ResemblanceState | None, Query(description="状态 / state")] = None,
) -> Response:
    """Pairs of notes that are nearly the same, both writers in the actor's place (`found_at`, `share`)."""
    found = await notes.list_note_resemblances(db, actor, page=page, state=state)
    return answer_page(request, found, fields)


@router.get(
    "/note-resemblances/{resemblance_id}",
    operation_id="get_note_resemblance",
    response_model=NoteResemblanceTextsView,
)
async def get_note_resemblance(
    request: Request, db: Reading, actor: CurrentActor, resemblance_id: UUID
) -> Response:
    """One pair with both texts as they were compared."""
    row = await notes.get_note_resemblance(db, actor, resemblance_id=resemblance_id)
    return answer_one(request, row)


@router.post(
    "/note-resemblances/{resemblance_id}/decide",
    operation_id="decide_note_resemblance",
    response_model=NoteResemblanceView,
)
async def decide_note_resemblance(
    db: Transaction, actor: CurrentActor, resemblance_id: UUID, decision: ResemblanceDecision
) -> Response:
    """Say, after reading both, whether it is so; nothing else follows from it."""
    row = await notes.decide_note_resemblance(
        db, actor, resemblance_id=resemblance_id, decision=decision, now=now()
    )
    return answer(row)
