"""Open-ended lists as Relay connections, read by the domain's keyset pages."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from app.domain.paging import Page, PageRequest
from app.graphql.context import Context
from app.graphql.execution import EDGE
from app.graphql.inputs import InvalidInput
from app.request import SORT
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


class _Total:
    """The edge from a page to the number of all rows of its list, counted only when it is asked for."""

    key = "total_count"

    async def load(self, context: Context, keys: list[Any], *_: Any) -> dict[Any, int]:
        """What the counts come to."""
        return {count: await context.read(count) for count in keys}


async def _total(root: strawberry.Parent[Any], info: strawberry.Info[Context]) -> int | None:
    count = root[_Total.key]
    return None if count is None else await info.context.read(count)


@strawberry.type
class Connection(Generic[T]):
    """A page of a list."""

    nodes: list[T]
    edges: list[Edge[T]]
    page_info: PageInfo
    total_count: int | None = strawberry.field(
        resolver=_total,
        metadata={EDGE: _Total()},
        description="总条数，选择时才计算 / how many there are in all; counted when selected",
    )


def page_request(first: int, after: str | None, sort: str | None) -> PageRequest:
    """The domain's page request for a connection's arguments."""
    if sort is not None and not re.match(SORT, sort):
        raise InvalidInput([{"loc": ["sort"], "type": "string_pattern_mismatch"}])
    return PageRequest(limit=first, cursor=after, sort=sort)


async def connection(context: Context, read: Callable[[Database], Awaitable[Page]]) -> Any:
    """The payload of a connection field."""
    page = await context.read(read)
    return {
        "nodes": page.items,
        "edges": [
            {"node": row, "cursor": page.cursor(position)}
            for position, row in enumerate(page.items)
        ],
        "page_info": {
            "has_next_page": page.more,
            "end_cursor": page.cursor(-1) if page.items else None,
        },
        _Total.key: page.count,
    }
