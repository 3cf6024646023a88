"""Mentorships over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import mentorships
from app.domain.learning.mentorships import (
    EarlyEnd,
    MentorshipJudgementView,
    MentorshipRefusal,
    MentorshipState,
    MentorshipView,
    MentorView,
    NewMentorship,
    NewMentorshipJudgement,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get("/mentorships", operation_id="list_mentorships", response_model=PageOf[MentorshipView])
async def list_mentorships(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    teacher_id: Annotated[UUID | None, Query(description="徒弟 / apprentice")] = None,
    mentor_id: Annotated[
        UUID | None, Query(description="导师（教师） / teacher who mentors")
    ] = None,
    school_id: Annotated[
        UUID | None, Query(description="徒弟学校 / school of the apprentice")
    ] = None,
    unit_id: Annotated[UUID | None, Query(description="安排单位 / unit that arranged it")] = None,
    state: Annotated[MentorshipState | None, Query(description="状态 / state")] = None,
    is_probation: Annotated[
        bool | None, Query(description="是否见习期 / of the probation year")
    ] = None,
    as_of: Annotated[date | None, Query(description="日期 / with that day in the term")] = None,
) -> Response:
    """The mentorships in which one is, and those of apprentices in one's place."""
    found = await mentorships.list_mentorships(
        db,
        actor,
        page=page,
        teacher_id=teacher_id,
        mentor_id=mentor_id,
        school_id=school_id,
        unit_id=unit_id,
        state=state,
        is_probation=is_probation,
        as_of=as_of,
    )
    await include.into("Mentorship", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/mentorships",
    operation_id="propose_mentorship",
    response_model=MentorshipView,
    status_code=201,
)
async def propose_mentorship(db: Transaction, actor: CurrentActor, new: NewMentorship) -> Response:
    """Propose that somebody is mentored for a term; it holds once all have signed."""
    row = await mentorships.propose_mentorship(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/mentorships/{row['id']}")


@router.get(
    "/mentorships/{mentorship_id}", operation_id="get_mentorship", response_model=MentorshipView
)
async def get_mentorship(
    request: Request, db: Reading, actor: CurrentActor, mentorship_id: UUID, include: Include
) -> Response:
    """One mentorship."""
    row = await mentorships.get_mentorship(db, actor, mentorship_id=mentorship_id)
    await include.into("Mentorship", [row])
    return answer_one(request, row)


@router.get(
    "/mentorships/{mentorship_id}/mentors",
    operation_id="list_mentors",
    response_model=list[MentorView],
)
async def list_mentors(db: Reading, actor: CurrentActor, mentorship_id: UUID) -> Response:
    """The mentors of a mentorship, in the order of naming."""
    return answer(await mentorships.list_mentors(db, actor, mentorship_id=mentorship_id))


@router.get(
    "/mentorships/{mentorship_id}/judgements",
    operation_id="list_mentorship_judgements",
    response_model=list[MentorshipJudgementView],
)
async def list_mentorship_judgements(
    db: Reading, actor: CurrentActor, mentorship_id: UUID
) -> Response:
    """How a mentorship was judged, the mid-term first."""
    return answer(
        await mentorships.list_mentorship_judgements(db, actor, mentorship_id=mentorship_id)
    )


@router.post(
    "/mentorships/{mentorship_id}/sign",
    operation_id="sign_mentorship",
    response_model=MentorshipView,
)
async def sign_mentorship(db: Transaction, actor: CurrentActor, mentorship_id: UUID) -> Response:
    """Sign as the apprentice, or as a mentor who is a teacher."""
    return answer(
        await mentorships.sign_mentorship(db, actor, mentorship_id=mentorship_id, now=now())
    )


@router.post(
    "/mentors/{mentor_id}/sign", operation_id="sign_for_expert", response_model=MentorshipView
)
async def sign_for_expert(db: Transaction, actor: CurrentActor, mentor_id: UUID) -> Response:
    """Record that an outside expert has signed."""
    return answer(await mentorships.sign_for_expert(db, actor, mentor_id=mentor_id, now=now()))


@router.post(
    "/mentorships/{mentorship_id}/decline",
    operation_id="decline_mentorship",
    response_model=MentorshipView,
)
async def decline_mentorship(
    db: Transaction, actor: CurrentActor, mentorship_id: UUID, refusal: MentorshipRefusal
) -> Response:
    """Decline as the apprentice or as a mentor, with the reason."""
    return answer(
        await mentorships.decline_mentorship(
            db, actor, mentorship_id=mentorship_id, refusal=refusal, now=now()
        )
    )


@router.post(
    "/mentorships/{mentorship_id}/judgements",
    operation_id="judge_mentorship",
    response_model=MentorshipJudgementView,
    status_code=201,
)
async def judge_mentorship(
    db: Transaction, actor: CurrentActor, mentorship_id: UUID, new: NewMentorshipJudgement
) -> Response:
    """Judge a mentorship at mid-term, or at its end, which concludes it."""
    return answer(
        await mentorships.judge_mentorship(
            db, actor, mentorship_id=mentorship_id, new=new, now=now()
        ),
        status=201,
    )


@router.post(
    "/mentorships/{mentorship_id}/end", operation_id="end_mentorship", response_model=MentorshipView
)
async def end_mentorship(
    db: Transaction, actor: CurrentActor, mentorship_id: UUID, end: EarlyEnd
) -> Response:
    """End a mentorship before its term, or withdraw a proposal."""
    return answer(
        await mentorships.end_mentorship(db, actor, mentorship_id=mentorship_id, end=end, now=now())
    )
