"""Members of research groups over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import members
from app.domain.training.members import MemberView, NewMember
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
) -> Response:
    """Today's members of a group, heads first unless sorted otherwise (`duty`, `name`)."""
    found = await members.list_members(db, actor, group_id=group_id, page=page)
    return answer_page(request, found, fields)


@router.post("", operation_id="add_member", response_model=MemberView, status_code=201)
async def add_member(
    db: Transaction, actor: CurrentActor, group_id: UUID, new: NewMember
) -> Response:
    """Take a teacher of the group's unit into the group."""
    row = await members.add_member(db, actor, group_id=group_id, new=new, now=now())
    return answer(row, 201)


@router.post("/{teacher_id}/end", operation_id="end_membership", response_model=MemberView)
async def end_membership(
    db: Transaction, actor: CurrentActor, group_id: UUID, teacher_id: UUID
) -> Response:
    """End a membership today."""
    row = await members.end_membership(
        db, actor, group_id=group_id, teacher_id=teacher_id, now=now()
    )
    return answer(row)
