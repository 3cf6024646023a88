"""Notes and reflections over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import activities, notes
from app.domain.training.notes import NewNote, NoteKind, NoteView, SubmittedNoteView
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


@strawberry.pydantic.input(name="NewNote")
class NewNoteInput(NewNote):
    """A note or reflection to be submitted."""


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


@strawberry.type
class NoteMutations:
    """What may be done with notes."""

    @strawberry.mutation(description="提交笔记 / submit a note", graphql_type=NoteNode)
    async def submit_note(self, info: Info[Context], activity_id: UUID, new: NewNoteInput) -> Any:
        """Submit the actor's own note about an attended activity."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await notes.submit_note(db, actor, activity_id=activity_id, new=new, now=now())
