"""Searching teachers over GraphQL."""

from typing import Any

import strawberry
from strawberry import Info

from app.domain.people import search
from app.graphql.context import Context
from app.graphql.pages import First
from app.graphql.people.teachers import TeacherNode


@strawberry.type
class SearchQueries:
    """How teachers are found by their names."""

    @strawberry.field(
        description="按姓名、拼音或首字母检索教师 / teachers by name, pinyin or initials",
        graphql_type=list[TeacherNode],
    )
    async def search_teachers(self, info: Info[Context], q: str, first: First = 20) -> Any:
        """The teachers whose names have this in them, the nearest first."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: search.search_teachers(db, actor, q=q, limit=first)
        )
