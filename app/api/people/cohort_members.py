"""Members of cohorts over REST: nominated by schools, admitted by who runs the programme."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_page
from app.domain.people import cohort_members
from app.domain.people.cohort_members import (
    CohortMemberView,
    MemberReplacement,
    MembershipEnd,
    MembershipState,
    NewNomination,
    NominationDecision,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["people"], route_class=Route)

State = Annotated[MembershipState | None, Query(description="状态 / state")]


@router.get(
    "/cohort-members", operation_id="list_nominations", response_model=PageOf[CohortMemberView]
)
async def list_nominations(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    cohort_id: Annotated[UUID | None, Query(description="期次 / cohort")] = None,
    state: State = None,
) -> Response:
    """One's own memberships, and those of one's place, in the order of nomination (`created`)."""
    found = await cohort_members.list_nominations(
        db, actor, page=page, teacher_id=teacher_id, cohort_id=cohort_id, state=state
    )
    await include.into("CohortMember", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/cohorts/{cohort_id}/members",
    operation_id="list_cohort_members",
    response_model=PageOf[CohortMemberView],
)
async def list_cohort_members(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    cohort_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
    state: State = None,
) -> Response:
    """Who is nominated for, or belongs to, a cohort that one runs (`created`, `name`)."""
    found = await cohort_members.list_cohort_members(
        db, actor, cohort_id=cohort_id, page=page, state=state
    )
    await include.into("CohortMember", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/teachers/{teacher_id}/nominations",
    operation_id="nominate_teacher",
    response_model=CohortMemberView,
    status_code=201,
)
async def nominate_teacher(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewNomination
) -> Response:
    """Nominate a teacher of one's place, within the quota of the teacher's school."""
    row = await cohort_members.nominate_teacher(
        db, actor, teacher_id=teacher_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/cohort-members?teacher_id={teacher_id}")


@router.post(
    "/cohort-members/{member_id}/decide",
    operation_id="decide_nomination",
    response_model=CohortMemberView,
)
async def decide_nomination(
    db: Transaction, actor: CurrentActor, member_id: UUID, decision: NominationDecision
) -> Response:
    """Admit who was nominated, or say that they are not admitted."""
    row = await cohort_members.decide_nomination(
        db, actor, member_id=member_id, decision=decision, now=now()
    )
    return answer(row)


@router.post(
    "/cohort-members/{member_id}/end",
    operation_id="end_cohort_member",
    response_model=CohortMemberView,
)
async def end_cohort_member(
    db: Transaction, actor: CurrentActor, member_id: UUID, end: MembershipEnd
) -> Response:
    """Say that a membership is completed, with its results, or that it was given up."""
    row = await cohort_members.end_cohort_member(db, actor, member_id=member_id, end=end, now=now())
    return answer(row)


@router.post(
    "/cohort-members/{member_id}/replace",
    operation_id="replace_cohort_member",
    response_model=CohortMemberView,
)
async def replace_cohort_member(
    db: Transaction, actor: CurrentActor, member_id: UUID, replacement: MemberReplacement
) -> Response:
    """Let another who was nominated take the place of somebody admitted; the other's membership."""
    row = await cohort_members.replace_cohort_member(
        db, actor, member_id=member_id, replacement=replacement, now=now()
    )
    return answer(row)
