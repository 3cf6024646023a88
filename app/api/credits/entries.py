"""Entries of the ledger over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_one, answer_page
from app.domain.credits import entries
from app.domain.credits.entries import CreditEntryView
from app.domain.credits.packs.parts import EntryKind
from app.request import CurrentActor, PageParameters, Reading, Route
from app.request.inclusions import Include

router = APIRouter(tags=["credits"], route_class=Route)


@router.get(
    "/teachers/{teacher_id}/credit-entries",
    operation_id="list_entries",
    response_model=PageOf[CreditEntryView],
)
async def list_entries(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
    as_of: Annotated[
        date | None, Query(description="截至取得日期 / leave out what was earned later")
    ] = None,
    known_on: Annotated[
        date | None, Query(description="截至入账日期 / leave out what was recorded later")
    ] = None,
) -> Response:
    """A teacher's ledger by `sequence` or `earned_on`, reversals and what they strike included."""
    found = await entries.list_entries(
        db, actor, teacher_id=teacher_id, page=page, as_of=as_of, known_on=known_on
    )
    await include.into("CreditEntry", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/credit-entries", operation_id="list_credit_entries", response_model=PageOf[CreditEntryView]
)
async def list_credit_entries(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    kind: Annotated[EntryKind | None, Query(description="类别 / kind")] = None,
    source_kind: Annotated[
        str | None, Query(max_length=40, description="来源类型 / what it comes from")
    ] = None,
    earned_from: Annotated[
        date | None, Query(description="取得日期起（含） / earned on this day or later")
    ] = None,
    earned_until: Annotated[
        date | None, Query(description="取得日期止（含） / earned on this day or before")
    ] = None,
    recorded_from: Annotated[
        date | None, Query(description="入账日期起（含） / recorded on this day or later")
    ] = None,
) -> Response:
    """The ledgers of everybody whose credit the actor may see, in the order of recording (`created`)."""
    found = await entries.list_credit_entries(
        db,
        actor,
        page=page,
        kind=kind,
        source_kind=source_kind,
        earned_from=earned_from,
        earned_until=earned_until,
        recorded_from=recorded_from,
    )
    await include.into("CreditEntry", found.items)
    return answer_page(request, found, fields)


@router.get("/credit-entries/{entry_id}", operation_id="get_entry", response_model=CreditEntryView)
async def get_entry(
    request: Request, db: Reading, actor: CurrentActor, entry_id: UUID, include: Include
) -> Response:
    """One entry."""
    row = await entries.get_entry(db, actor, entry_id=entry_id)
    await include.into("CreditEntry", [row])
    return answer_one(request, row)
