"""Members of committees over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.organisation import committee_members
from app.domain.organisation.committee_members import (
    CommitteeMemberEnd,
    CommitteeMemberView,
    NewCommitteeMember,
)
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["organisation"], route_class=Route)


@router.get(
    "/committees/{committee_id}/members",
    operation_id="list_committee_members",
    response_model=list[CommitteeMemberView],
)
async def list_committee_members(
    db: Reading,
    actor: CurrentActor,
    committee_id: UUID,
    as_of: Annotated[date | None, Query(description="某日，默认今天 / a day; today")] = None,
    known_on: Annotated[
        date | None, Query(description="该日终了时系统所知 / as believed at its end")
    ] = None,
) -> Response:
    """Who sat in a committee on a day, the chair first."""
    rows = await committee_members.list_committee_members(
        db, actor, committee_id=committee_id, as_of=as_of, known_on=known_on
    )
    return answer(rows)


@router.post(
    "/committees/{committee_id}/members",
    operation_id="seat_committee_member",
    response_model=CommitteeMemberView,
    status_code=201,
)
async def seat_committee_member(
    db: Transaction, actor: CurrentActor, committee_id: UUID, new: NewCommitteeMember
) -> Response:
    """Give a teacher, an account, an outside expert or the holder of a post a seat."""
    row = await committee_members.seat_committee_member(
        db, actor, committee_id=committee_id, new=new, now=now()
    )
    return answer(row, 201)


@router.post(
    "/committee-members/{member_id}/end",
    operation_id="unseat_committee_member",
    response_model=CommitteeMemberView,
)
async def unseat_committee_member(
    db: Transaction, actor: CurrentActor, member_id: UUID, end: CommitteeMemberEnd
) -> Response:
    """End a seat on a day; that it was held until then can still be told."""
    row = await committee_members.unseat_committee_member(
        db, actor, member_id=member_id, end=end, now=now()
    )
    return answer(row)
