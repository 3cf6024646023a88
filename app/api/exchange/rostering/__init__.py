"""OneRoster 1.2 Rostering, as its provider: addresses, query and refusals are those of the specification.

The routes are made of the table in `addresses`; `serving` answers them and `refusals` refuses.
"""

from typing import Any

from fastapi import APIRouter

from app.api.exchange.rostering.addresses import BASE, COLLECTIONS, NESTED, ONE_OF
from app.api.exchange.rostering.refusals import RosterRoute
from app.api.exchange.rostering.serving import handler_of_list, handler_of_one


def _router() -> APIRouter:
    made = APIRouter(prefix=BASE, tags=["rostering"], route_class=RosterRoute)
    for address in (*COLLECTIONS, *NESTED):
        made.add_api_route(
            address.path,
            handler_of_list(address),
            operation_id=address.operation,
            description=address.words,
            response_model=dict[str, list[dict[str, Any]]],
        )
    for address in COLLECTIONS:
        made.add_api_route(
            f"{address.path}/{{sourced_id}}",
            handler_of_one(address),
            operation_id=ONE_OF[address.operation],
            description=f"One of them. {address.words}",
            response_model=dict[str, dict[str, Any]],
        )
    return made


router = _router()
OPERATIONS = frozenset({
    *(address.operation for address in (*COLLECTIONS, *NESTED)), *ONE_OF.values(),
})  # fmt: skip
"""Every operation here, none of which has a twin in GraphQL."""
