"""Comparing figures: what a unit states beside its parts, its schools and the register; and rates of them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Date, Integer, Text, Uuid, bindparam, cast, column, func, select, table
from sqlalchemy.types import DateTime

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date, in_force
from app.domain.errors import Invalid
from app.domain.organisation.facts import end_of
from app.domain.organisation.statistics.figure import (
    COUNTED_IN,
    EARLIEST_YEAR,
    LATEST_YEAR,
    CountUnit,
    Measure,
    Precision,
    Statistic,
    current_on,
    school_year_of,
)
from app.domain.organisation.units import UNITS, Level, Unit, place_of
from app.sql import Connection, Row, Statement


class StatisticLineView(BaseModel):
    """One measure of a unit in a school year: as stated, as summed, as registered; and how these differ.

    A figure that nobody stated is null, and so is a difference from it. A difference is the stated
    figure less the other.
    """

    measure: Measure = Field(description="指标 / what is counted")
    counted_in: CountUnit = Field(description="计量单位 / in what it is counted")
    stated: int | None = Field(description="本单位填报数 / what the unit itself states")
    precision: Precision | None = Field(description="精确程度 / how exactly it is stated")
    source: str | None = Field(description="来源 / source of the stated figure")
    confirmed: bool = Field(description="是否已审核 / whether the stated figure is confirmed")
    parts: int | None = Field(description="分学段填报数之和 / sum of its parts by stage, as stated")
    parts_difference: int | None = Field(description="与分学段之和的差 / stated less its parts")
    schools: int = Field(description="下辖学校数 / open schools below the unit, itself included")
    schools_stated: int = Field(description="已填报学校数 / of them, those that stated it")
    summed: int | None = Field(description="下辖学校填报数之和 / sum of what the schools state")
    summed_difference: int | None = Field(description="与学校之和的差 / stated less that sum")
    registered: int | None = Field(
        description="系统登记数（学年9月1日） / by the register, on 1 September of the school year"
    )
    registered_difference: int | None = Field(description="与登记数的差 / stated less registered")


class RateName(StrEnum):
    """What is divided by what (比率)."""

    TRAINED_SHARE = "trained_share"
    """培训覆盖率：培训人数 / 在编教师数"""
    STUDENTS_PER_TEACHER = "students_per_teacher"
    """生师比"""
    STUDENTS_PER_CLASS = "students_per_class"
    """班额"""
    TIMES_PER_TEACHER = "times_per_teacher"
    """人均培训次数"""
    TIMES_PER_SESSION = "times_per_session"
    """场均人次"""


class RateBasis(StrEnum):
    """From which figures a rate is made (口径)."""

    STATED = "stated"
    """本单位填报数"""
    SUMMED = "summed"
    """学校填报数之和"""
    REGISTERED = "registered"
    """填报数除以系统登记数"""


class StatisticRateView(BaseModel):
    """A rate with both its figures; none is made where one of them is not known."""

    name: RateName = Field(description="比率 / rate")
    basis: RateBasis = Field(description="口径 / from which figures")
    numerator_measure: Measure = Field(description="分子指标 / what is divided")
    numerator: int = Field(description="分子 / numerator")
    denominator_measure: Measure = Field(description="分母指标 / by what")
    denominator: int = Field(description="分母 / denominator")
    value: Decimal = Field(description="值，四位小数 / value, four decimal places")
    is_share: bool = Field(
        description="是否为占比：分子分母须同以人计 / whether it is a share, of persons among persons"
    )
    exceeds_whole: bool = Field(
        description="占比超过百分之百，数据须核实 / a share above one: the figures need a look"
    )


class _Rate(NamedTuple):
    numerator: Measure
    denominator: Measure
    is_share: bool = False


_RATES: dict[RateName, _Rate] = {
    RateName.TRAINED_SHARE: _Rate(
        Measure.TRAINED_PERSONS, Measure.ESTABLISHED_TEACHERS, is_share=True
    ),
    RateName.STUDENTS_PER_TEACHER: _Rate(Measure.STUDENTS, Measure.ESTABLISHED_TEACHERS),
    RateName.STUDENTS_PER_CLASS: _Rate(Measure.STUDENTS, Measure.CLASSES),
    RateName.TIMES_PER_TEACHER: _Rate(Measure.TRAINED_PERSON_TIMES, Measure.ESTABLISHED_TEACHERS),
    RateName.TIMES_PER_SESSION: _Rate(Measure.TRAINED_PERSON_TIMES, Measure.TRAINING_SESSIONS),
}
_BASES: dict[RateBasis, tuple[str, str]] = {
    RateBasis.STATED: ("stated", "stated"),
    RateBasis.SUMMED: ("summed", "summed"),
    RateBasis.REGISTERED: ("stated", "registered"),
}
"""From which column of a line each basis takes the numerator and the denominator."""

# What can be refused.


class SchoolYearUnknown(Invalid):
    """There are no figures of such a school year."""

    code = "school_year_unknown"
    zh = "学年须在 {earliest} 至 {latest} 之间。"
    en = "A school year lies between {earliest} and {latest}."


# What may be asked.

_UNITS = Unit.__table__  # type: ignore[attr-defined]
_FIGURES = Statistic.__table__.c  # type: ignore[attr-defined]
_PLACE, _YEAR = bindparam("place", type_=Uuid), bindparam("school_year", type_=Integer)


def _stated() -> Statement:
    own, whole = _FIGURES.unit_id == _PLACE, _FIGURES.stage.is_(None)
    below = _FIGURES.school_id.is_not(None) & whole
    return Statement(
        select(
            _FIGURES.measure,
            func.max(_FIGURES.value).filter(own, whole).label("stated"),
            func.max(cast(_FIGURES.precision, Text)).filter(own, whole).label("precision"),
            func.max(_FIGURES.source).filter(own, whole).label("source"),
            func.count(_FIGURES.confirmed_at).filter(own, whole).label("confirmed"),
            func.sum(_FIGURES.value).filter(own, ~whole).label("parts"),
            func.sum(_FIGURES.value).filter(below).label("summed"),
            func.count().filter(below).label("schools_stated"),
        )
        .where(
            _PLACE.in_([_FIGURES.city_id, _FIGURES.county_id, _FIGURES.school_id]),
            _FIGURES.school_year == _YEAR,
            current_on(bindparam("known_at", type_=MOMENT)),
        )
        .group_by(_FIGURES.measure)
    )


def _fact(name: str, *others: Any) -> Any:
    """A dated fact of a teacher, by just the columns that matter here."""
    return table(
        name, column("teacher_id", Uuid()), column("valid_from", Date()),
        column("valid_to", Date()), column("superseded_at", DateTime(timezone=True)), *others,
    )  # fmt: skip


def _registered() -> Statement:
    day = bindparam("day", type_=Date)
    employment = _fact("employment", column("school_id", Uuid()))
    held = _fact("teacher_establishment", column("establishment", Text()))
    in_place = _PLACE.in_([_UNITS.c.city_id, _UNITS.c.county_id, _UNITS.c.school_id])
    closed = _UNITS.c.closed_on
    schools = select(func.count()).where(
        in_place, _UNITS.c.level == Level.SCHOOL, closed.is_(None) | (closed > day)
    )
    teachers = (
        select(func.count(employment.c.teacher_id.distinct()))
        .select_from(
            employment.join(held, held.c.teacher_id == employment.c.teacher_id).join(
                _UNITS, _UNITS.c.id == employment.c.school_id
            )
        )
        .where(
            in_place,
            held.c.establishment == "established",
            *(in_force(each.c, day) for each in (employment, held)),
            *(each.c.superseded_at.is_(None) for each in (employment, held)),
        )
    )
    return Statement(
        select(
            schools.scalar_subquery().label(Measure.SCHOOLS),
            teachers.scalar_subquery().label(Measure.ESTABLISHED_TEACHERS),
        )
    )


_STATED, _REGISTERED = _stated(), _registered()


async def list_statistic_lines(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    now: datetime,
    school_year: int | None = None,
    known_on: date | None = None,
) -> list[Row]:
    """Every measure of a unit in a school year (the present one by default), compared."""
    unit = await UNITS.get(db, actor, unit_id)
    # What lies above the actor is seen, but not what lies below that.
    actor.require(Permission.UNIT_READ, place_of(unit))
    year = school_year or school_year_of(civil_date(now))
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise SchoolYearUnknown(earliest=EARLIEST_YEAR, latest=LATEST_YEAR)
    rows = await db.all(_STATED, place=unit_id, school_year=year, known_at=end_of(known_on))
    registered = await db.one(_REGISTERED, place=unit_id, day=date(year, 9, 1)) or {}
    stated = {Measure(row["measure"]): row for row in rows}
    return [_line(each, stated.get(each, {}), registered) for each in Measure]


def _line(measure: Measure, stated: Row, registered: Row) -> Row:
    known = {name: stated.get(name) for name in ("stated", "precision", "source", "parts")}
    known["summed"], known["registered"] = stated.get("summed"), registered.get(measure)
    own = known["stated"]
    differences = {
        f"{name}_difference": None if own is None or known[name] is None else own - known[name]
        for name in ("parts", "summed", "registered")
    }
    line = {
        **known,
        **differences,
        "measure": measure,
        "counted_in": COUNTED_IN[measure],
        "confirmed": bool(stated.get("confirmed")),
        "schools": registered[Measure.SCHOOLS],
        "schools_stated": stated.get("schools_stated", 0),
    }
    return {name: line[name] for name in StatisticLineView.model_fields}


async def list_statistic_rates(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    now: datetime,
    school_year: int | None = None,
    known_on: date | None = None,
) -> list[Row]:
    """Every rate that can be made of a unit's figures, on every basis, with what it is made of."""
    lines = await list_statistic_lines(
        db, actor, unit_id=unit_id, now=now, school_year=school_year, known_on=known_on
    )
    of = {line["measure"]: line for line in lines}
    return [
        _divided(name, rate, basis, above, below)
        for name, rate in _RATES.items()
        for basis, (numerator, denominator) in _BASES.items()
        if (above := of[rate.numerator][numerator]) is not None
        and (below := of[rate.denominator][denominator])
    ]


def _divided(name: RateName, rate: _Rate, basis: RateBasis, above: int, below: int) -> Row:
    return {
        "name": name,
        "basis": basis,
        "numerator_measure": rate.numerator,
        "numerator": above,
        "denominator_measure": rate.denominator,
        "denominator": below,
        "value": (Decimal(above) / below).quantize(Decimal("0.0001")),
        "is_share": rate.is_share,
        "exceeds_whole": rate.is_share and above > below,
    }
