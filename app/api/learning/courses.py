"""Courses over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import courses
from app.domain.learning.courses import (
    CourseChanges,
    CourseComparison,
    CourseLevel,
    CourseOrigin,
    CourseState,
    CourseVersionView,
    CourseView,
    NewCourse,
)
from app.domain.people.teachers.strata import Stratum
from app.domain.training.activities import ActivityContent, ActivityKind
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)

UnitId = Annotated[UUID | None, Query(description="所属单位 / unit")]
OfLevel = Annotated[CourseLevel | None, Query(description="级别 / level")]
OfOrigin = Annotated[CourseOrigin | None, Query(description="来源方式 / how it was obtained")]
OfKind = Annotated[ActivityKind | None, Query(description="活动形式 / kind")]
About = Annotated[ActivityContent | None, Query(description="研修内容 / what it is about")]
ForStratum = Annotated[
    Stratum | None, Query(description="面向的教师类别 / for this stratum, or for all")
]
IsPractical = Annotated[
    bool | None, Query(description="是否实践性课程 / whether it is a practical course")
]
HasTitle = Annotated[
    str | None, Query(min_length=1, max_length=100, description="名称包含 / part of its title")
]


@router.get("/courses", operation_id="list_courses", response_model=PageOf[CourseView])
async def list_courses(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: UnitId = None,
    group_id: Annotated[UUID | None, Query(description="教研组 / group")] = None,
    department_id: Annotated[UUID | None, Query(description="部门 / department")] = None,
    responsible_id: Annotated[UUID | None, Query(description="课程负责人 / who answers")] = None,
    level: OfLevel = None,
    origin: OfOrigin = None,
    state: Annotated[CourseState | None, Query(description="状态 / state")] = None,
    kind: OfKind = None,
    content: About = None,
    stratum: ForStratum = None,
    is_practical: IsPractical = None,
    title: HasTitle = None,
) -> Response:
    """The courses in the actor's place, by title unless sorted otherwise (`title`, `created`, `hours`)."""
    found = await courses.list_courses(
        db,
        actor,
        page=page,
        unit_id=unit_id,
        group_id=group_id,
        department_id=department_id,
        responsible_id=responsible_id,
        level=level,
        origin=origin,
        state=state,
        kind=kind,
        content=content,
        stratum=stratum,
        is_practical=is_practical,
        title=title,
    )
    await include.into("Course", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/published-courses", operation_id="list_published_courses", response_model=PageOf[CourseView]
)
async def list_published_courses(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: UnitId = None,
    level: OfLevel = None,
    origin: OfOrigin = None,
    kind: OfKind = None,
    content: About = None,
    stratum: ForStratum = None,
    is_practical: IsPractical = None,
    title: HasTitle = None,
    least_hours: Annotated[
        int | None, Query(ge=0, le=100_000, description="学时不少于 / at least so many hours")
    ] = None,
    most_hours: Annotated[
        int | None, Query(ge=0, le=100_000, description="学时不多于 / at most so many hours")
    ] = None,
) -> Response:
    """The catalogue: what is published to the actor, by title (`title`, `created`, `hours`)."""
    found = await courses.list_published_courses(
        db,
        actor,
        page=page,
        unit_id=unit_id,
        level=level,
        origin=origin,
        kind=kind,
        content=content,
        stratum=stratum,
        is_practical=is_practical,
        title=title,
        least_hours=least_hours,
        most_hours=most_hours,
    )
    await include.into("Course", found.items)
    return answer_page(request, found, fields)


@router.get("/courses/{course_id}", operation_id="get_training_course", response_model=CourseView)
async def get_training_course(
    request: Request, db: Reading, actor: CurrentActor, course_id: UUID, include: Include
) -> Response:
    """One course, in the actor's place or published to the actor."""
    row = await courses.get_training_course(db, actor, course_id=course_id)
    await include.into("Course", [row])
    return answer_one(request, row)


@router.get(
    "/courses/{course_id}/versions",
    operation_id="list_course_versions",
    response_model=PageOf[CourseVersionView],
)
async def list_course_versions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    course_id: UUID,
) -> Response:
    """The versions of a course, the first declared first (`number`)."""
    found = await courses.list_course_versions(db, actor, page=page, course_id=course_id)
    return answer_page(request, found, fields)


@router.get(
    "/courses/{course_id}/comparison",
    operation_id="get_course_comparison",
    response_model=CourseComparison,
)
async def get_course_comparison(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    course_id: UUID,
    older: Annotated[
        int | None, Query(description="原版本号 / number of the earlier version")
    ] = None,
    newer: Annotated[
        int | None, Query(description="新版本号 / number of the later version")
    ] = None,
) -> Response:
    """How two versions of a course differ, by default the last two."""
    row = await courses.get_course_comparison(
        db, actor, course_id=course_id, older=older, newer=newer
    )
    return answer_one(request, row)


@router.post("/courses", operation_id="create_course", response_model=CourseView, status_code=201)
async def create_course(db: Transaction, actor: CurrentActor, new: NewCourse) -> Response:
    """Draft a course for a unit, a group or a department."""
    row = await courses.create_course(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/courses/{row['id']}")


@router.patch("/courses/{course_id}", operation_id="update_course", response_model=CourseView)
async def update_course(
    db: Transaction, actor: CurrentActor, course_id: UUID, changes: CourseChanges
) -> Response:
    """Change a course that is being written."""
    row = await courses.update_course(db, actor, course_id=course_id, changes=changes)
    return answer(row)
