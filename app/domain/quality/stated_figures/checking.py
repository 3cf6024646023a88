"""Checking a stated figure: the register is read, an answer given and kept with the rows behind it."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.errors import Conflict
from app.domain.organisation.statistics import Measure, Statistic, school_year_of
from app.domain.organisation.units import UNITS
from app.domain.people.teachers import place_column
from app.domain.quality.measures import (
    MEANINGS,
    OPEN_SCHOOLS,
    IndicatorMeasure,
    MeasureUnit,
    measure_units,
)
from app.domain.quality.stated_figures.answer import REASONS, Registered, words_of
from app.domain.quality.stated_figures.comparing import compare
from app.domain.quality.stated_figures.figure import STATED_FIGURES
from app.domain.quality.stated_figures.numbers import of_role
from app.domain.quality.stated_figures.registered import (
    COUNTED_IN,
    names_on_register,
    rows_counted,
    schools_by_stage,
)
from app.domain.quality.stated_figures.table import (
    FigureCheck,
    FigureCheckRow,
    FigureState,
    StatedFigure,
)
from app.domain.quality.stated_figures.vocabulary import (
    FigureComparison,
    FigureCount,
    FigureUnit,
    FigureVerdict,
    StatedValue,
    ValueRole,
)
from app.sql import Connection, Row, Statement, new_id

_OF_MEASURE = {
    MeasureUnit.PERSONS: FigureUnit.PERSON,
    MeasureUnit.PERSON_TIMES: FigureUnit.PERSON_TIME,
    MeasureUnit.THINGS: FigureUnit.THING,
}
_OWN = {
    FigureCount.ESTABLISHED_TEACHERS: Measure.ESTABLISHED_TEACHERS,
    FigureCount.TRAINED_PERSONS: Measure.TRAINED_PERSONS,
    FigureCount.TRAINED_PERSON_TIMES: Measure.TRAINED_PERSON_TIMES,
    FigureCount.TRAINING_SESSIONS: Measure.TRAINING_SESSIONS,
}
"""Which yearly statistic of a school is of the same as a number of the register."""


class StatedFigureClosed(Conflict):
    """What is concluded is no longer checked or explained."""

    code = "stated_figure_closed"
    zh = "该核对数据已办结。"
    en = "The stated figure is concluded."


class _Read(NamedTuple):
    """What was read of the register, and the rows that add up to it."""

    registered: Registered | None
    rows: list[Row]


# What may be asked.

_figures = Statistic.__table__.c  # type: ignore[attr-defined]
_STATED = {
    place: Statement(
        select(_figures.unit_id, _figures.value).where(
            _figures[place] == bindparam("unit_id", type_=Uuid),
            _figures.school_id.is_not(None), _figures.stage.is_(None),
            _figures.superseded_at.is_(None),
            _figures.measure == bindparam("measure", type_=_figures.measure.type),
            _figures.school_year == bindparam("school_year", type_=Integer),
        )
    )
    for place in PLACE
}  # fmt: skip
_LAST = Statement(
    select(func.coalesce(func.max(col(FigureCheck.number)), 0)).where(
        col(FigureCheck.figure_id) == bindparam("figure_id", type_=Uuid)
    )
)


async def _read_count(db: Connection, figure: Row, unit: Row, today: date) -> _Read:
    place, count = place_column(unit), FigureCount(figure["counts"])
    until = figure["until"]
    as_of = until or today
    rows = await rows_counted(
        db, count=count, unit_id=unit["id"], place=place,
        period=(figure["since"], until), as_of=as_of, level=figure["level"],
    )  # fmt: skip
    stages: dict[str, int] = {}
    if count is FigureCount.SCHOOLS:
        stages = await schools_by_stage(db, unit_id=unit["id"], place=place, as_of=as_of)
    own: dict[UUID, int] = {}
    if count in _OWN:
        stated = await db.all(
            _STATED[place], unit_id=unit["id"], measure=_OWN[count],
            school_year=school_year_of(as_of),
        )  # fmt: skip
        own = {row["unit_id"]: row["value"] for row in stated}
    registered = Registered(
        counted_in=COUNTED_IN[count],
        numerator=sum(row["counted"] for row in rows),
        as_of=as_of,
        by_stage=stages,
    )
    counted = {row["unit_id"]: row["counted"] for row in rows}
    behind = [
        {"unit_id": key, "numerator": counted.get(key, 0), "denominator": None, "own": own.get(key)}
        for key in counted | own
    ]
    return _Read(registered, behind)


async def _read_measure(db: Connection, figure: Row, unit: Row, today: date) -> _Read:
    measure = IndicatorMeasure(figure["measure"])
    period = (figure["since"], figure["until"])
    asked: Any = {"measures": (measure,), "period": period, "as_of": today}
    place = place_column(unit)
    [whole] = await measure_units(db, unit_ids=[unit["id"]], place=place, **asked)
    schools = [row["id"] for row in await db.all(OPEN_SCHOOLS[place], unit_id=unit["id"])]
    rows = await measure_units(db, unit_ids=schools, place="school_id", **asked)
    registered = Registered(
        counted_in=_OF_MEASURE[MEANINGS[measure].unit],
        numerator=whole["numerator"],
        denominator=whole["denominator"],
        as_of=today,
    )
    wanted = ("unit_id", "numerator", "denominator")
    behind = [
        {name: row[name] for name in wanted} | {"own": None}
        for row in rows
        if row["numerator"] or row["denominator"]
    ]
    return _Read(registered, behind)


async def _read_register(
    db: Connection, figure: Row, values: list[StatedValue], unit: Row, today: date
) -> _Read:
    """What the register says of a figure; nothing of what is only compared with itself."""
    if figure["comparison"] == FigureComparison.NAMES:
        names = [words_of(each) for each in of_role(values, ValueRole.NAME)]
        known = await names_on_register(db, city_id=unit["city_id"], names=names)
        of_names = Registered(
            counted_in=FigureUnit.SCHOOL, numerator=len(known), as_of=today, known_names=known
        )
        return _Read(of_names, [])
    if figure["counts"] is not None:
        return await _read_count(db, figure, unit, today)
    if figure["measure"] is not None:
        return await _read_measure(db, figure, unit, today)
    return _Read(None, [])


# What may be done.


async def answer_figure(
    db: Connection, actor: Actor, *, figure: Row, unit: Row, now: datetime
) -> Row:
    """Give a figure its next answer, and keep it; the caller holds the figure and its unit's door."""
    values = [StatedValue.model_validate(each) for each in figure["stated"]]
    read = await _read_register(db, figure, values, unit, civil_date(now))
    answer = compare(
        FigureComparison(figure["comparison"]), values,
        quote=figure["quote"], registered=read.registered,
    )  # fmt: skip
    check_id = new_id()
    number = 1 + await db.value(_LAST, figure_id=figure["id"])
    said = [(code, *REASONS[code]) for code in answer.reasons]
    await db.insert(
        FigureCheck,
        {
            "id": check_id, "figure_id": figure["id"], "number": number,
            "verdict": answer.verdict,
            "reasons": [{"code": code, "zh": zh, "en": en} for code, zh, en in said],
            "lines": list(answer.lines), "difference": answer.difference,
            "numerator": answer.numerator, "denominator": answer.denominator,
            "since": figure["since"], "until": figure["until"],
            "as_of": read.registered.as_of if read.registered else civil_date(now),
            "checked_at": now, "checked_by": actor.account_id,
        },
    )  # fmt: skip
    await db.insert_all(FigureCheckRow, [{"check_id": check_id, **row} for row in read.rows])
    changed = {"verdict": answer.verdict, "state": _state_after(figure, answer.verdict)}
    await db.change(StatedFigure, figure["id"], changed)
    return await STATED_FIGURES.get(db, actor, figure["id"])


def _state_after(figure: Row, verdict: FigureVerdict) -> FigureState:
    """Where a figure stands after an answer: what agrees now needs no explanation any more."""
    if verdict == FigureVerdict.AGREES:
        return FigureState.AGREED
    return FigureState.OPEN if figure.get("explained_at") is None else FigureState.EXPLAINED


async def check_stated_figure(
    db: Connection, actor: Actor, *, figure_id: UUID, now: datetime
) -> Row:
    """Check a figure again, against the register as it is now; the answers before stay as they were."""
    right = Permission.STATISTIC_WRITE
    figure = await STATED_FIGURES.get(db, actor, figure_id, permission=right, lock=True)
    if figure["state"] == FigureState.CLOSED:
        raise StatedFigureClosed
    unit = await UNITS.get(db, actor, figure["unit_id"])
    return await answer_figure(db, actor, figure=figure, unit=unit, now=now)
