"""A row of a file of activities with attendance: what it says, whom and what it is about. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Self

from pydantic import Field, model_validator

from app.domain.base import SHANGHAI
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.exchange.imports.kind import Draft, Ground, ImportColumn
from app.domain.exchange.imports.kinds.person_columns import PERSON_COLUMNS
from app.domain.exchange.imports.kinds.words import (
    ACTIVITY_KINDS,
    ATTENDANCE,
    ATTENDANCE_ROLES,
    CHANNELS,
    CONTENT,
    MODES,
)
from app.domain.exchange.imports.named_persons import NamedLine, identify_named, key_about
from app.domain.exchange.imports.places import plain_value
from app.domain.training.activities import (
    ActivityChannel,
    ActivityContent,
    ActivityKind,
    ActivityMode,
)
from app.domain.training.activities.organising import check_days
from app.domain.training.attendance import AttendanceRole, AttendanceStatus

_WHOLE_DAY = time()


class ActivityLine(NamedLine):
    """A row of a file of activities with attendance."""

    unit: str | None = Field(default=None, max_length=100)
    title: str = Field(min_length=1, max_length=200)
    starts_on: date
    ends_on: date | None = None
    begins: time | None = None
    ends: time | None = None
    session: int = Field(default=1, ge=1, le=1000)
    kind: ActivityKind | None = None
    mode: ActivityMode | None = None
    channel: ActivityChannel | None = None
    content: list[ActivityContent] | None = Field(default=None, max_length=len(ActivityContent))
    hours: Decimal | None = Field(default=None, gt=0, max_digits=8, decimal_places=2)
    place: str | None = Field(default=None, max_length=100)
    speaker: str | None = Field(default=None, max_length=60)
    status: AttendanceStatus = AttendanceStatus.PRESENT
    role: AttendanceRole = AttendanceRole.PARTICIPANT

    @model_validator(mode="after")
    def _has_days(self) -> Self:
        check_days(self.starts_on, self.last_day)
        if self.ends_at <= self.starts_at:
            raise Unfit("结束时间须晚于开始时间。", "It ends after it begins.")
        return self

    @property
    def last_day(self) -> date:
        """The last day: the first, unless the row says otherwise."""
        return self.ends_on or self.starts_on

    @property
    def names_somebody(self) -> bool:
        """Whether it is about a person at the activity, and not about the activity alone."""
        return self.name is not None or self.id_number is not None

    @property
    def starts_at(self) -> datetime:
        """When it began; without an hour, with its first day."""
        return datetime.combine(self.starts_on, self.begins or _WHOLE_DAY, SHANGHAI)

    @property
    def ends_at(self) -> datetime:
        """When it ended; without an hour, with its last day."""
        if self.ends is None:
            return datetime.combine(self.last_day + timedelta(days=1), _WHOLE_DAY, SHANGHAI)
        return datetime.combine(self.last_day, self.ends, SHANGHAI)


COLUMNS = (
    ImportColumn("title", "活动名称", "Title", "分数教学专题研讨", needed=True, also=("活动主题",)),
    ImportColumn("unit", "组织单位", "Organiser", also=("主办单位", "组织学校")),
    ImportColumn("starts_on", "开始日期", "First day", "2026-03-05", needed=True, day=True,
                 also=("活动日期", "日期", "活动时间")),
    ImportColumn("ends_on", "结束日期", "Last day", day=True),
    ImportColumn("begins", "开始时间", "Begins", "14:30"),
    ImportColumn("ends", "结束时间", "Ends", "16:30"),
    ImportColumn("session", "场次", "Session", "1"),
    ImportColumn("kind", "活动形式", "Kind", "专题研讨", needed=True, words=ACTIVITY_KINDS),
    ImportColumn("mode", "研修方式", "Mode", "集中研修", needed=True, words=MODES),
    ImportColumn("channel", "培训渠道", "Channel", "校本研修", needed=True, words=CHANNELS),
    ImportColumn("content", "研修内容", "Content", "教学研究", words=CONTENT, many=True),
    ImportColumn("hours", "学时", "Hours", "2", needed=True),
    ImportColumn("place", "地点", "Place", "多功能厅", also=("活动地点",)),
    ImportColumn("speaker", "主讲人", "Speaker"),
    *PERSON_COLUMNS,
    ImportColumn("status", "出勤状态", "Status", "出席", also=("出勤", "考勤"), words=ATTENDANCE),
    ImportColumn("role", "身份", "Role", "参训者", words=ATTENDANCE_ROLES),
)  # fmt: skip
HEADERS = {column.field: column.zh for column in COLUMNS}
OF_ACTIVITY = ("kind", "mode", "channel", "hours")
"""What of an activity has to be said to set one up."""
_ASIDE = ("content", "ends_on", "place", "speaker")
OF_PERSON = ("status", "role")


# What can be refused.


class ActivityDiffers(Conflict):
    """The activity is there, or an earlier row sets it up, and says otherwise: no file changes it."""

    code = "import_activity_differs"
    zh = "该活动已登记，“{column}”与文件不一致；文件只登记考勤，不更改活动。"
    en = "The activity is there with another '{column}': a file records attendance, and changes none."


class ActivityAmbiguous(Conflict):
    """Several activities of the unit have that title and day."""

    code = "import_activity_ambiguous"
    zh = "该单位当日有多个同名活动，无法确定是哪一个。"
    en = "The unit has several activities with that title on that day."


class ActivityToCome(Invalid):
    """A file records what was, and announces nothing."""

    code = "import_activity_to_come"
    zh = "活动尚未结束，请在系统中发布，不能导入。"
    en = "The activity is not over: publish it here, it is not imported."


def identify_line(said: ActivityLine, ground: Ground) -> tuple[str, str]:
    """The key and the label of what a row is about."""
    person = label = ""
    if said.names_somebody:
        person, label = identify_named(said, ground, by_school=True)
    about = (said.unit or "", said.title, said.starts_on.isoformat(), str(said.session))
    return key_about(person, *about), f"{said.title} {label}".strip()


def refuse_differing(draft: Draft, present: Mapping[str, Any]) -> None:
    """Refuse a draft that says otherwise of the activity than what is there."""
    for name in (*OF_ACTIVITY, *_ASIDE):
        value = getattr(draft.said, name)
        if value is not None and _plain(value) != _plain(present[name]):
            draft.refuse(ActivityDiffers(column=HEADERS[name]), column=HEADERS[name])


def _plain(value: Any) -> Any:
    return value if isinstance(value, Decimal) else plain_value(value)
