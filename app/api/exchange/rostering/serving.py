"""The handlers: one for each collection, with its query, and one for each single thing."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from app.api.answers import answer
from app.api.exchange.rostering.addresses import BASE, Address
from app.domain.access.actors import Actor
from app.domain.exchange import rostering
from app.domain.exchange.rostering import MOST, Asked, Owner
from app.request import CurrentActor, Reading, resources
from app.sql import Connection

_Fields = Annotated[
    str | None,
    Query(max_length=500, description="只返回这些字段，逗号分隔 / only these fields, by commas"),
]


async def _asked(
    limit: Annotated[int, Query(ge=1, le=MOST, description="条数 / things at most")] = 100,
    offset: Annotated[
        int, Query(ge=0, le=10_000_000, description="跳过的条数 / things before the first")
    ] = 0,
    sort: Annotated[
        str | None, Query(max_length=60, description="排序字段 / field to sort by")
    ] = None,
    order_by: Annotated[
        Literal["asc", "desc"], Query(alias="orderBy", description="升序或降序 / direction")
    ] = "asc",
    filter_: Annotated[
        str | None,
        Query(
            alias="filter",
            max_length=600,
            description="筛选，如 status='active' AND name~'小学' / filter",
        ),
    ] = None,
    fields: _Fields = None,
) -> Asked:
    return Asked(limit, offset, sort, order_by == "desc", filter_, fields)


_Query = Annotated[Asked, Depends(_asked)]
Handler = Callable[..., Awaitable[Response]]


def _base(request: Request) -> str:
    return f"{resources(request).settings.address}{BASE}"


def _links(request: Request, asked: Asked, total: int) -> str:
    """The header `Link`: the first and the last part, and those around this one."""
    last = max((total - 1) // asked.limit * asked.limit, 0)
    offsets = {"first": 0, "last": last}
    if asked.offset + asked.limit < total:
        offsets["next"] = asked.offset + asked.limit
    if asked.offset:
        offsets["prev"] = max(asked.offset - asked.limit, 0)
    others = [
        pair for pair in request.query_params.multi_items() if pair[0] not in {"limit", "offset"}
    ]
    address = resources(request).settings.address + request.url.path
    return ", ".join(
        f'<{address}?{urlencode([*others, ("limit", asked.limit), ("offset", offset)])}>; rel="{rel}"'
        for rel, offset in offsets.items()
    )


def handler_of_list(address: Address) -> Handler:
    """The handler of a collection."""

    async def read(
        request: Request, db: Connection, actor: Actor, asked: Asked, *keys: UUID
    ) -> Response:
        owners = [
            Owner(name, resource, key)
            for (name, resource), key in zip(address.owners, keys, strict=True)
        ]
        found = await rostering.list_roster(
            db, actor, resource=address.resource, asked=asked, base=_base(request), owners=owners
        )
        headers = {"X-Total-Count": str(found.total), "Link": _links(request, asked, found.total)}
        return answer({address.resource.plural: found.things}, headers=headers)

    async def all_of(request: Request, db: Reading, actor: CurrentActor, asked: _Query) -> Response:
        return await read(request, db, actor, asked)

    async def of_one(
        request: Request, db: Reading, actor: CurrentActor, asked: _Query, sourced_id: UUID
    ) -> Response:
        return await read(request, db, actor, asked, sourced_id)

    async def of_class(
        request: Request, db: Reading, actor: CurrentActor, asked: _Query,
        sourced_id: UUID, class_id: UUID,
    ) -> Response:  # fmt: skip
        return await read(request, db, actor, asked, sourced_id, class_id)

    return (all_of, of_one, of_class)[len(address.owners)]


def handler_of_one(address: Address) -> Handler:
    """The handler of one thing."""

    async def get_one(
        request: Request, db: Reading, actor: CurrentActor, sourced_id: UUID, fields: _Fields = None
    ) -> Response:
        row = await rostering.get_rostered(
            db, actor, resource=address.resource, key=sourced_id, base=_base(request), fields=fields
        )
        return answer({address.resource.singular: row})

    return get_one
