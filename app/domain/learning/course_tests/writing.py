"""Writing a test: of what it is, how it is taken, and by which parts its questions are drawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import AwareDatetime, model_validator
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Invalid, Unfit
from app.domain.learning.course_tests.table import (
    CountedAttempt,
    CourseTest,
    CourseTestFields,
    CourseTestState,
    Disclosure,
    SectionFields,
)
from app.domain.learning.course_tests.test import COURSE_TESTS, check_test_state
from app.domain.learning.courses import COURSES, CourseVersionNotFound
from app.domain.training.activities import ACTIVITIES, ActivityState, check_state
from app.sql import Connection, Row, new_id

MOST_SECTIONS = 20
"""How many parts a test has at most."""
_RULE = ("owner_id", "kind", "difficulty", "subject", "stage", "content")
"""What says which questions of a bank fit."""


class NewTestSection(SectionFields, Command):
    """A part of a test as it is to be drawn."""

    @model_validator(mode="after")
    def _says_what_is_drawn(self) -> Self:
        named = len(self.question_ids)
        if named and any(getattr(self, name) is not None for name in _RULE):
            raise Unfit(
                "指定题目与抽题条件只能填一种。", "Either name the questions or say which fit."
            )
        if not named and self.draw is None:
            raise Unfit("按条件抽题时须填抽取题数。", "Say how many are drawn of those that fit.")
        if named and (len(set(self.question_ids)) < named or (self.draw or 0) > named):
            raise Unfit(
                "指定的题目不能重复，抽取题数不能超过指定的题数。",
                "Name a question once, and draw no more than are named.",
            )
        return self


def _is_plain(moment: datetime | None) -> bool:
    return moment is None or 1900 <= moment.year < 3000


def check_taking(said: Mapping[str, Any]) -> tuple[str, str] | None:
    """What is wrong with when a test is taken and shown, in both languages; None where nothing is."""
    opens_at, closes_at = said["opens_at"], said["closes_at"]
    if not (_is_plain(opens_at) and _is_plain(closes_at)):
        return "时间须在1900年至2999年之间。", "The times lie between the years 1900 and 2999."
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        return "截止时间须晚于开放时间。", "It closes after it opens."
    shown = (said["result_shown"], said["solutions_shown"])
    if closes_at is None and Disclosure.AFTER_CLOSE in shown:
        return (
            "截止后公布成绩或答案的，须有截止时间。",
            "What is shown after it closes needs a time at which it closes.",
        )
    return None


class NewCourseTest(CourseTestFields, Command):
    """A test to be drafted, of an activity or of a version of a course."""

    activity_id: UUID | None = Field(default=None, description="所属活动（班），或 / activity, or")
    course_id: UUID | None = Field(default=None, description="所属课程 / course")
    course_version: int | None = Field(
        default=None, ge=1, le=100_000,
        description="课程版本，默认为生效的版本 / which version of it; that in force by default",
    )  # fmt: skip
    opens_at: AwareDatetime | None = Field(
        default=None, description="开放时间，不填为发布即开放 / from when; null: once published"
    )
    closes_at: AwareDatetime | None = Field(
        default=None, description="截止时间，不限为空 / until when; null: no end"
    )
    sections: list[NewTestSection] = Field(
        default_factory=list,
        max_length=MOST_SECTIONS,
        description="组卷规则 / parts, in their order",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.activity_id is None) == (self.course_id is None):
            raise Unfit(
                "测验须属于一个活动或一门课程。", "A test is of one activity or one course."
            )
        if self.course_id is None and self.course_version is not None:
            raise Unfit("只有课程的测验有课程版本。", "Only a course has versions.")
        if wrong := check_taking(self.model_dump()):
            raise Unfit(*wrong)
        return self


class CourseTestChanges(Command):
    """What of a draft is to be changed; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=1, max_length=200, description="测验名称 / title"
    )
    introduction: str | None = Field(
        default=None, min_length=1, max_length=2000, description="说明，null 为无 / introduction"
    )
    pass_percent: int | None = Field(default=None, ge=1, le=100, description="合格线 / per cent")
    attempts_allowed: int | None = Field(
        default=None, ge=1, le=20, description="可考次数 / attempts that each has"
    )
    counted: CountedAttempt | None = Field(default=None, description="计分方式 / which counts")
    minutes: int | None = Field(
        default=None, ge=1, le=1440, description="时限（分钟），null 为不限 / minutes"
    )
    opens_at: AwareDatetime | None = Field(default=None, description="开放时间 / from when")
    closes_at: AwareDatetime | None = Field(default=None, description="截止时间 / until when")
    shuffled: bool | None = Field(default=None, description="是否乱序 / whether shuffled")
    result_shown: Disclosure | None = Field(
        default=None, description="成绩公布时间 / when the result is shown"
    )
    solutions_shown: Disclosure | None = Field(
        default=None, description="答案公布时间 / when what is right is shown"
    )
    sections: list[NewTestSection] | None = Field(
        default=None, max_length=MOST_SECTIONS, description="全部组卷规则 / all parts"
    )

    @model_validator(mode="after")
    def _empties_nothing_needed(self) -> Self:
        for name in self.model_fields_set - _MAY_BE_EMPTY:
            if getattr(self, name) is None:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        return self


_MAY_BE_EMPTY = frozenset({"introduction", "minutes", "opens_at", "closes_at"})


# What can be refused.


class CourseTestTimesDisagree(Invalid):
    """When it opens, closes and is shown does not go together."""

    code = "course_test_times_disagree"
    zh = "截止时间须晚于开放时间（1900至2999年）；截止后公布成绩或答案的，须有截止时间。"
    en = "It closes after it opens (1900 to 2999), and closes at all if something is shown after that."


# What may be done.


def _parts(sections: Sequence[NewTestSection]) -> list[dict[str, Any]]:
    return [each.model_dump(mode="json") for each in sections]


async def draft_course_test(
    db: Connection, actor: Actor, *, new: NewCourseTest, now: datetime
) -> Row:
    """Draft a test of an activity that is not over, or of a version of a course."""
    version = new.course_version
    if new.activity_id is not None:
        activity = await ACTIVITIES.get(
            db, actor, new.activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
        )
        check_state(activity, ActivityState.DRAFT, ActivityState.PUBLISHED, ActivityState.HELD)
    elif new.course_id is not None:
        course = await COURSES.get(db, actor, new.course_id, permission=Permission.COURSE_WRITE)
        version = version or course["in_force"]
        if version is None or version > course["version"]:
            raise CourseVersionNotFound
    row = {
        "id": new_id(),
        **new.model_dump(),
        "course_version": version,
        "sections": _parts(new.sections),
        "state": CourseTestState.DRAFT,
        "created_at": now,
        "created_by": actor.account_id,
    }
    await db.insert(CourseTest, row)
    return await COURSE_TESTS.get(db, actor, row["id"])


async def update_course_test(
    db: Connection, actor: Actor, *, test_id: UUID, changes: CourseTestChanges
) -> Row:
    """Change a draft; what was published is withdrawn first, as long as nobody has begun."""
    test = await COURSE_TESTS.get(db, actor, test_id, permission=Permission.COURSE_WRITE, lock=True)
    check_test_state(test, CourseTestState.DRAFT)
    values = changes.model_dump(exclude_unset=True)
    if check_taking(test | values):
        raise CourseTestTimesDisagree
    if changes.sections is not None:
        values["sections"] = _parts(changes.sections)
    await db.change(CourseTest, test_id, values)
    return await COURSE_TESTS.get(db, actor, test_id)
