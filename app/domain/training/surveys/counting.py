"""Counting answers: every value of every question, by every group, by one statement."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, column, func, literal, or_, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import JSONB

from app.domain.access.actors import Actor, Scope, Shape, within
from app.domain.access.roles import Permission
from app.domain.organisation.units import Unit
from app.domain.training.surveys.cells import Homes
from app.domain.training.surveys.questions import QuestionKind
from app.domain.training.surveys.table import SurveyResponse
from app.sql import Connection, Row, Statement

WHOLE: Final = "all"
"""By this nobody is told apart: its one group, without a name, has every answer."""
PRESENCE: Final = ""
"""The question that everybody who answered has answered: that they did."""


class Cell(NamedTuple):
    """Where something is counted: by what answers are told apart, in which group, of which question."""

    by: str
    group: str
    question: str


class Tally:
    """How often each value was given in each cell, and on which place of a ranking."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self.values: dict[Cell, dict[str, list[tuple[int, int]]]] = {}
        self.bases: dict[Cell, int] = {}
        for row in rows:
            cell = Cell(row["by"], row["group"], row["question"])
            places = self.values.setdefault(cell, {}).setdefault(row["value"], [])
            places.append((row["place"], row["count"]))
            # Every answer has exactly one first value.
            first = row["count"] if row["place"] == 1 else 0
            self.bases[cell] = self.bases.get(cell, 0) + first

    def base(self, by: str, group: str, question: str = PRESENCE) -> int:
        """How many in a group answered a question, or answered at all."""
        return self.bases.get(Cell(by, group, question), 0)

    def only(self, questions: Collection[str]) -> "Tally":
        """The same of these questions alone."""
        fewer = Tally(())
        fewer.values = {c: each for c, each in self.values.items() if c.question in questions}
        fewer.bases = {c: each for c, each in self.bases.items() if c.question in questions}
        return fewer

    def groups(self, by: str, question: str = PRESENCE) -> dict[str, int]:
        """The groups of a breakdown, with how many in each answered a question."""
        return {
            cell.group: base
            for cell, base in self.bases.items()
            if cell.by == by and cell.question == question
        }


def _json(text: str) -> Any:
    return sql_cast(literal(text, Text), JSONB)


def _pairs(value: Any, name: str) -> Any:
    """The keys and values of an object, as rows."""
    columns = (column("key", Text), column("value", JSONB))
    return func.jsonb_each(value).table_valued(*columns, name=name).render_derived()


def _elements(value: Any, name: str) -> Any:
    """The texts of an array, as rows, each with its place from 1."""
    rows = func.jsonb_array_elements_text(value)
    shown = rows.table_valued(column("value", Text), with_ordinality="place", name=name)
    return shown.render_derived()


def _groups(answered: Any, unit: Any) -> Any:
    """By what an answer is told apart, with its groups: as it keeps them, and by its school."""
    placed = func.jsonb_build_object(
        *("school", func.jsonb_build_array(sql_cast(answered.c.of_school_id, Text))),
        *("county", func.jsonb_build_array(sql_cast(unit.c.county_id, Text))),
    )
    return answered.c.strata.op("||")(placed)


@lru_cache(maxsize=64)
def _common(shape: Shape | None) -> Statement:
    """How many are in each group of one breakdown and in each of another: of all, or in a scope."""
    answered, unit = SurveyResponse.__table__, Unit.__table__  # type: ignore[attr-defined]
    groups = _groups(answered, unit)
    by, other = _pairs(groups, "by"), _pairs(groups, "other")
    group, met = _elements(by.c.value, "in_group"), _elements(other.c.value, "met")
    keys = (
        by.c.key.label("by"), group.c.value.label("group"), other.c.key.label("other"),
        met.c.value.label("met"),
    )  # fmt: skip
    told = bindparam("breakdowns", type_=ARRAY(Text))
    query = (
        select(*keys, func.count().label("count"))
        .select_from(answered.outerjoin(unit, unit.c.id == answered.c.of_school_id))
        .join(by, by.c.key == any_(told))
        .join(other, (other.c.key == any_(told)) & (other.c.key != by.c.key))
        .join(group, group.c.value.is_not(None))
        .join(met, met.c.value.is_not(None))
        .where(answered.c.survey_id == bindparam("survey_id", type_=Uuid))
        .group_by(*keys)
    )
    return Statement(query if shape is None else query.where(within(shape, _places(unit))))


