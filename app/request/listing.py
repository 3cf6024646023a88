"""What every list takes: how many rows, from where on, in which order."""

from typing import Annotated

from fastapi import Depends, Query

from app.domain.paging import LARGEST_PAGE, PageRequest

__all__ = ["SORT", "PageParameters"]

SORT = r"^-?[a-z_]{1,40}$"
"""The form of `sort`: whatever has another is refused without being repeated."""


async def _page_request(
    limit: Annotated[
        int, Query(description="每页条数 / rows per page", ge=1, le=LARGEST_PAGE)
    ] = 50,
    cursor: Annotated[
        str | None, Query(description="上一页返回的 next / `next` of the page before")
    ] = None,
    sort: Annotated[
        str | None,
        Query(description="排序，前加 - 为降序 / order; a minus descends", pattern=SORT),
    ] = None,
) -> PageRequest:
    return PageRequest(limit=limit, cursor=cursor, sort=sort)


PageParameters = Annotated[PageRequest, Depends(_page_request)]
"""`limit`, `cursor` and `sort` of a list."""
