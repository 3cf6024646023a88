"""Notes, reflections and the resemblances between them over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import activities, notes
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
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(notes.NOTES, name="Note", description="研修笔记 / a note or reflection")
class NoteNode(Node, NoteView):
    """A note with its edge."""

    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动 / the activity, null where the actor may not see it",
    )


@strawberry.pydantic.type(
    name="SubmittedNote", description="已提交的笔记 / as the organiser sees it"
)
class SubmittedNoteNode(SubmittedNoteView):
    """A note as the organiser sees it."""


@strawberry.pydantic.type(name="NoteVersion", description="笔记的旧版本 / what a note was")
class NoteVersionNode(NoteVersionView):
    """What a note was."""


@node(
    notes.RESEMBLANCES, name="NoteResemblance", description="雷同线索 / two notes nearly the same"
)
class NoteResemblanceNode(Node, NoteResemblanceView):
    """Two notes that are nearly the same."""


@strawberry.pydantic.type(
    name="NoteResemblanceTexts", description="雷同线索与两篇正文 / the same with both texts"
)
class NoteResemblanceTextsNode(NoteResemblanceTextsView):
    """Two notes that are nearly the same, with their texts."""


@strawberry.pydantic.input(name="NewNote")
class NewNoteInput(NewNote):
    """A note or reflection to be submitted."""


@strawberry.pydantic.input(name="ResemblanceDecision")
class ResemblanceDecisionInput(ResemblanceDecision):
    """What somebody found who has read both."""


@strawberry.type
class NoteQueries:
    """What may be asked about notes."""

    @strawberry.field(
        description="活动的笔记 / notes about an activity",
        graphql_type=Connection[SubmittedNoteNode],
    )
    async def notes(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: NoteKind | None = None,
    ) -> Any:
        """A page of the notes about an activity."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: notes.list_notes(db, actor, activity_id=activity_id, page=page, kind=kind),
        )

    @strawberry.field(description="教师的笔记 / of one teacher", graphql_type=Connection[NoteNode])
    async def teacher_notes(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of a teacher's notes."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: notes.list_teacher_notes(db, actor, teacher_id=teacher_id, page=page),
        )

    @strawberry.field(description="一篇笔记 / one note", graphql_type=NoteNode)
    async def note(self, info: Info[Context], id: UUID) -> Any:
        """One note."""
        actor = info.context.actor
        return await info.context.read(lambda db: notes.get_note(db, actor, note_id=id))

    @strawberry.field(
        description="笔记的旧版本，最近的在前 / what a note was, the latest first",
        graphql_type=list[NoteVersionNode],
    )
    async def note_versions(self, info: Info[Context], note_id: UUID) -> Any:
        """The versions of a note before this one."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: notes.list_note_versions(db, actor, note_id=note_id)
        )

    @strawberry.field(
        description="雷同线索 / pairs of notes that are nearly the same",
        graphql_type=Connection[NoteResemblanceNode],
    )
    async def note_resemblances(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        state: ResemblanceState | None = None,
    ) -> Any:
        """A page of the resemblances between notes of the actor's place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: notes.list_note_resemblances(db, actor, page=page, state=state),
        )

    @strawberry.field(
        description="一条雷同线索及正文 / one pair with both texts",
        graphql_type=NoteResemblanceTextsNode,
    )
    async def note_resemblance(self, info: Info[Context], id: UUID) -> Any:
        """One pair with both texts."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: notes.get_note_resemblance(db, actor, resemblance_id=id)
        )


@strawberry.type
class NoteMutations:
    """What may be done with notes."""

    @strawberry.mutation(description="提交笔记 / submit a note", graphql_type=NoteNode)
    async def submit_note(self, info: Info[Context], activity_id: UUID, new: NewNoteInput) -> Any:
        """Submit the actor's own note about an attended activity."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await notes.submit_note(db, actor, activity_id=activity_id, new=new, now=now())

    @strawberry.mutation(
        description="核查雷同线索 / decide on a resemblance", graphql_type=NoteResemblanceNode
    )
    async def decide_note_resemblance(
        self, info: Info[Context], resemblance_id: UUID, decision: ResemblanceDecisionInput
    ) -> Any:
        """Say whether it is so."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await notes.decide_note_resemblance(
                db, actor, resemblance_id=resemblance_id, decision=decision, now=now()
            )
