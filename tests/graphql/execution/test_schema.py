"""The engine on the schema of this house: what it answers, by how many statements, what it leaves."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any, NamedTuple

import asyncpg
import pytest
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)
from sqlalchemy import bindparam, update
from strawberry.types import ExecutionResult

from app.domain.access.actors import Actor
from app.domain.access.audit import Provenance, record_act
from app.domain.credits.standings.due import count_part
from app.domain.training.enrolments import Enrolment
from app.domain.training.groups import ResearchGroup
from app.graphql import pages
from app.graphql.context import Context
from app.graphql.edges import EDGES, Edge
from app.graphql.execution import EDGE
from app.graphql.schema import schema
from app.request import Resources
from app.sql import Connection, Row, Statement, new_id
from tests.conftest import SharedPool
from tests.domain.credits.making import make_pack, make_recognised, open_ended
from tests.graphql.execution.arguments import Values
from tests.graphql.execution.comparing import PlainEngine, same
from tests.graphql.execution.documents import Author, Request
from tests.graphql.execution.library import LIMITS
from tests.graphql.execution.seeds import seeds
from tests.make import (
    NOW,
    City,
    Person,
    make_activity,
    make_attendance,
    make_facts_of_school,
    make_group,
    make_note,
)
from tests.make_archives import BUSY_VOLUME, make_busy_archives
from tests.make_attendance import make_doubt, make_leave
from tests.make_certificates import enter_batch
from tests.make_checklists import make_busy_checklists
from tests.make_checks import make_busy_checks
from tests.make_choice import make_busy_choices
from tests.make_claims import make_busy_claims
from tests.make_collection_forms import make_busy_collection_forms
from tests.make_completions import make_busy_completions
from tests.make_courses import make_busy_courses
from tests.make_demonstrations import make_busy_demonstrations
from tests.make_discussions import make_busy_discussions
from tests.make_documents import BUSY_DOCUMENT, make_busy_documents
from tests.make_evaluations import make_busy_evaluations
from tests.make_forms import make_formed_activities
from tests.make_funds import make_busy_funds
from tests.make_imports import make_import
from tests.make_incentives import make_busy_incentives
from tests.make_mentorships import make_busy_mentorships
from tests.make_needs import make_needs
from tests.make_notices import make_busy_notices
from tests.make_organisation import make_busy_networks, make_overseen_city
from tests.make_people import make_goal, make_pair, make_transfer
from tests.make_personal import make_correction
from tests.make_plans import make_busy_plans
from tests.make_programmes import (
    make_cohort,
    make_member,
    make_part,
    make_programme,
    make_trainee,
)
from tests.make_reports import make_busy_reports
from tests.make_resources import make_busy_resources
from tests.make_stated_figures import make_busy_stated_figures
from tests.make_tests import make_bank
from tests.make_topics import make_busy_topics
from tests.make_trainers import make_busy_trainers

GRAPH = schema._schema
unlimited = PlainEngine(schema, LIMITS)


def things() -> Iterator[GraphQLObjectType]:
    for kind in GRAPH.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            yield kind


@cache
def edges() -> list[tuple[str, str]]:
    """Every edge that is declared by a read of the domain."""
    return [
        (kind.name, name)
        for kind in things()
        for name, field in kind.fields.items()
        if isinstance(field.extensions["strawberry-definition"].metadata.get(EDGE), Edge)
    ]


@cache
def connections() -> list[tuple[str, str]]:
    """Those of them that lead to an open-ended list."""
    fields = {each.name: each.fields for each in things()}
    return [
        (kind, name) for kind, name in edges()
        if get_named_type(fields[kind][name].type).name.endswith("Connection")
    ]  # fmt: skip


# What is left to graphql-core.


def test_no_field_of_the_schema_is_left_to_graphql_core() -> None:
    left = [
        f"{kind.name}.{name}"
        for kind in things()
        if kind not in {GRAPH.query_type, GRAPH.mutation_type, GRAPH.subscription_type}
        for name, field in kind.fields.items()
        if not _is_planned(field)
    ]
    assert left == [], "of introspection alone, that is; see the decision record"


def _is_planned(field: GraphQLField) -> bool:
    declared = field.extensions["strawberry-definition"]
    return declared.is_basic_field or (EDGE in declared.metadata and not declared.extensions)


# Equality.


async def make_busy_programmes(db: Connection, city: City) -> None:
    """Programmes with cohorts, members, trainees, two of each; claims, topics, resources, evaluations."""
    await make_busy_claims(db, city)
    await make_busy_evaluations(db, city)
    await make_busy_checklists(db, city)
    await make_busy_incentives(db, city)
    await make_busy_archives(db, city)
    await make_busy_reports(db, city)
    await make_busy_collection_forms(db, city)
    await make_busy_stated_figures(db, city)
    await make_busy_demonstrations(db, city)
    await make_busy_topics(db, city)
    await make_busy_resources(db, city)
    for name in ("第一期", "第二期"):
        cohort = await make_cohort(db, await make_programme(db, city.county), name=name)
        for teacher in (city.teacher, city.colleague):
            await make_member(db, cohort, teacher, city.school_admin)
        await make_part(db, cohort, await make_trainee(db, city.county))


@pytest.fixture
async def busy_city(db: Connection, city: City) -> City:
    """The small city with something in every corner."""
    await make_pack(db, city.city)
    await make_pack(db, city.city, open_ended("baoshan-12-5"))
    for school, head in ((city.school, city.far_school), (city.sibling, city.direct_school)):
        await make_facts_of_school(db, school, head)
    await make_busy_networks(db, city)
    # Before all others: the first page of activities has some with a form, and some without.
    await make_formed_activities(db, city)
    await make_busy_bureaux(db, city)
    for teacher in (city.teacher, city.colleague):
        await make_transfer(db, teacher, city.school_admin)
        await make_goal(db, teacher)
        await make_correction(db, teacher)
    await make_busy_programmes(db, city)
    for pair in ((city.teacher, city.colleague), (city.sibling_teacher, city.far_teacher)):
        await make_pair(db, city.city, *pair)
    group = await make_busy_activities(db, city)
    both = (city.teacher, city.colleague)
    for _ in range(3):
        await make_recognised(db, city.school, city.county_admin, both, hours="2.00")
    await make_busy_plans(db, city, group)
    await make_busy_learning(db, city)
    await make_busy_checks(db, city)
    await enter_batch(db, city.school, city.school_admin, *both)
    await make_acts(db, city.county_admin)
    # Standings are read as of the day of the reading: what fell due since NOW is counted beforehand.
    await count_part(db, teacher_ids=[each["id"] for each in both], now=datetime.now(UTC))
    return city


async def make_busy_activities(db: Connection, city: City) -> Row:
    """Activities of two schools and of their county, with who attended and enrolled; a group of theirs."""
    siblings = await make_group(db, city.sibling, city.sibling_teacher)
    await make_activity(db, city.sibling, city.sibling_admin, group=siblings)
    group = await make_group(db, city.school, city.teacher, city.colleague)
    for organiser, by in ((city.school, city.school_admin), (city.county, city.county_admin)):
        activity = await make_activity(
            db, organiser, by, group=group if by is city.school_admin else None, sessions=2
        )
        for session in activity["sessions"]:
            await make_attendance(db, session, by, city.teacher, city.sibling_teacher)
            await make_leave(db, session, city.teacher)
            await make_doubt(db, session, activity, city.teacher)
        await make_note(db, activity, city.teacher)
        place = {each: city.teacher[each] for each in ("city_id", "county_id", "school_id")}
        enrolled = {"activity_id": activity["id"], "teacher_id": city.teacher["id"], **place}
        await db.insert(Enrolment, {"id": new_id(), **enrolled, "enrolled_at": NOW})
    return group


async def make_busy_learning(db: Connection, city: City) -> None:
    """Trainers, mentorships and the funds of two schools, two of each."""
    await make_busy_courses(db, city)
    await make_busy_completions(db, city)
    await make_busy_choices(db, city)
    await make_bank(db, city)
    await make_busy_trainers(db, city)
    await make_busy_discussions(db, city)
    pairs = ((city.colleague, city.teacher), (city.teacher, city.sibling_teacher))
    await make_busy_mentorships(db, city.county, city.county_admin, *pairs)
    await make_busy_funds(db, city)


async def make_busy_bureaux(db: Connection, city: City) -> None:
    """What bureaux do above schools, and what is taken over there from files."""
    await make_overseen_city(db, city)
    await make_needs(db, city)
    await make_busy_notices(db, city)
    await make_busy_documents(db, city)
    for place in (city.county, city.school):
        await make_import(db, place, city.county_admin.actor.account_id, rows=3)


RENAME = Statement(update(ResearchGroup).values(name=bindparam("name")))


async def make_acts(db: Connection, by: Person) -> None:
    """Acts that changed something: all that was made so far, and twice the names of groups."""
    for name in (None, "一组", "二组"):
        if name is not None:
            await db.run(RENAME, name=name)
        await record_act(db, by.actor, operation="try_it", target_id=None, provenance=Provenance())


@pytest.fixture
def held(resources: Resources, pool: SharedPool) -> Resources:
    return replace(resources, pool=pool)


def values(city: City) -> Values:
    rows = [city.city, city.county, city.school, city.sibling, city.teacher, city.colleague]
    ids = [str(row["id"]) for row in rows]
    units = [str(row["id"]) for row in (city.city, city.county, city.school, city.far_school)]
    teachers = [str(row["id"]) for row in (city.teacher, city.colleague, city.far_teacher)]
    return {
        "first": [1, 2, 50],
        "after": [None],
        "sort": [None],
        "unit.id": units,
        "unitId": units,
        "schoolId": units,
        "countyId": units,
        "parentId": units,
        "documentId": [str(BUSY_DOCUMENT), str(city.city["id"])],
        "volumeId": [str(BUSY_VOLUME), str(city.city["id"])],
        "teacher.id": teachers,
        "teacherId": teachers,
        "UUID": ids,
        "ID": [*ids, "nothing"],
        "String": ["测试甲", "x"],
        "Int": [1, 3],
        "Date": ["2026-11-20"],
        "DateTime": ["2026-11-20T02:00:00Z"],
        "Decimal": ["1.00"],
        "Boolean": [True, False],
        "JSON": [{}],
    }


async def compare(request: Request, held: Resources, person: Person) -> ExecutionResult:
    """Both executors on one document as one person."""
    context = Context(held, person.actor, "en")
    name = request.operation_name
    ours = await unlimited.execute(request.text, request.variables, name, context)
    await context.close()
    context = Context(held, person.actor, "en")
    theirs = await schema.execute(
        request.text,
        variable_values=request.variables,
        operation_name=name,
        context_value=context,
    )
    # graphql-core cancels what else is being read when a root field that must be there is not, and
    # a statement that is cancelled takes its transaction along.
    with suppress(asyncpg.InFailedSQLTransactionError):
        await context.close()
    assert isinstance(theirs, ExecutionResult), (request, theirs.errors)
    same(ours, theirs, request)
    return theirs


@pytest.mark.parametrize("role", ["city_admin", "school_admin", "teacher_account", "auditor"])
async def test_every_role_is_answered_alike(role: str, busy_city: City, held: Resources) -> None:
    for seed in seeds(25):
        request = Author(GRAPH, Random(seed), values(busy_city)).write()
        await compare(request, held, getattr(busy_city, role))


# Statements.


_OWN = "{ own"


def ways(known: Values) -> dict[str, str]:
    """For each type the shortest way to things of it, as the beginning of a document.

    A way goes through lists wherever it can, for a level of one thing proves little.
    """
    found: dict[str, str] = {}
    assert GRAPH.query_type is not None
    waiting: list[tuple[str, Any]] = [("{", GRAPH.query_type)]
    while waiting:
        # What somebody has of their own is little, or nothing: it is asked for where there is no other way.
        waiting.sort(
            key=lambda each: ("(" in each[0], _OWN in each[0], each[0].count("{"), each[0])
        )
        before, parent = waiting.pop(0)
        if found.setdefault(parent.name, before) != before:
            continue
        for name, field in parent.fields.items():
            needed = [each for each, how in field.args.items() if is_required_argument(how)]
            kind = get_named_type(field.type)
            # The feed shows what is committed, which nothing of a test is.
            if not is_leaf_type(kind) and "id" not in needed and name != "changes":
                given = ", ".join(
                    f'{each}: "{known.get(each, known["UUID"])[0]}"' for each in needed
                )
                waiting.append((f"{before} {name}{f'({given})' if given else ''} {{", kind))
    return found


SHARES = range(8)
"""The edges are shared out, for the busy city is made anew for each test."""


class Levels(NamedTuple):
    """What the highest administrator of the busy city asks of whole levels of things.

    What is only ever asked for by whoever has it, a teacher asks for.
    """

    ways: dict[str, str]
    actor: Actor
    owner: Actor
    held: Resources

    async def statements(self, kind: str, *asked: str) -> list[tuple[int, int]]:
        """For each of what is asked of a level the things it has and the statements it takes."""
        way, found = self.ways[kind], []
        for each in asked:
            context = Context(self.held, self.owner if _OWN in way else self.actor, "en")
            text = f"{way} __typename {each} {'}' * way.count('{')}"
            answer = await unlimited.execute(text, None, None, context)
            await context.close()
            assert answer.errors == [], text
            found.append((str(answer.data).count(f"'__typename': '{kind}'"), context.statements))
        return found

    async def of_edge(self, kind: str, name: str) -> int:
        """The statements that an edge takes for a level of at least two things."""
        fields = {each.name: each.fields for each in things()}[kind]
        paged = "nodes { __typename } pageInfo { endCursor }"
        below = paged if (kind, name) in connections() else ""
        leaf = is_leaf_type(get_named_type(fields[name].type))
        asked = name if leaf else f"{name} {{ __typename {below} }}"
        (level, without), (_, statements) = await self.statements(kind, "", asked)
        assert level >= 2, f"{kind}: a level of {level} proves nothing"
        return statements - without

    async def of_totals(self, kind: str, name: str) -> int:
        """The statements that the totals of a connection take for a whole level."""
        asked = (
            f"{name}(first: 1) {{ nodes {{ __typename }} {more} }}" for more in ("", "totalCount")
        )
        (_, without), (_, statements) = await self.statements(kind, *asked)
        return statements - without


@pytest.fixture
def levels(busy_city: City, held: Resources) -> Levels:
    asked = (busy_city.city_admin.actor, busy_city.teacher_account.actor)
    return Levels(ways(values(busy_city)), *asked, held)


@pytest.mark.parametrize("share", SHARES)
async def test_an_edge_is_one_statement_for_a_whole_level(share: int, levels: Levels) -> None:
    shared = edges()[share :: len(SHARES)]
    taken = {each: await levels.of_edge(*each) for each in shared}
    assert taken == dict.fromkeys(shared, 1)


@pytest.mark.parametrize("share", SHARES)
async def test_the_totals_of_a_level_are_one_statement_more(share: int, levels: Levels) -> None:
    shared = connections()[share :: len(SHARES)]
    taken = {each: await levels.of_totals(*each) for each in shared}
    assert taken == dict.fromkeys(shared, 1)


def test_every_edge_that_is_declared_is_counted() -> None:
    known = set(edges())
    counted = {
        field.extensions["strawberry-definition"].metadata[EDGE]
        for kind in things()
        for name, field in kind.fields.items()
        if (kind.name, name) in known
    }
    assert counted == {each for each in EDGES if each.read.__module__.startswith("app.")}


OF_ONE_KEY = {
    ("AwardRound", "unit"), ("NeighbourSystem", "unit"), ("OfficialDocument", "unit"),
    ("DocumentArticle", "document"), ("CheckOrder", "unit"), ("DemonstrationCall", "unit"),
}  # fmt: skip
"""Seen by those below: whoever stands highest has them of one unit alone. Articles are of one document."""


def thing_by_thing(load: Callable[..., Any]) -> Callable[..., Any]:
    """A read that asks for each thing of a level by itself, as no edge may."""

    async def one_by_one(edge: Any, context: Any, keys: list[Any], *more: Any) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key in keys:
            found.update(await load(edge, context, [key], *more))
        return found

    return one_by_one


@pytest.mark.parametrize("share", SHARES)
async def test_the_count_would_show_what_is_read_thing_by_thing(
    share: int, levels: Levels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Edge, "load", thing_by_thing(Edge.load))
    shared = [each for each in edges() if each not in OF_ONE_KEY][share :: len(SHARES)]
    taken = {each: await levels.of_edge(*each) for each in shared}
    assert [each for each, statements in taken.items() if statements < 2] == []


@pytest.mark.parametrize("share", SHARES)
async def test_the_count_would_show_totals_that_are_counted_thing_by_thing(
    share: int, levels: Levels, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(pages._counting)
    monkeypatch.setattr(kind, "load", thing_by_thing(kind.load))
    shared = connections()[share :: len(SHARES)]
    taken = {each: await levels.of_totals(*each) for each in shared}
    assert [each for each, statements in taken.items() if statements < 2] == []