def _places(unit: Any) -> Mapping[str, Any]:
    return {"city_id": unit.c.city_id, "county_id": unit.c.county_id, "school_id": unit.c.id}


@lru_cache(maxsize=64)
def _count(shape: Shape | None, *, whole_only: bool) -> Statement:
    """Counts values by survey, group and question: of everybody, or of the schools in a scope."""
    answered, unit = SurveyResponse.__table__, Unit.__table__  # type: ignore[attr-defined]
    groups = _json('{"all": [""]}')
    if not whole_only:
        groups = groups.op("||")(_groups(answered, unit))
    by = _pairs(groups, "by")
    group = _elements(by.c.value, "in_group")
    asked = _pairs(answered.c.answers.op("||")(_json('{"": [""]}')), "asked")
    value = _elements(asked.c.value, "given")
    keys = (
        answered.c.survey_id, by.c.key.label("by"), group.c.value.label("group"),
        asked.c.key.label("question"), value.c.value.label("value"), value.c.place.label("place"),
    )  # fmt: skip
    placed = answered.outerjoin(unit, unit.c.id == answered.c.of_school_id)
    query = (
        select(*keys, func.count().label("count"))
        .select_from(placed, by, group, asked, value)
        .where(
            answered.c.survey_id == any_(bindparam("survey_ids", type_=ARRAY(Uuid))),
            group.c.value.is_not(None),
            or_(by.c.key == WHOLE, ~(asked.c.key == any_(bindparam("texts", type_=ARRAY(Text))))),
        )
        .group_by(*keys)
    )
    return Statement(query if shape is None else query.where(within(shape, _places(unit))))


_SHARES = ("city_id", "county_id", "school_id")


def has_share(scope: Scope) -> bool:
    """Whether schools are in a scope whose answers could be told."""
    return not set(_SHARES).isdisjoint(scope.shape)


def _texts(survey: Row) -> list[str]:
    return [each["code"] for each in survey["questions"] if each["kind"] == QuestionKind.TEXT]


def _reach(actor: Actor, within_reach: bool) -> tuple[Shape | None, dict[str, Any]]:
    """Of which schools answers are counted: of all, or of those where the actor may see results."""
    if not within_reach:
        return None, {}
    scope = actor.scope(Permission.SURVEY_RESULT_READ)
    shape = tuple(name for name in scope.shape if name in _SHARES)
    return shape, {f"scope_{name}": scope.values[name] for name in shape}


async def count_answers(
    db: Connection, actor: Actor, *, survey: Row, within_reach: bool = False
) -> Tally:
    """The answers to a survey whose door was opened, counted by one statement.

    With `within_reach` only those from schools where the actor may see results.
    """
    shape, arguments = _reach(actor, within_reach)
    statement = _count(shape, whole_only=False)
    texts = _texts(survey)
    rows = await db.records(statement, survey_ids=[survey["id"]], texts=texts, **arguments)
    return Tally(rows)


async def find_homes(
    db: Connection,
    actor: Actor,
    *,
    survey: Row,
    tally: Tally,
    overlapping: Collection[str],
    within_reach: bool = False,
) -> Homes:
    """Which groups of one breakdown lie within groups of another, by one statement; of one, none."""
    if len(survey["breakdowns"]) < 2:
        return {}
    shape, arguments = _reach(actor, within_reach)
    given = {"survey_id": survey["id"], "breakdowns": survey["breakdowns"]}
    common: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
    for row in await db.records(_common(shape), **given, **arguments):
        others = common.setdefault((row["by"], row["group"]), {})
        others.setdefault(row["other"], {})[row["met"]] = row["count"]
    homes: dict[tuple[str, str], dict[str, frozenset[str]]] = {}
    for (by, group), others in common.items():
        size = tally.base(by, group)
        homes[by, group] = {
            other: frozenset(each for each, count in met.items() if count == size)
            if other in overlapping
            else frozenset(met if sum(met.values()) == size else ())
            for other, met in others.items()
        }
    return homes


async def count_both(db: Connection, *, survey: Row, previous: Row) -> tuple[Tally, Tally]:
    """The answers to a survey and to the one that it repeats, as a whole, by one statement."""
    statement = _count(None, whole_only=True)
    ids = [survey["id"], previous["id"]]
    rows = await db.records(statement, survey_ids=ids, texts=[])
    first, second = (
        Tally(row for row in rows if row["survey_id"] == survey_id) for survey_id in ids
    )
    return first, second
