"""`include=`: things that belong to those of an answer, put into it under the name of the edge.

The edges are those that are declared for GraphQL. They lie above this package, so that they are
handed to the application as `Edges` when it is built.
"""

from collections.abc import Collection
from typing import Annotated, Protocol

from fastapi import Depends, Query, Request

from app.domain.access.actors import Actor
from app.domain.errors import Invalid
from app.request import CurrentActor, Reading
from app.sql import Connection, Row

MOST_THINGS = 10_000
"""How many things one answer may include."""

_NAME = r"[a-z_]{1,40}(\.[a-z_]{1,40}){0,2}"


class UnknownInclusion(Invalid):
    """`include` names something that these things do not lead to."""

    code = "unknown_inclusion"
    zh = "参数 include 中有未知的名称，可用：{allowed}。"
    en = "The parameter 'include' names something unknown; there are: {allowed}."


class TooManyIncluded(Invalid):
    """More things might have to be included than an answer holds."""

    code = "too_many_included"
    zh = "展开的数据可能多达 {found} 条，超过上限 {limit}；请减少 include 的层次或 limit。"
    en = "As many as {found} things might be included, more than {limit}: include or list fewer."


class Edges(Protocol):
    """What leads from one kind of thing to another."""

    def names(self, kind: str) -> Collection[str]:
        """The names of the edges of a kind of thing; what they lead to in turn after a dot."""

    def things(self, kind: str, paths: Collection[tuple[str, ...]]) -> int:
        """How many things these edges may lead to from one."""

    async def include(
        self,
        db: Connection,
        actor: Actor,
        kind: str,
        paths: Collection[tuple[str, ...]],
        rows: list[Row],
    ) -> None:
        """Put what these edges lead to into the rows."""


class Inclusion:
    """What a request wants to be included."""

    def __init__(self, edges: Edges, db: Connection, actor: Actor, wanted: str | None) -> None:
        self._edges = edges
        self._db = db
        self._actor = actor
        self._paths = [tuple(each.split(".")) for each in wanted.split(",")] if wanted else []

    async def into(self, kind: str, rows: list[Row]) -> None:
        """Include it in these rows of one kind, by one read for each edge and level."""
        if not self._paths:
            return
        known = self._edges.names(kind)
        if not {".".join(path) for path in self._paths} <= set(known):
            raise UnknownInclusion(allowed=", ".join(sorted(n for n in known if n.count(".") < 1)))
        things = len(rows) * self._edges.things(kind, self._paths)
        if things > MOST_THINGS:
            raise TooManyIncluded(found=things, limit=MOST_THINGS)
        await self._edges.include(self._db, self._actor, kind, self._paths, rows)


async def _inclusion(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    include: Annotated[
        str | None,
        Query(
            max_length=300,
            pattern=rf"^{_NAME}(,{_NAME}){{0,4}}$",
            description="展开关联数据，逗号分隔，下级以点号连接；长列表只含首页 / "
            "edges to include: school,school.parent; of an open-ended list its first page",
        ),
    ] = None,
) -> Inclusion:
    return Inclusion(request.app.state.edges, db, actor, include)


Include = Annotated[Inclusion, Depends(_inclusion)]
"""The parameter `include`."""
