"""Timetables over REST: the file of a term, lessons, single lessons that are changed."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_one, answer_page
from app.domain.training import timetables
from app.domain.training.school_calendars import Semester
from app.domain.training.timetables import (
    GivenLesson,
    LessonChangeView,
    LessonView,
    NewLessonChange,
    TimetableDiff,
    TimetableFile,
    TimetableView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)

OfTimetable = Annotated[UUID | None, Query(description="课表 / timetable")]


@router.get("/timetables", operation_id="list_timetables", response_model=PageOf[TimetableView])
async def list_timetables(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    school_year: Annotated[
        int | None, Query(ge=2000, le=2100, description="学年起始年 / year in which it begins")
    ] = None,
    semester: Annotated[Semester | None, Query(description="学期 / first or second")] = None,
) -> Response:
    """The timetables of the schools in the actor's place (`created`)."""
    found = await timetables.list_timetables(
        db, actor, page=page, school_id=school_id, school_year=school_year, semester=semester
    )
    return answer_page(request, found, fields)


@router.get(
    "/timetables/{timetable_id}", operation_id="get_timetable", response_model=TimetableView
)
async def get_timetable(
    request: Request, db: Reading, actor: CurrentActor, timetable_id: UUID
) -> Response:
    """One timetable with its periods."""
    row = await timetables.get_timetable(db, actor, timetable_id=timetable_id)
    return answer_one(request, row)


@router.post(
    "/units/{school_id}/timetable-preview",
    operation_id="preview_timetable",
    response_model=TimetableDiff,
)
async def preview_timetable(
    db: Transaction, actor: CurrentActor, school_id: UUID, file: TimetableFile
) -> Response:
    """What entering a file would change in the school's timetable; nothing is changed."""
    return answer(await timetables.preview_timetable(db, actor, school_id=school_id, file=file))


@router.post(
    "/units/{school_id}/timetable", operation_id="import_timetable", response_model=TimetableDiff
)
async def import_timetable(
    db: Transaction, actor: CurrentActor, school_id: UUID, file: TimetableFile
) -> Response:
    """Let the school's timetable of a term be what the file says, or change nothing."""
    return answer(
        await timetables.import_timetable(db, actor, school_id=school_id, file=file, now=now())
    )


@router.get("/lessons", operation_id="list_lessons", response_model=PageOf[LessonView])
async def list_lessons(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    timetable_id: OfTimetable = None,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    weekday: Annotated[
        int | None, Query(ge=1, le=7, description="星期 / day of the week, Monday is 1")
    ] = None,
) -> Response:
    """The lessons of the week that the actor may see (`weekday`, `name`)."""
    found = await timetables.list_lessons(
        db, actor, page=page, timetable_id=timetable_id, teacher_id=teacher_id, weekday=weekday
    )
    return answer_page(request, found, fields)


@router.get(
    "/teachers/{teacher_id}/taught-lessons",
    operation_id="list_teacher_lessons",
    response_model=list[GivenLesson],
)
async def list_teacher_lessons(
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
    """What a teacher teaches on these days, after holidays, make-up days and changes."""
    found = await timetables.list_teacher_lessons(
        db, actor, teacher_id=teacher_id, now=now(), since=since, until=until
    )
    return answer(found)


@router.get(
    "/lesson-changes", operation_id="list_lesson_changes", response_model=PageOf[LessonChangeView]
)
async def list_lesson_changes(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    timetable_id: OfTimetable = None,
    since: Annotated[date | None, Query(description="此日及以后 / from this day on")] = None,
) -> Response:
    """The lessons that were moved or taken by others (`day`)."""
    found = await timetables.list_lesson_changes(
        db, actor, page=page, timetable_id=timetable_id, since=since
    )
    return answer_page(request, found, fields)


@router.post(
    "/lessons/{lesson_id}/changes",
    operation_id="change_lesson",
    response_model=LessonChangeView,
    status_code=201,
)
async def change_lesson(
    db: Transaction, actor: CurrentActor, lesson_id: UUID, new: NewLessonChange
) -> Response:
    """Let a lesson of one day be given at another time, or by another teacher of the school."""
    row = await timetables.change_lesson(db, actor, lesson_id=lesson_id, new=new, now=now())
    return answer(row, 201)


@router.delete(
    "/lesson-changes/{change_id}",
    operation_id="undo_lesson_change",
    response_model=LessonChangeView,
)
async def undo_lesson_change(db: Transaction, actor: CurrentActor, change_id: UUID) -> Response:
    """Let the lesson be given as the timetable says; what the change was."""
    return answer(await timetables.undo_lesson_change(db, actor, change_id=change_id))
