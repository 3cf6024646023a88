"""Open-ended lists as Relay connections, read by the domain's keyset pages."""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from app.domain.access.doors import CURSORS
from app.domain.paging import Page, PageRequest
from app.graphql.context import Context
from app.graphql.execution import EDGE
from app.graphql.inputs import InvalidInput
from app.request.listing import SORT
from app.sql import Connection as Database

T = TypeVar("T")

First = Annotated[int, strawberry.argument(description="每页条数（1–100） / rows, at most 100")]
After = Annotated[str | None, strawberry.argument(description="上一页的 endCursor / endCursor")]
Sort = Annotated[str | None, strawberry.argument(description="排序，前加 - 为降序 / order")]


@strawberry.type(description="分页信息 / where a page lies in its list")
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Edge(Generic[T]):
    """One thing of a list, and the cursor after it."""

    node: T
    cursor: str


class _Counting:
    """The edge from pages to the numbers of all rows of their lists, counted when asked for."""

    key = "total"

    async def load(self, context: Context, keys: list[Any], *_: Any) -> dict[Any, int]:
        """What the totals come to: one count for all lists that were read together."""
        alike: dict[Any, list[Any]] = {}
        for total in keys:
            alike.setdefault(total.count, []).append(total.owner)
        counted = {
            count: await context.read(_count_for(count, owners)) for count, owners in alike.items()
        }
        return {total: counted[total.count][total.owner] for total in keys}


def _count_for(count: Any, owners: list[Any]) -> Callable[[Database], Awaitable[Any]]:
    return lambda db: count(db, owners)


_counting = _Counting()


async def _total(root: strawberry.Parent[Any], info: strawberry.Info[Context]) -> int | None:
    context, total = info.context, root[_counting.key]

    async def load(totals: list[Any]) -> list[int]:
        counted = await _counting.load(context, totals)
        return [counted[each] for each in totals]

    return None if total is None else await context.loader(_counting, load).load(total)


@strawberry.type
class Connection(Generic[T]):
    """A page of a list."""

    nodes: list[T]
    edges: list[Edge[T]]
    page_info: PageInfo
    total_count: int | None = strawberry.field(
        resolver=_total,
        metadata={EDGE: _counting},
        description="总条数，选择时才计算 / how many there are in all; counted when selected",
    )


def page_request(first: int, after: str | None, sort: str | None) -> PageRequest:
    """The domain's page request for a connection's arguments."""
    if sort is not None and not re.match(SORT, sort):
        raise InvalidInput([{"loc": ["sort"], "type": "string_pattern_mismatch"}])
    return PageRequest(limit=first, cursor=after, sort=sort)


async def connection(context: Context, read: Callable[[Database], Awaitable[Page]]) -> Any:
    """The payload of a connection field."""
    return Shown(await context.read(read))


class Shown:
    """A page by the columns of a connection; what is not asked for is not made."""

    __slots__ = ("_page",)

    def __init__(self, page: Page) -> None:
        self._page = page

    def __getitem__(self, column: str) -> Any:
        return _COLUMNS[column](self._page)


def _edges(page: Page) -> list[dict[str, Any]]:
    return [{"node": row, "cursor": page.cursor(n)} for n, row in enumerate(page.items)]


def _page_info(page: Page) -> dict[str, Any]:
    return {"has_next_page": page.more, "end_cursor": page.cursor(-1) if page.keys else None}


_COLUMNS: Mapping[str, Callable[[Page], Any]] = {
    "nodes": lambda page: page.items,
    "edges": _edges,
    "page_info": _page_info,
    _counting.key: lambda page: page.total,
}


@lru_cache(maxsize=4096)
def columns_of_page(columns: frozenset[str]) -> frozenset[str]:
    """The columns wanted of a page's rows, from those wanted of the connection."""
    wanted = {
        column.removeprefix(rows)
        for rows in ("nodes.", "edges.node.")
        for column in columns
        if column.startswith(rows)
    }
    placed = any(column.startswith(("edges", "page_info")) for column in columns)
    return frozenset(wanted | {CURSORS} if placed else wanted)
