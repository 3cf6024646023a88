"""A row about training attended elsewhere: as schools list it, or as the national platform gives it. Pure."""

from datetime import date
from decimal import Decimal

from pydantic import Field

from app.domain.exchange.imports.kind import Ground, ImportColumn
from app.domain.exchange.imports.kinds.person_columns import CERTIFICATE_FILE, PERSON_COLUMNS
from app.domain.exchange.imports.kinds.words import (
    ACTIVITY_KINDS,
    CHANNELS,
    CONTENT,
    HOST_LEVELS,
    MODES,
)
from app.domain.exchange.imports.named_persons import NamedLine, identify_named, key_about
from app.domain.training.destinations import HostLevel
from app.domain.training.vocabulary import (
    ActivityChannel,
    ActivityContent,
    ActivityKind,
    ActivityMode,
)


class OutsideLine(NamedLine):
    """A row of a school's list of training attended elsewhere."""

    title: str = Field(min_length=2, max_length=200)
    organiser: str = Field(min_length=2, max_length=100)
    level: HostLevel
    kind: ActivityKind
    mode: ActivityMode
    channel: ActivityChannel
    content: list[ActivityContent] = Field(default_factory=list, max_length=len(ActivityContent))
    starts_on: date | None = None
    ends_on: date
    hours: Decimal = Field(gt=0, max_digits=8, decimal_places=2)
    certificate_number: str | None = Field(default=None, min_length=2, max_length=100)
    certificate_file: str | None = Field(default=None, max_length=200)

    @property
    def first_day(self) -> date:
        """The first day: the last, unless the row says otherwise."""
        return self.starts_on or self.ends_on


class NationalStudyLine(OutsideLine):
    """A row of the results of holiday study (寒暑期教师研修) on the national platform.

    The platform counts hours and issues a certificate with a number; how such study is classed is the
    same for everybody, and a file may say otherwise.
    """

    organiser: str = Field(default="国家智慧教育公共服务平台", min_length=2, max_length=100)
    level: HostLevel = HostLevel.NATIONAL
    kind: ActivityKind = ActivityKind.REMOTE_STUDY
    mode: ActivityMode = ActivityMode.SELF_DIRECTED
    channel: ActivityChannel = ActivityChannel.ONLINE
    certificate_number: str = Field(min_length=2, max_length=100)


_TITLE = ("培训名称", "研修名称", "专题名称", "研修专题", "项目名称", "培训项目")
_HOURS = ("学时", "获得学时", "认定学时", "培训学时", "总学时")
_ENDS = ("结束日期", "完成日期", "获证日期", "发证日期", "证书日期")
_CERTIFICATE = ("证书编号", "证书号", "电子证书编号", "电子证书号")

OUTSIDE_COLUMNS = (
    *PERSON_COLUMNS,
    ImportColumn("title", "培训名称", "Title", "省级骨干教师培训", needed=True, also=_TITLE),
    ImportColumn("organiser", "主办单位", "Organiser", "省教师发展中心", needed=True),
    ImportColumn("level", "级别", "Level", "省级", needed=True, words=HOST_LEVELS),
    ImportColumn("kind", "活动形式", "Kind", "讲座", needed=True, words=ACTIVITY_KINDS),
    ImportColumn("mode", "研修方式", "Mode", "集中研修", needed=True, words=MODES),
    ImportColumn("channel", "培训渠道", "Channel", "脱产培训", needed=True, words=CHANNELS),
    ImportColumn("content", "研修内容", "Content", "教学研究", words=CONTENT, many=True),
    ImportColumn("starts_on", "开始日期", "First day", "2026-07-01", day=True),
    ImportColumn("ends_on", "结束日期", "Last day", "2026-07-05", needed=True, day=True, also=_ENDS),
    ImportColumn("hours", "学时", "Hours", "40", needed=True, also=_HOURS),
    ImportColumn("certificate_number", "证书编号", "Number of the certificate", also=_CERTIFICATE),
    CERTIFICATE_FILE,
)  # fmt: skip
NATIONAL_COLUMNS = (
    *PERSON_COLUMNS,
    ImportColumn("title", "研修名称", "Title", "2026年暑期教师研修", needed=True, also=_TITLE),
    ImportColumn("hours", "获得学时", "Hours", "10", needed=True, also=_HOURS),
    ImportColumn("starts_on", "开始日期", "First day", "2026-07-20", day=True),
    ImportColumn("ends_on", "完成日期", "Last day", "2026-08-31", needed=True, day=True, also=_ENDS),
    ImportColumn("certificate_number", "证书编号", "Number of the certificate", "GJ20260001",
                 needed=True, also=_CERTIFICATE),
    CERTIFICATE_FILE,
    ImportColumn("content", "研修内容", "Content", "师德修养", words=CONTENT, many=True),
    ImportColumn("organiser", "主办单位", "Organiser"),
    ImportColumn("level", "级别", "Level", words=HOST_LEVELS),
    ImportColumn("kind", "活动形式", "Kind", words=ACTIVITY_KINDS),
    ImportColumn("mode", "研修方式", "Mode", words=MODES),
    ImportColumn("channel", "培训渠道", "Channel", words=CHANNELS),
)  # fmt: skip
HEADERS = {column.field: column.zh for column in OUTSIDE_COLUMNS}


def identify_outside(said: OutsideLine, ground: Ground) -> tuple[str, str]:
    """The key and the label of what a row is about: whose training, of what title and days."""
    person, label = identify_named(said, ground)
    about = (said.title, said.first_day.isoformat(), said.ends_on.isoformat())
    return key_about(person, *about), f"{label} {said.title}"
