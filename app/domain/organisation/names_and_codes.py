"""Names and codes of units (名称与代码): dated facts, since both change while the unit stays itself.

A code that was ever used is never given to another unit; renaming keeps it, closing makes it void.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import Date, Index, UniqueConstraint, Uuid, bindparam, select, text
from sqlmodel import Field, col

from app.domain.base import (
    MOMENT,
    Dated,
    Table,
    civil_date,
    dated_constraints,
    in_force,
    key,
    known_on,
    text_enum,
)
from app.domain.errors import Conflict, NotFound, Unfit
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class CodeKind(StrEnum):
    """Which code set a unit's code belongs to."""

    DIVISION = "division"
    """Administrative division, GB/T 2260: six digits."""
    SCHOOL = "school"
    """School (institution) identification code (学校标识码): ten digits, no check digit."""


UnitName = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$"),
    Field(min_length=2, max_length=100, description="名称 / name"),
]


UnitCodeText = Annotated[str, StringConstraints(pattern=r"^([0-9]{6}|[0-9]{10})$")]

_PROVINCE = r"(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])"
_SCHOOL_CODE = re.compile(rf"(11|2[12]|3[1-7]|4[12]|51|9[1-3]){_PROVINCE}[0-9]{{6}}")
"""Two digits of the category, two of the province, six of the serial number.

《学校（机构）代码管理办法》 (2011); the categories as a secondary source lists them."""


def check_code(code: str, *, is_school: bool) -> None:
    """Refuse a code that is none of the unit's kind."""
    if len(code) != (10 if is_school else 6):
        raise Unfit(
            "县级单位代码为六位，学校标识码为十位。",
            "A county's code has six digits, a school's ten.",
        )
    if is_school and not _SCHOOL_CODE.fullmatch(code):
        raise Unfit(
            "学校标识码由两位类别、两位省份和六位顺序号组成，类别或省份不存在。",
            "A school's code is category, province and serial number: there is no such category"
            " or province.",
        )


class UnitCode(Dated, Table, table=True):
    """A dated code of a unit. A code that was ever used is never given to another unit."""

    __table_args__ = (
        *dated_constraints(),
        UniqueConstraint("kind", "code", "unit_id", "valid_from", "recorded_at"),
        Index(
            "uq_unit_code_live", "kind", "code", unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(
            "uq_unit_code_open", "unit_id", unique=True,
            postgresql_where=text("superseded_at IS NULL AND valid_to IS NULL"),
        ),
        Index(None, "unit_id"),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    kind: CodeKind = Field(sa_type=text_enum(CodeKind))
    code: str = Field(max_length=10)


class UnitNamed(Dated, Table, table=True):
    """A dated name of a unit; the unit's own `name` is the one in force."""

    __table_args__ = (
        *dated_constraints(),
        Index(
            "uq_unit_named_open", "unit_id", unique=True,
            postgresql_where=text("superseded_at IS NULL AND valid_to IS NULL"),
        ),
        Index(None, "unit_id"),
        Index(None, "name"),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    name: UnitName


# What can be refused.


class UnitCodeTaken(Conflict):
    """The code belongs, or once belonged, to a unit."""

    code = "unit_code_taken"
    zh = "该代码已被使用，作废的代码也不再分配。"
    en = "This code is taken; a void code is not given again either."


class UnitNotThen(NotFound):
    """The unit had no name on that day: it was not yet set up, or nobody knew of it."""

    code = "unit_not_then"
    zh = "该单位在 {day} 尚未设立。"
    en = "There was no such unit on {day}."


# What may be asked.

_DAY, _KNOWN_AT = bindparam("day", type_=Date), bindparam("known_at", type_=MOMENT)


def _fact_of_a_day(fact: type[Dated], said: Any, unit_id: Any) -> Any:
    return (
        select(said)
        .where(unit_id == bindparam("unit_id", type_=Uuid))
        .where(in_force(fact, _DAY), known_on(fact, _KNOWN_AT))
        .limit(1)
        .scalar_subquery()
    )


_OF_A_DAY = Statement(
    select(
        _fact_of_a_day(UnitNamed, col(UnitNamed.name), col(UnitNamed.unit_id)).label("name"),
        _fact_of_a_day(UnitCode, col(UnitCode.code), col(UnitCode.unit_id)).label("code"),
    )
)


async def name_and_code_of(db: Connection, *, unit_id: UUID, day: date, known_at: datetime) -> Row:
    """The name and the code of a unit on a day, as was believed before a moment."""
    [said] = await db.all(_OF_A_DAY, unit_id=unit_id, day=day, known_at=known_at)
    if said["name"] is None:
        raise UnitNotThen(day=day.isoformat())
    return said


# What may be done.


class UnitCalled(NamedTuple):
    """How a new unit is called, and its code where it has one."""

    unit_id: UUID
    name: str
    code: str | None
    kind: CodeKind


async def name_units(db: Connection, *, called: Sequence[UnitCalled], now: datetime) -> None:
    """Record the names of new units from today on, and the codes of those that have one."""
    known = {"valid_from": civil_date(now), "recorded_at": now}
    named = [{"id": new_id(), "unit_id": e.unit_id, "name": e.name, **known} for e in called]
    await db.insert_all(UnitNamed, named)
    coded = [
        {"id": new_id(), "unit_id": e.unit_id, "kind": e.kind, "code": e.code, **known}
        for e in called
        if e.code is not None
    ]
    await _give_codes(db, coded)


async def code_units(
    db: Connection, *, codes: Mapping[UUID, tuple[CodeKind, str]], since: date, now: datetime
) -> None:
    """Record the codes of units from a day on."""
    known = {"valid_from": since, "recorded_at": now}
    coded = [
        {"id": new_id(), "unit_id": unit_id, "kind": kind, "code": code, **known}
        for unit_id, (kind, code) in codes.items()
    ]
    await _give_codes(db, coded)


async def _give_codes(db: Connection, coded: Sequence[Row]) -> None:
    try:
        await db.insert_all(UnitCode, coded)
    except UniqueViolationError:
        raise UnitCodeTaken from None
