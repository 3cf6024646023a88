"""What a report counts of schools and what they have: stages, locations, titles, rooms, lines, money."""

from typing import Any

from sqlalchemy import Integer, Select, Text, bindparam, cast, exists, func, select
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.base import holds_on
from app.domain.learning.equipment import Equipment, EquipmentKind
from app.domain.organisation.designations import Designation, DesignationLevel
from app.domain.organisation.guidance_visits.visit import GuidanceVisit
from app.domain.organisation.location_classes import LocationClass
from app.domain.organisation.statistics import Measure, Statistic
from app.domain.organisation.units import Unit, is_open_school
from app.domain.people.teachers.strata import is_among
from app.domain.quality.expenses import Expense, ExpenseState
from app.domain.quality.measures.figure_row import row
from app.domain.quality.measures.happened import AS_OF, Key, in_period, in_units
from app.domain.quality.measures.ranking import highest_of, level_of
from app.domain.quality.reports.source import (
    MONEY,
    OF_BUREAUX,
    PERSONS,
    THINGS,
    FigureCode,
    Source,
)


def _schools(key: Key, *, part: Any, counts: Any = None) -> Select[Any]:
    """Open schools on the day of counting; whose stages are two is of both, and counted once."""
    found = row(col(Unit.id), col(Unit.name), col(Unit.id), part=part, counts=counts)
    return found.where(in_units(key(Unit)), is_open_school(AS_OF))


_stages = func.array_to_string(col(Unit.stages), "+")
_location = cast(col(Unit.location), Text)


def _rural(key: Key) -> Select[Any]:
    lies = func.coalesce(is_among(col(Unit.location), (LocationClass.RURAL,)), False)
    return _schools(key, part=_location, counts=lies)


_titled = (
    highest_of(Designation, DesignationLevel, Designation.unit_id)
    .where(holds_on(Designation, AS_OF))
    .subquery("titled")
)


def _designated(key: Key) -> Select[Any]:
    level = level_of(_titled.c.highest, DesignationLevel)
    found = _schools(key, part=level, counts=_titled.c.owner_id.is_not(None))
    return found.outerjoin(_titled, _titled.c.owner_id == col(Unit.id))


def _students(key: Key) -> Select[Any]:
    """What each school states of the school year, as now stated; the register has no pupils."""
    found = row(
        col(Statistic.id), col(Unit.name), col(Statistic.unit_id), amount=col(Statistic.value)
    )
    return found.join_from(Statistic, Unit, col(Unit.id) == col(Statistic.unit_id)).where(
        in_units(key(Statistic)),
        col(Statistic.school_id).is_not(None),
        col(Statistic.measure) == Measure.STUDENTS,
        col(Statistic.stage).is_(None),
        col(Statistic.superseded_at).is_(None),
        col(Statistic.school_year) == bindparam("school_year", type_=Integer),
    )


_ROOMS = (
    EquipmentKind.NETWORK_ROOM, EquipmentKind.MEDIA_ROOM, EquipmentKind.PREPARATION_ROOM,
    EquipmentKind.RECORDING_ROOM,
)  # fmt: skip


def _rooms(key: Key) -> Select[Any]:
    found = row(
        col(Equipment.id), col(Unit.name), col(Equipment.unit_id), on=col(Equipment.counted_on),
        part=cast(col(Equipment.kind), Text), amount=col(Equipment.number),
    )  # fmt: skip
    return found.join_from(Equipment, Unit, col(Unit.id) == col(Equipment.unit_id)).where(
        in_units(key(Equipment)), is_among(col(Equipment.kind), _ROOMS)
    )


def _connected(key: Key) -> Select[Any]:
    line = select(col(Equipment.id)).where(
        col(Equipment.unit_id) == col(Unit.id),
        is_among(col(Equipment.kind), (EquipmentKind.BROADBAND,)),
        col(Equipment.number) > 0,
    )
    return _schools(key, part=None, counts=exists(line.correlate(Unit)))


def _spent(key: Key) -> Select[Any]:
    found = row(
        col(Expense.id), col(Expense.summary),
        func.coalesce(col(Expense.school_id), col(Expense.county_id)), on=col(Expense.spent_on),
        amount=col(Expense.amount) * 100,
    )  # fmt: skip
    return found.where(
        in_units(key(Expense)),
        is_among(col(Expense.state), (ExpenseState.APPROVED,)),
        in_period(col(Expense.spent_on)),
    )


def _visits(key: Key) -> Select[Any]:
    found = row(
        col(GuidanceVisit.id), col(Unit.name), col(GuidanceVisit.unit_id),
        on=col(GuidanceVisit.visited_on), part=cast(col(GuidanceVisit.kind), Text),
    )  # fmt: skip
    return found.join_from(GuidanceVisit, Unit, col(Unit.id) == col(GuidanceVisit.unit_id)).where(
        in_units(key(GuidanceVisit)), in_period(col(GuidanceVisit.visited_on))
    )


OF_UNITS: dict[FigureCode, Source] = {
    FigureCode.SCHOOLS: Source(
        THINGS, False, "学校（含幼儿园）", "open schools", "所",
        lambda key: _schools(key, part=_stages), OF_BUREAUX,
    ),
    FigureCode.RURAL_SCHOOLS: Source(
        THINGS, True, "乡村学校", "of the schools, those in the country", "所", _rural, OF_BUREAUX
    ),
    FigureCode.DESIGNATED_SCHOOLS: Source(
        THINGS, True, "获命名的示范校、实验校、基地校",
        "of the schools, those that bear a title; each once, at its highest level", "所",
        _designated, OF_BUREAUX,
    ),
    FigureCode.STUDENTS: Source(
        PERSONS, False, "在校学生（学校填报）", "pupils, as the schools state", "名", _students
    ),
    FigureCode.TRAINING_ROOMS: Source(
        THINGS, False, "研训用房", "rooms for training by network", "间", _rooms
    ),
    FigureCode.CONNECTED_SCHOOLS: Source(
        THINGS, True, "接入宽带的学校", "of the schools, those with a broadband line", "所",
        _connected, OF_BUREAUX,
    ),
    FigureCode.SPENT: Source(
        MONEY, False, "研训经费支出", "spent on training and approved, in the period", "元", _spent,
        permission=Permission.FUNDS_READ,
    ),
    FigureCode.GUIDANCE_VISITS: Source(
        THINGS, False, "到校指导、检查", "visits of bureaux to units", "次", _visits,
        permission=Permission.GUIDANCE_READ,
    ),
}  # fmt: skip
