"""Codes of units over time (代码): an alias by which others know a unit, never its identity.

A school's identification code (学校标识码) has two digits of its category, two of the province and six
of a serial number, without a check digit. Changing the category gives a new code, closing makes the
code void, and a void code is never given again (《学校（机构）代码管理办法》, 2011).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.facts import FactNotLater, FactView, check_day, end_facts, list_facts
from app.domain.organisation.names_and_codes import (
    CodeKind,
    UnitCode,
    UnitCodeText,
    check_code,
    code_units,
)
from app.domain.organisation.units import UNITS, Level, hold_unit, hold_units
from app.sql import Connection, Row


class UnitCodeView(FactView):
    """A code that a unit has or had."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="单位 / unit")
    kind: CodeKind = Field(description="代码类别 / which code set")
    code: UnitCodeText = Field(description="代码 / code")


class NewCode(Command):
    """A code that a unit is given, from today unless said otherwise; a former one becomes void."""

    code: UnitCodeText = Field(description="代码 / code")
    valid_from: date | None = Field(
        default=None, description="启用日期，默认今天 / first day; today by default"
    )


class CodeEnd(Command):
    """The day from which a code is void, today unless said otherwise."""

    on: date | None = Field(
        default=None, description="作废日期，默认今天 / first day on which it is void"
    )


# What can be refused.


class CodeUnfit(Invalid):
    """The code is none of the unit's kind."""

    code = "unit_code_unfit"
    zh = "{zh}"
    en = "{en}"


class NoCode(Conflict):
    """The unit has no code in force."""

    code = "unit_has_no_code"
    zh = "该单位没有现行代码。"
    en = "The unit has no code in force."


# What may be asked.


async def list_unit_codes(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Sequence[Row]:
    """The codes of a unit, the first one first: all, or that of a day, as known now or on a day."""
    await UNITS.get(db, actor, unit_id)
    return await list_facts(
        db, table=UnitCode, view=UnitCodeView, unit_id=unit_id, as_of=as_of, known_on=known_on
    )


# What may be done.


async def give_code(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewCode, now: datetime
) -> Row:
    """Give a unit a code from a day on; the one that it had is void from that day."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.UNIT_WRITE)
    today = civil_date(now)
    since = new.valid_from or today
    check_day(since, today=today)
    await _give(db, {unit_id: _fit(unit, new.code)}, since, now)
    return await UNITS.get(db, actor, unit_id)


async def give_codes(
    db: Connection, actor: Actor, *, codes: Mapping[UUID, str], now: datetime
) -> None:
    """Give these units these codes from today on; what one of them would be refused for, all are."""
    if codes:
        units = await hold_units(db, actor, unit_ids=codes, permission=Permission.UNIT_WRITE)
        fit = {unit_id: _fit(units[unit_id], code) for unit_id, code in codes.items()}
        await _give(db, fit, civil_date(now), now)


def _fit(unit: Row, code: str) -> tuple[CodeKind, str]:
    """A code with the code set of the unit's kind; refused where it is none of that."""
    is_school = unit["level"] == Level.SCHOOL
    try:
        check_code(code, is_school=is_school)
    except Unfit as unfit:
        raise CodeUnfit(zh=unfit.zh, en=unfit.en) from None
    return (CodeKind.SCHOOL if is_school else CodeKind.DIVISION), code


async def _give(
    db: Connection, codes: Mapping[UUID, tuple[CodeKind, str]], since: date, now: datetime
) -> None:
    await _end_codes(db, codes.keys(), since, now)
    await code_units(db, codes=codes, since=since, now=now)


async def void_code(
    db: Connection, actor: Actor, *, unit_id: UUID, end: CodeEnd, now: datetime
) -> Row:
    """Make the code of a unit void from a day on; it is not given to anybody again."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.UNIT_WRITE)
    if unit["code"] is None:
        raise NoCode
    today = civil_date(now)
    on = end.on or today
    check_day(on, today=today)
    await _end_codes(db, [unit_id], on, now)
    return await UNITS.get(db, actor, unit_id)


async def _end_codes(db: Connection, unit_ids: Collection[UUID], on: date, now: datetime) -> None:
    """End the codes in force; one that was given on that very day is taken back as a mistake."""
    ended = await end_facts(db, table=UnitCode, owners=["unit_id"], owner=unit_ids, on=on, now=now)
    for former in ended:
        if former["valid_to"] is not None:
            # It was void already, and stays so.
            raise FactNotLater(current=former["valid_to"].isoformat())
        if former["valid_from"] > on:
            raise FactNotLater(current=former["valid_from"].isoformat())
