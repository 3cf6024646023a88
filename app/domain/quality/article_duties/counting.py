"""The statements that count what units have of their duties, compiled once per shape of scope."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Select, Uuid, and_, bindparam, case, func, or_, select, union_all

from app.domain.access.actors import Shape, within
from app.domain.access.doors import PLACE
from app.domain.organisation.units import Unit
from app.domain.people.teachers.strata import is_among
from app.domain.quality.article_duties.asked import ASKED, DUTY
from app.domain.quality.article_duties.checks import CHECKS
from app.domain.quality.article_duties.table import DutyCheck, DutyRhythm
from app.sql import Statement

# What may be asked.

_U: Any = Unit.__table__  # type: ignore[attr-defined]
_ONE = bindparam("of_unit", type_=Uuid)


def _found(check: DutyCheck, rows: Any, of_unit: bool) -> Select[Any]:
    """The rows of one check, for the duties that it shows; of one unit alone, where one is asked about."""
    found = rows.subquery(f"of_{check.value}")
    shows = and_(
        ASKED.c.duty_id == found.c.duty_id,
        ASKED.c.term == found.c.term,
        ASKED.c.shown_by == check,
    )
    chosen = select(*found.c).join_from(found, ASKED, shows)
    return chosen.where(found.c.unit_id == _ONE) if of_unit else chosen


def _counted(of_unit: bool) -> Any:
    """How many rows each unit has of each duty; in the term with fewer, where each term is asked about."""
    rows = union_all(
        *(_found(kind, check.rows, of_unit) for kind, check in CHECKS.items())
    ).subquery("rows")
    each = _in_each_term(rows)
    terms = case((func.bool_or(DUTY.c.rhythm == DutyRhythm.TERMLY), 2), else_=1)
    figure = case((func.count() < terms, 0), else_=func.min(each.c.number))
    return (
        select(each.c.duty_id, each.c.unit_id, figure.label("figure"))
        .join_from(each, DUTY, each.c.duty_id == DUTY.c.duty_id)
        .group_by(each.c.duty_id, each.c.unit_id)
        .subquery("counted")
    )


def _in_each_term(rows: Any) -> Any:
    """How many rows a unit has of a duty in each term in which it has one."""
    keys = (rows.c.duty_id, rows.c.unit_id, rows.c.term)
    counted = select(*keys, func.count().label("number")).group_by(*keys)
    return counted.subquery(f"{rows.name}_of_term")


def _everybody(of_unit: bool) -> Any:
    """Of how many all are needed, where a duty asks for everybody of a unit."""
    rows = union_all(
        *(
            _found(kind, check.everybody, of_unit)
            for kind, check in CHECKS.items()
            if check.everybody is not None
        )
    ).subquery("all_rows")
    each = _in_each_term(rows)
    return (
        select(each.c.duty_id, each.c.unit_id, func.max(each.c.number).label("needed"))
        .group_by(each.c.duty_id, each.c.unit_id)
        .subquery("everybody")
    )


_OF_EVERYBODY = [kind for kind, check in CHECKS.items() if check.everybody is not None]


@lru_cache(maxsize=64)
def _fulfilments(shape: Shape, of_unit: bool) -> Any:
    """Each open unit of the bearing level below the issuer, within a scope, with its figure of each duty."""
    counted, everybody = _counted(of_unit), _everybody(of_unit)
    same = (_U.c.id, DUTY.c.duty_id)
    figure = func.coalesce(counted.c.figure, 0)
    needed = case(
        (is_among(DUTY.c.shown_by, _OF_EVERYBODY), func.coalesce(everybody.c.needed, 0)),
        else_=DUTY.c.needed,
    )
    fulfilled = and_(needed > 0, figure >= needed)
    below = or_(*(_U.c[name] == bindparam("issuer_id", type_=Uuid) for name in PLACE))
    late = and_(~fulfilled, DUTY.c.due_on < bindparam("today", type_=DUTY.c.due_on.type))
    query = (
        select(
            DUTY.c.duty_id, _U.c.id.label("unit_id"), _U.c.name, fulfilled.label("fulfilled"),
            figure.label("figure"), needed.label("needed"), DUTY.c.due_on,
            func.coalesce(late, False).label("overdue"),
        )
        .join_from(DUTY, Unit, _U.c.level == DUTY.c.bearer)
        .outerjoin(counted, and_(counted.c.unit_id == same[0], counted.c.duty_id == same[1]))
        .outerjoin(everybody, and_(everybody.c.unit_id == same[0], everybody.c.duty_id == same[1]))
        .where(
            below, _U.c.closed_on.is_(None), DUTY.c.shown_by.is_not(None),
            within(shape, {name: _U.c[name] for name in PLACE}),
        )
    )  # fmt: skip
    return query.where(_U.c.id == _ONE) if of_unit else query


@lru_cache(maxsize=64)
def listed_fulfilments(shape: Shape, of_unit: bool, chosen: bool) -> Statement:
    """The figures of units, by name; only those that have, or have not, done it."""
    found = _fulfilments(shape, of_unit).subquery("found")
    query = select(*found.c).order_by(found.c.name, found.c.unit_id, found.c.duty_id)
    if chosen:
        query = query.where(found.c.fulfilled == bindparam("fulfilled", type_=Boolean))
    return Statement(query)


@lru_cache(maxsize=64)
def summed_fulfilments(shape: Shape) -> Statement:
    """Of each duty on how many units it lies, how many have done it, and how many are late."""
    found = _fulfilments(shape, False).subquery("found")
    return Statement(
        select(
            found.c.duty_id,
            func.count().label("units"),
            func.count().filter(found.c.fulfilled).label("fulfilled"),
            func.count().filter(found.c.overdue).label("overdue"),
            func.min(found.c.due_on).label("due_on"),
        ).group_by(found.c.duty_id)
    )


@lru_cache(maxsize=len(DutyCheck))
def behind_figure(check: DutyCheck) -> Statement:
    """The rows of one unit that one check counts, by day."""
    rows = _found(check, CHECKS[check].rows, True).subquery("rows")
    return Statement(
        # What is kept up in both terms is one row.
        select(rows.c.noun, rows.c.row_id, rows.c.on)
        .distinct()
        .order_by(rows.c.on, rows.c.row_id, rows.c.noun)
    )
