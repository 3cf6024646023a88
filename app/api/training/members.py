"""Members of research groups over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import members
from app.domain.training.members import MemberView, NewDuty, NewMember
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(prefix="/groups/{group_id}/members", tags=["training"], route_class=Route)


@router.get("", operation_id="list_members", response_model=PageOf[MemberView])
async def list_members(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    group_id: UUID,
    page: PageParameters,
    fields: Fields,
    as_of: Annotated[date | None, Query(description="某日，默认今天 / a day; today")] = None,
    known_on: Annotated[
        date | None, Query(description="按某日所知，默认今日所知 / as was believed on a day; now")
    ] = None,
) -> Response:
    """The members of a group on a day, heads first unless sorted otherwise (`duty`, `name`, `since`)."""
    found = await members.list_members(
        db, actor, group_id=group_id, page=page, now=now(), as_of=as_of, known_on=known_on
    )
    return answer_page(request, found, fields)


@router.get("/history", operation_id="list_group_history", response_model=PageOf[MemberView])
async def list_group_history(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    group_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """Who has belonged to a group, with which duty, from when until when; the earliest first."""
    found = await members.list_group_history(db, actor, group_id=group_id, page=page)
    return answer_page(request, found, fields)


@router.post("", operation_id="add_member", response_model=MemberView, status_code=201)
async def add_member(
    db: Transaction, actor: CurrentActor, group_id: UUID, new: NewMember
) -> Response:
    """Take a teacher of the group's unit into the group."""
    row = await members.add_member(db, actor, group_id=group_id, new=new, now=now())
    return answer(row, 201)


@router.post("/{teacher_id}/duty", operation_id="change_duty", response_model=MemberView)
async def change_duty(
    db: Transaction, actor: CurrentActor, group_id: UUID, teacher_id: UUID, new: NewDuty
) -> Response:
    """Give a member another duty, for a term if it has one; a new head takes over from the present."""
    row = await members.change_duty(
        db, actor, group_id=group_id, teacher_id=teacher_id, new=new, now=now()
    )
    return answer(row)


@router.post("/{teacher_id}/end", operation_id="end_membership", response_model=MemberView)
async def end_membership(
    db: Transaction, actor: CurrentActor, group_id: UUID, teacher_id: UUID
) -> Response:
    """End a membership today."""
    row = await members.end_membership(
        db, actor, group_id=group_id, teacher_id=teacher_id, now=now()
    )
    return answer(row)
