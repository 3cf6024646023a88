"""The change feed over REST."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.exchange import changes
from app.domain.exchange.changes import (
    CURSOR,
    LONGEST_CURSOR,
    LONGEST_READ,
    ChangeKind,
    ChangesView,
)
from app.request import CurrentActor, Reading, Route

router = APIRouter(prefix="/changes", tags=["exchange"], route_class=Route)


@router.get("", operation_id="list_changes", response_model=ChangesView)
async def list_changes(
    db: Reading,
    actor: CurrentActor,
    after: Annotated[
        str | None,
        Query(
            max_length=LONGEST_CURSOR,
            pattern=CURSOR,
            description="上次的 next / `next` of the read before",
        ),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_READ, description="条数 / changes")] = 100,
    kinds: Annotated[
        list[ChangeKind] | None,
        Query(max_length=len(ChangeKind), description="类别，可多个 / kinds, repeatable"),
    ] = None,
) -> Response:
    """What changed after a cursor, the oldest first; go on from `next`, at once while `more`.

    Without a cursor it begins with a snapshot of everything that the actor may see. Every committed
    change is seen at least once and in order, what was deleted, merged or taken out of the actor's
    scope as `gone`: with it goes whatever names it in `lies_in`.
    """
    await changes.keep_coverage(db, actor)
    found = await changes.list_changes(db, actor, after=after, limit=limit, kinds=kinds)
    return answer(found)
