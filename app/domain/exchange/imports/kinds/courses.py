"""Courses (课程): a course in each row, drafted for a unit; it is declared by hand once it is whole.

A course is found by its title in its unit. What is being written follows the file; what was declared stands
as it was declared, and a row that says otherwise is refused. Of groups and departments no file has courses.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError, field_validator
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.errors import DomainError, Unfit
from app.domain.exchange.imports.comparing import apart
from app.domain.exchange.imports.kind import (
    Draft,
    Ground,
    ImportAction,
    ImportColumn,
    ImportKind,
    ImportSubject,
)
from app.domain.exchange.imports.kinds.titled import (
    TitledLine,
    Titles,
    find_titled,
    identify_titled,
    need,
    title_of,
)
from app.domain.exchange.imports.kinds.withdrawn import take_back
from app.domain.exchange.imports.kinds.words import (
    ACTIVITY_KINDS,
    CHANNELS,
    CONTENT,
    COURSE_ORIGINS,
    MODES,
    STRATA,
)
from app.domain.exchange.imports.places import hold_places
from app.domain.learning.courses import (
    Course,
    CourseChanges,
    CourseOrigin,
    NewCourse,
    create_course,
    update_course,
)
from app.domain.learning.courses.course import check_course_state
from app.domain.learning.courses.table import MOST_UNITS
from app.domain.learning.courses.vocabulary import EDITABLE, CourseState
from app.domain.learning.courses.writing import NewSyllabusUnit
from app.domain.people.teachers.strata import Stratum
from app.domain.training.vocabulary import (
    ActivityChannel,
    ActivityContent,
    ActivityKind,
    ActivityMode,
)
from app.sql import Connection, Row

_SYLLABUS = TypeAdapter(Annotated[list[NewSyllabusUnit], Field(max_length=MOST_UNITS)])
_UNIT = re.compile(r"^(?P<title>.+?)[（(](?P<hours>\d+(\.\d{1,2})?)[）)]$")


class CourseLine(TitledLine):
    """A row of a file of courses."""

    title: str = Field(min_length=1, max_length=200)
    unit: str | None = Field(default=None, max_length=100)
    origin: CourseOrigin | None = None
    source: str | None = Field(default=None, min_length=1, max_length=200)
    kind: ActivityKind | None = None
    mode: ActivityMode | None = None
    channel: ActivityChannel | None = None
    content: list[ActivityContent] | None = Field(default=None, max_length=len(ActivityContent))
    strata: list[Stratum] | None = Field(default=None, max_length=len(Stratum))
    hours: Decimal | None = Field(default=None, gt=0, max_digits=8, decimal_places=2)
    summary: str | None = Field(default=None, min_length=1, max_length=500)
    responsible: str | None = Field(default=None, min_length=1, max_length=60)
    syllabus: str | None = None

    @field_validator("syllabus")
    @classmethod
    def _has_hours(cls, text: str | None) -> str | None:
        if text is None:
            return None
        units = units_in(text)
        try:
            # As the course itself has them: what it does not take is refused here, and not while it is written.
            _SYLLABUS.validate_python(units)
        except ValidationError:
            raise Unfit(
                f"课程大纲最多 {MOST_UNITS} 个单元，每个单元须有名称（不超过 200 字）和大于零的学时。",
                f"A syllabus has {MOST_UNITS} units at most, each with a title of 200 characters at most and"
                " with hours that are more than nothing.",
            ) from None
        return _written(units)


def units_in(text: str) -> list[dict[str, Any]]:
    """The units of a syllabus as a cell lists them: each with its hours in brackets, ； between them."""
    units = []
    for part in re.split(r"[；;\n]+", text):
        if not part.strip():
            continue
        found = _UNIT.match(part.strip())
        if found is None:
            raise Unfit(
                "课程大纲须逐个单元写明学时，如“问题的层次（2）；追问与理答（2）”。",
                "Give each unit of the syllabus with its hours, as: The first (2); The second (2).",
            )
        units.append({"title": found["title"].strip(), "hours": found["hours"]})
    return units


def _written(units: Sequence[dict[str, Any]]) -> str:
    return "；".join(f"{unit['title']}（{Decimal(unit['hours']):.2f}）" for unit in units)


_COLUMNS = (
    ImportColumn("title", "课程名称", "Title", "课堂提问的艺术", needed=True),
    ImportColumn("unit", "所属单位", "Unit", also=("学校", "学校名称", "开发单位", "单位")),
    ImportColumn("origin", "来源方式", "Origin", "自主开发", needed=True, words=COURSE_ORIGINS),
    ImportColumn("source", "来源单位", "Source", also=("合作单位", "来源或合作单位")),
    ImportColumn("kind", "活动形式", "Kind", "工作坊", needed=True, words=ACTIVITY_KINDS),
    ImportColumn("mode", "研修方式", "Mode", "集中研修", needed=True, words=MODES),
    ImportColumn("channel", "培训渠道", "Channel", "校本研修", needed=True, words=CHANNELS),
    ImportColumn("content", "研修内容", "Content", "教学设计", words=CONTENT, many=True),
    ImportColumn("strata", "面向教师", "Strata", "新任教师", words=STRATA, many=True,
                 also=("面向的教师类别", "参训对象")),
    ImportColumn("hours", "总学时", "Hours", "4", needed=True, also=("学时",)),
    ImportColumn("summary", "课程简介", "Summary", "提高课堂提问的质量", also=("课程目标", "简介")),
    ImportColumn("responsible", "课程负责人", "Responsible", "教导主任", also=("负责人",)),
    ImportColumn("syllabus", "课程大纲", "Syllabus", "问题的层次（2）；追问与理答（2）"),
)  # fmt: skip
_COMPARED = (
    "origin", "source", "kind", "mode", "channel", "content", "strata", "hours", "summary",
    "responsible", "syllabus",
)  # fmt: skip
_NEEDED = ("origin", "kind", "mode", "channel", "hours")


def _listed(course: Row) -> Row:
    return course | {"syllabus": _written(course["syllabus"]) if course["syllabus"] else None}


_COURSES = Titles(
    Course,
    (*_COMPARED, "state"),
    col(Course.group_id).is_(None),
    col(Course.department_id).is_(None),
    col(Course.state) != CourseState.RETIRED,
    listed=_listed,
)


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    await hold_places(db, ground=ground, drafts=drafts, column=COURSES.column("unit").zh, lock=lock)
    await find_titled(db, titles=_COURSES, drafts=drafts, compared=_COMPARED)
    for draft in drafts:
        if draft.unit is None or draft.refused:
            continue
        need(COURSES, draft, _NEEDED)
        if draft.current != draft.wanted and draft.current is not None:
            try:
                check_course_state(draft.work, EDITABLE)
            except DomainError as refusal:
                draft.refuse(refusal)


def _given(draft: Draft, names: Sequence[str]) -> dict[str, Any]:
    given = {name: getattr(draft.said, name) for name in names}
    if given.get("syllabus") is not None:
        given["syllabus"] = units_in(given["syllabus"])
    return {name: value for name, value in given.items() if value is not None}


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    for draft in apart(drafts, title_of):
        if draft.action is ImportAction.CHANGE:
            changes = CourseChanges.model_validate(_given(draft, list(draft.after)))
            await update_course(db, actor, course_id=draft.work["id"], changes=changes)
            continue
        new = NewCourse.model_validate(
            {"title": draft.said.title, "unit_id": (draft.unit or {})["id"]}
            | _given(draft, _COMPARED)
        )
        draft.target_id = (await create_course(db, actor, new=new, now=ground.now))["id"]


async def _restore(db: Connection, actor: Actor, _: Ground, rows: Sequence[Row]) -> None:
    await _COURSES.hold_as_written(db, rows)
    for row in rows:
        before = dict(row["before"])
        if "syllabus" in before:
            before["syllabus"] = units_in(before["syllabus"] or "")
        changes = CourseChanges.model_validate(before)
        await update_course(db, actor, course_id=row["target_id"], changes=changes)


async def _remove(db: Connection, _: Actor, __: Ground, rows: Sequence[Row]) -> None:
    """A draft that nobody changed or declared is removed by the database itself."""
    await _COURSES.hold_as_written(db, rows)
    await take_back(db, rows=rows)


COURSES = ImportKind(
    subject=ImportSubject.COURSES,
    words="课程（草稿） / courses, as drafts",
    permission=Permission.COURSE_WRITE,
    columns=_COLUMNS,
    row=CourseLine,
    identified_by=("title",),
    identify=identify_titled,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
    part=200,
)
