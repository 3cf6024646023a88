"""Codes of the province (省平台代码对照): what each of our words is called there, from which day.

The lists of the province are not public to us: a city enters what it was told. What has no code there
is refused before anything is sent, each gap by its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, StringConstraints, model_validator
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import (
    Command,
    Dated,
    Placed,
    Table,
    civil_date,
    dated_constraints,
    holds_once,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation.units import UNITS, Level
from app.domain.paging import Page, PageRequest
from app.sql import Connection, ExclusionViolationError, Row, Statement, new_id


class CodeSet(StrEnum):
    """Whose words are mapped (代码集)."""

    ENTRY_KIND = "entry_kind"
    """学分类别"""
    LEVEL = "level"
    """层级"""
    ACTIVITY_KIND = "activity_kind"
    """活动类型"""
    MODE = "mode"
    """研修方式"""
    CHANNEL = "channel"
    """培训渠道"""
    RANK = "rank"
    """职称"""
    SUBJECT = "subject"
    """学科"""
    STAGE = "stage"
    """学段"""
    CERTIFICATE_KIND = "certificate_kind"
    """证书类型"""
    TEACHER_END = "teacher_end"
    """离册原因: `retired`, `left` or `merged`"""


_Word = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class ProvinceCodeFields(BaseModel):
    """One line of the mapping, and in which time it holds."""

    code_set: CodeSet = Field(description="代码集 / whose words", sa_type=text_enum(CodeSet))
    ours: _Word = Field(max_length=80, description="本系统的值 / our word")
    theirs: _Word = Field(max_length=80, description="省平台代码 / their code")
    valid_from: date = Field(description="启用日 / first day on which it holds")
    valid_to: date | None = Field(
        default=None, description="停用日（不含） / first day on which it holds no more"
    )


class ProvinceCode(ProvinceCodeFields, Placed, Dated, Table, table=True):
    """A code of the province as one city knows it; a word has one on a day."""

    __table_args__ = (
        *place_constraints(),
        *dated_constraints(),
        holds_once("province_code", "city_id", "code_set", "ours"),
    )

    id: UUID = key()
    recorded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class ProvinceCodeView(ProvinceCodeFields):
    """A line of the mapping as both faces show it."""

    id: UUID = Field(description="标识 / key")
    city_id: UUID = Field(description="所属市 / city")
    recorded_at: datetime = Field(description="登记时间 / when it was entered")
    superseded_at: datetime | None = Field(description="作废时间 / since when it is void")


class NewProvinceCode(Command):
    """A line to be entered, from today unless said otherwise."""

    city_id: UUID = Field(description="市 / city")
    code_set: CodeSet = Field(description="代码集 / whose words")
    ours: _Word = Field(description="本系统的值 / our word")
    theirs: _Word = Field(description="省平台代码 / their code")
    valid_from: date | None = Field(default=None, description="启用日 / first day")
    valid_to: date | None = Field(default=None, description="停用日（不含） / end, exclusive")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise Unfit("停用日须晚于启用日。", "A code ends after it begins.")
        return self


# What can be refused.


class ProvinceCodeNotFound(NotFound):
    """There is no such line for the one who asks."""

    code = "province_code_not_found"
    zh = "未找到该代码对照。"
    en = "There is no such line of the code mapping."


class ProvinceCodeHeld(Conflict):
    """Our word has a code on some day of the time: end, or void, that first."""

    code = "province_code_held"
    zh = "该值在此期间已有省平台代码，请先将其作废。"
    en = "Our word has a code in that time already: void that line first."


class ProvinceCodeVoid(Conflict):
    """The line was voided before."""

    code = "province_code_void"
    zh = "该代码对照已作废。"
    en = "This line was voided before."


class ProvinceCodeNeedsCity(Invalid):
    """A mapping is a whole city's."""

    code = "province_code_needs_city"
    zh = "代码对照须以市为单位登记。"
    en = "A code mapping is of a whole city."


class ProvinceCodeEndsEarly(Invalid):
    """The line would end before it begins."""

    code = "province_code_ends_early"
    zh = "停用日须晚于启用日（未填则为今天）。"
    en = "The code would end before its first day, which is today unless it is given."


class ProvinceCodesMissing(Conflict):
    """Some of our words have no code there on their day: nothing is sent before they do."""

    code = "province_codes_missing"
    zh = "以下值尚无省平台代码：{gaps}（共{count}项）。请补充代码对照后再报送。"
    en = "These words have no code of the province: {gaps} ({count} in all). Enter them first."


