"""Figures of a report: each counted from the rows of its source, by one statement for the whole unit."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.counts import Fen, Share
from app.domain.organisation.statistics import (
    Measure,
    list_statistic_lines,
    school_year_of,
)
from app.domain.organisation.units import Level
from app.domain.paging import Keyset
from app.domain.people.teachers import place_column
from app.domain.quality.measures.figure_row import listing_of
from app.domain.quality.measures.happened import key_of
from app.domain.quality.reports.labels import label_of, order_of
from app.domain.quality.reports.of_people import OF_PEOPLE
from app.domain.quality.reports.of_units import OF_UNITS
from app.domain.quality.reports.of_work import OF_WORK
from app.domain.quality.reports.source import FigureCode, Source, counting_of
from app.sql import Connection, Row, Statement

SOURCES: dict[FigureCode, Source] = {
    code: (OF_UNITS | OF_PEOPLE | OF_WORK)[code] for code in FigureCode
}
"""Every figure's source, in the order in which reports have them."""

_STATED: dict[FigureCode, Measure] = {
    FigureCode.SCHOOLS: Measure.SCHOOLS,
    FigureCode.STUDENTS: Measure.STUDENTS,
    FigureCode.ESTABLISHED_TEACHERS: Measure.ESTABLISHED_TEACHERS,
    FigureCode.TRAINED_TEACHERS: Measure.TRAINED_PERSONS,
    FigureCode.ATTENDANCES: Measure.TRAINED_PERSON_TIMES,
    FigureCode.SESSIONS_HELD: Measure.TRAINING_SESSIONS,
}
"""What units state of themselves beside what is counted, in the same kind of count."""


class Days(NamedTuple):
    """Of which days a report is, and the day as of which it was computed."""

    since: date
    until: date
    as_of: date


def sources_of(level: Level | str) -> dict[FigureCode, Source]:
    """The figures of a report of a unit of this level."""
    return {code: source for code, source in SOURCES.items() if Level(level) in source.levels}


@lru_cache(maxsize=128)
def _counting(code: FigureCode, place: str) -> Statement:
    return counting_of(SOURCES[code], place)


@lru_cache(maxsize=256)
def listing(code: FigureCode, place: str, *, whole: bool) -> Keyset:
    """The list of the rows behind a figure."""
    return listing_of(SOURCES[code].rows(key_of(place)), whole=whole)


def given(unit_id: UUID, days: Days) -> dict[str, Any]:
    """What statements over a source may ask for."""
    return {"unit_ids": [unit_id], **days._asdict(), "school_year": school_year_of(days.since)}


async def count_figures(db: Connection, *, unit: Row, days: Days) -> dict[FigureCode, list[Row]]:
    """Of each figure of a unit the numbers by part, one statement each."""
    place, values = place_column(unit), given(unit["id"], days)
    counted: dict[FigureCode, list[Row]] = {}
    for code in sources_of(unit["level"]):
        statement = _counting(code, place)
        counted[code] = await db.all(statement, **statement.chosen(values))
    return counted


def above_and_below(code: FigureCode, rows: list[Row]) -> tuple[int, int | None]:
    """The numerator and the denominator of a figure, from its parts; what is no share has no denominator."""
    numerator = sum(row["numerator"] for row in rows)
    return numerator, sum(row["denominator"] for row in rows) if SOURCES[code].is_share else None


async def freeze_figures(
    db: Connection, actor: Actor, *, report_id: UUID, unit: Row, days: Days, now: Any
) -> list[dict[str, Any]]:
    """The figures of a report as they are now, with what the unit itself stated of the school year."""
    lines = await list_statistic_lines(
        db, actor, unit_id=unit["id"], now=now, school_year=school_year_of(days.since)
    )
    stated: dict[Measure | None, Row] = {line["measure"]: line for line in lines}
    counted = await count_figures(db, unit=unit, days=days)
    return [
        _figure(report_id, code, rows, days.as_of, stated.get(_STATED.get(code)))
        for code, rows in counted.items()
    ]


def _figure(
    report_id: UUID, code: FigureCode, rows: list[Row], as_of: date, line: Mapping[str, Any] | None
) -> dict[str, Any]:
    source = SOURCES[code]
    numerator, denominator = above_and_below(code, rows)
    stated = line["stated"] if line else None
    return {
        "code": code.value,
        "label": source.zh,
        "meaning": source.en,
        "counted_in": source.kind.kind.value,
        "measured": source.measured,
        "is_share": source.is_share,
        "numerator": numerator,
        "denominator": denominator,
        "value": _spelt(_value(source, numerator, denominator, as_of)),
        "as_of": as_of.isoformat(),
        "parts": [
            {"part": row["part"], "label": label_of(row["part"]), "number": row["numerator"]}
            for row in sorted(rows, key=lambda row: order_of(row["part"]))
            if row["part"] is not None and row["numerator"]
        ],
        "stated": stated,
        "stated_precision": line["precision"] if line and stated is not None else None,
        "stated_source": line["source"] if line and stated is not None else None,
        "stated_difference": None if stated is None else stated - numerator,
        "rows": f"/api/v1/reports/{report_id}/figure-rows?code={code}",
    }


def _value(source: Source, numerator: int, denominator: int | None, as_of: date) -> Decimal | None:
    if denominator is None:
        return Decimal(numerator) / 100 if source.kind is Fen else Decimal(numerator)
    if not denominator:
        return None
    return Share(source.kind(numerator), source.kind(denominator), as_of).percent


def _spelt(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
