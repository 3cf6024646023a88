"""Clashes between teaching and training over REST, and free times."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.training import clashes
from app.domain.training.clashes import ClashReport, FreeTime
from app.domain.training.school_calendars import Semester
from app.request import CurrentActor, Reading, Route, now

router = APIRouter(tags=["training"], route_class=Route)

WeekOf = Annotated[
    date | None, Query(description="该周任意一天，默认今天 / any day of the week, today by default")
]


@router.get(
    "/activities/{activity_id}/clashes", operation_id="list_clashes", response_model=ClashReport
)
async def list_clashes(db: Reading, actor: CurrentActor, activity_id: UUID) -> Response:
    """Who of those whom an activity is for, and who are enrolled, teach while it has sessions."""
    return answer(await clashes.list_clashes(db, actor, activity_id=activity_id))


@router.get(
    "/units/{school_id}/clashes", operation_id="list_school_clashes", response_model=ClashReport
)
async def list_school_clashes(
    db: Reading,
    actor: CurrentActor,
    school_id: UUID,
    school_year: Annotated[
        int | None, Query(ge=2000, le=2100, description="学年起始年 / year in which it begins")
    ] = None,
    semester: Annotated[Semester | None, Query(description="学期 / first or second")] = None,
) -> Response:
    """Which teachers of a school teach during sessions of published activities, over a term."""
    found = await clashes.list_school_clashes(
        db, actor, school_id=school_id, now=now(), school_year=school_year, semester=semester
    )
    return answer(found)


@router.get(
    "/teachers/{teacher_id}/clashes",
    operation_id="list_teacher_clashes",
    response_model=ClashReport,
)
async def list_teacher_clashes(
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    since: Annotated[
        date | None, Query(description="起始日，默认本周一 / first day, this Monday by default")
    ] = None,
    until: Annotated[
        date | None, Query(description="终止日（含），默认满一周 / last day, a week's by default")
    ] = None,
) -> Response:
    """A teacher's sessions that clash with own lessons, or with each other."""
    found = await clashes.list_teacher_clashes(
        db, actor, teacher_id=teacher_id, now=now(), since=since, until=until
    )
    return answer(found)


@router.get(
    "/units/{school_id}/free-times",
    operation_id="list_free_times",
    response_model=list[FreeTime],
)
async def list_free_times(
    db: Reading, actor: CurrentActor, school_id: UUID, week_of: WeekOf = None
) -> Response:
    """The half-days of a week on which most teachers of a school give no lessons."""
    return answer(
        await clashes.list_free_times(db, actor, school_id=school_id, now=now(), week_of=week_of)
    )


@router.get(
    "/groups/{group_id}/free-times",
    operation_id="list_group_free_times",
    response_model=list[FreeTime],
)
async def list_group_free_times(
    db: Reading, actor: CurrentActor, group_id: UUID, week_of: WeekOf = None
) -> Response:
    """The half-days of a week on which most members of a group give no lessons."""
    return answer(
        await clashes.list_group_free_times(
            db, actor, group_id=group_id, now=now(), week_of=week_of
        )
    )