# What may be asked.

PROVINCE_CODES = Door(
    table=ProvinceCode,
    view=ProvinceCodeView,
    read=Permission.PROVINCE_READ,
    missing=ProvinceCodeNotFound,
    filters={
        "code_set": col(ProvinceCode.code_set),
        "ours": col(ProvinceCode.ours),
        "void": lambda void: col(ProvinceCode.superseded_at).is_not(None) == void,
    },
    sorts={
        "ours": (col(ProvinceCode.code_set), col(ProvinceCode.ours), col(ProvinceCode.valid_from)),
        "created": (),
    },
)


async def list_province_codes(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    code_set: CodeSet | None = None,
    void: bool | None = None,
) -> Page:
    """The mapping, by our words; `void` for what was voided, or for what was not."""
    return await PROVINCE_CODES.page(db, actor, page, filters={"code_set": code_set, "void": void})


async def get_province_code(db: Connection, actor: Actor, *, province_code_id: UUID) -> Row:
    """One line of the mapping."""
    return await PROVINCE_CODES.get(db, actor, province_code_id)


_LINES = Statement(
    select(
        *(
            col(getattr(ProvinceCode, name))
            for name in ("code_set", "ours", "theirs", "valid_from", "valid_to")
        )
    ).where(
        col(ProvinceCode.city_id) == bindparam("city_id", type_=Uuid),
        col(ProvinceCode.superseded_at).is_(None),
    )
)


@dataclass
class Codes:
    """The mapping of a city in memory, and the gaps that were met while translating with it."""

    lines: Mapping[tuple[str, str], list[Row]]
    gaps: set[tuple[str, str]] = field(default_factory=set)

    def translate(self, code_set: CodeSet, ours: Any, day: date) -> str | None:
        """The province's code for our word on a day; a gap is noted. Nothing stays nothing."""
        if ours is None:
            return None
        for line in self.lines.get((code_set.value, str(ours)), ()):
            if line["valid_from"] <= day and (line["valid_to"] is None or day < line["valid_to"]):
                return str(line["theirs"])
        self.gaps.add((code_set.value, str(ours)))
        return None

    @property
    def named(self) -> list[str]:
        """The first of the gaps, in words."""
        return sorted(f"{code_set}={ours}" for code_set, ours in self.gaps)[:_NAMED]

    def require_whole(self) -> None:
        """Refuse to go on where a gap was met, naming the first of them."""
        if self.gaps:
            raise ProvinceCodesMissing(gaps=", ".join(self.named), count=len(self.gaps))


_NAMED = 20
"""How many gaps a refusal names."""


async def read_codes(db: Connection, *, city_id: UUID) -> Codes:
    """What a city knows of the province's codes; a part of composing what is sent."""
    lines: dict[tuple[str, str], list[Row]] = {}
    for row in await db.all(_LINES, city_id=city_id):
        lines.setdefault((row["code_set"], row["ours"]), []).append(row)
    return Codes(lines)


# What may be done.


async def enter_province_code(
    db: Connection, actor: Actor, *, new: NewProvinceCode, now: datetime
) -> Row:
    """Enter a line of the mapping of a city."""
    exchange = Permission.PROVINCE_EXCHANGE
    unit = await UNITS.get(db, actor, new.city_id, permission=exchange)
    if unit["level"] != Level.CITY:
        raise ProvinceCodeNeedsCity
    begins = new.valid_from or civil_date(now)
    if new.valid_to is not None and new.valid_to <= begins:
        raise ProvinceCodeEndsEarly
    row = new.model_dump() | {
        "id": new_id(),
        "county_id": new.city_id,
        "school_id": None,
        "valid_from": begins,
        "recorded_at": now,
        "recorded_by": actor.account_id,
    }
    try:
        await db.insert(ProvinceCode, row)
    except ExclusionViolationError:
        raise ProvinceCodeHeld from None
    return await PROVINCE_CODES.get(db, actor, row["id"])


async def void_province_code(
    db: Connection, actor: Actor, *, province_code_id: UUID, now: datetime
) -> Row:
    """Void a line, so that another may take its place; what was sent with it stays as it was sent."""
    line = await PROVINCE_CODES.get(
        db, actor, province_code_id, permission=Permission.PROVINCE_EXCHANGE, lock=True
    )
    if line["superseded_at"] is not None:
        raise ProvinceCodeVoid
    await db.change(ProvinceCode, province_code_id, {"superseded_at": now})
    return await PROVINCE_CODES.get(db, actor, province_code_id)
