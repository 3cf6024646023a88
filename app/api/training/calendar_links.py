"""Calendar links over REST, and the calendars themselves."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from app.api.answers import answer, is_known, tag_of
from app.api.calendar_text import write_calendar
from app.domain.training import calendar_links
from app.domain.training.calendar_links import (
    CalendarLinkView,
    CalendarLinkWithPath,
    NewCalendarLink,
)
from app.request import (
    CurrentActor,
    Reading,
    Route,
    Transaction,
    begin_transaction,
    now,
    resources,
)
from app.security import passwords

router = APIRouter(tags=["training"], route_class=Route)
feed = APIRouter(tags=["training"])


@router.get(
    "/me/calendar-links",
    operation_id="list_calendar_links",
    response_model=list[CalendarLinkView],
)
async def list_calendar_links(db: Reading, actor: CurrentActor) -> Response:
    """One's own calendar links, the oldest first; no address is told again."""
    return answer(await calendar_links.list_calendar_links(db, actor))


@router.post(
    "/me/calendar-links",
    operation_id="create_calendar_link",
    response_model=CalendarLinkWithPath,
    status_code=201,
)
async def create_calendar_link(
    request: Request, actor: CurrentActor, new: NewCalendarLink
) -> Response:
    """Make a secret address of a calendar; it is shown this once, also for an `Idempotency-Key`."""
    secret = passwords.new_secret()
    async with begin_transaction(request, actor) as db:
        row = await calendar_links.create_calendar_link(
            db, actor, new=new, token_hash=passwords.hash_secret(secret), now=now()
        )
    return answer({**row, "path": f"/calendars/{secret}.ics"}, 201)


@router.post(
    "/me/calendar-links/{link_id}/revoke",
    operation_id="revoke_calendar_link",
    response_model=CalendarLinkView,
)
async def revoke_calendar_link(db: Transaction, actor: CurrentActor, link_id: UUID) -> Response:
    """Revoke one of one's own links: its address answers as one that never was."""
    return answer(await calendar_links.revoke_calendar_link(db, actor, link_id=link_id, now=now()))


@feed.get(
    "/calendars/{file}",
    operation_id="get_calendar",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
)
async def get_calendar(
    request: Request,
    file: Annotated[
        str, Path(max_length=80, description="密钥加 .ics / the secret, and .ics behind it")
    ],
) -> Response:
    """A calendar (RFC 5545) as the owner of its link may see it now; 304 where it is still as known."""
    moment = now()
    async with resources(request).pool.connection() as db:
        shown = await calendar_links.calendar_of_link(
            db, token_hash=passwords.hash_secret(file.removesuffix(".ics")), now=moment
        )
    content = write_calendar(shown["name"] or "我的研修", shown["sessions"], now=moment)
    tag = tag_of(content)
    headers = {"ETag": tag, "Cache-Control": "private, max-age=900"}
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)
