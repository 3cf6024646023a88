"""Entries of the ledger over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import entries
from app.domain.credits.entries import CreditEntryView
from app.domain.credits.packs.parts import EntryKind
from app.domain.people import teachers
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@node(entries.ENTRIES, name="CreditEntry", description="学分记录 / a line of the ledger")
class CreditEntryNode(Node, CreditEntryView):
    """An entry with its edges."""

    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / the teacher whose entry it is",
    )


@strawberry.type
class CreditEntryQueries:
    """What may be asked of the ledger."""

    @strawberry.field(description="一条学分记录 / one entry", graphql_type=CreditEntryNode)
    async def entry(self, info: Info[Context], id: UUID) -> Any:
        """One entry."""
        actor = info.context.actor
        return await info.context.read(lambda db: entries.get_entry(db, actor, entry_id=id))

    @strawberry.field(
        description="可见范围内的学分记录 / the ledgers of all whose credit one may see",
        graphql_type=Connection[CreditEntryNode],
    )
    async def credit_entries(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: EntryKind | None = None,
        source_kind: str | None = None,
        earned_from: date | None = None,
        earned_until: date | None = None,
        recorded_from: date | None = None,
    ) -> Any:
        """A page of them, in the order of recording."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: entries.list_credit_entries(
                db,
                actor,
                page=page,
                kind=kind,
                source_kind=source_kind,
                earned_from=earned_from,
                earned_until=earned_until,
                recorded_from=recorded_from,
            ),
        )

    @strawberry.field(
        description="教师的学分台账 / a teacher's ledger",
        graphql_type=Connection[CreditEntryNode],
    )
    async def entries(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Any:
        """A page of a teacher's ledger."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: entries.list_entries(
                db, actor, teacher_id=teacher_id, page=page, as_of=as_of, known_on=known_on
            ),
        )
