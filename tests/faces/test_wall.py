"""The second wall alone: every door of the domain stands wide open, and what is foreign is still not there.

That both walls together hide nothing that the domain shows, every test of the faces sees (`tests.compared`);
with `YANXUN_SECOND_WALL=off` the matrix is played with the domain alone.
"""

import json
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import literal_column, or_, select

from app.domain.access import actors
from app.domain.access.roles import Role
from app.domain.access.walled import WALLED
from app.domain.credits.claims.steps import ClaimStep
from app.domain.credits.ledger_heads import LedgerHead, LedgerLeaf
from app.domain.credits.standings import Standing
from app.sql import Connection, Statement, new_id
from app.wall import READER, Behind, Wall
from tests.conftest import SharedPool
from tests.faces.asking import ask_graphql, ask_rest
from tests.faces.matrix import MATRIX
from tests.faces.operations import WITHOUT_GRAPHQL, rest_operations
from tests.faces.rule import Listing, Row
from tests.faces.test_matrix import items_of, sent
from tests.faces.world import Someone, Thing, World, add_row, place_of
from tests.make import NOW, TODAY, Client
from tests.make_evidence import make_evidence

ONE = [
    "get_certificate", "get_certificate_credential", "get_certificate_document", "get_claim",
    "get_claim_award", "get_credit_loan", "get_credit_transfer", "get_entry", "get_evidence",
    "get_explanation", "get_file", "get_human_review", "list_assessment_figures", "list_claim_steps",
]  # fmt: skip
MANY = [
    "list_assessments", "list_certificates", "list_claims", "list_credit_entries", "list_files",
    "list_human_reviews",
]  # fmt: skip
FACES = {"rest": ask_rest, "graphql": ask_graphql}

# Where the rows of each table lie, put otherwise than in its policy: their places, and whose they are.
PLACED = (
    "SELECT t.ctid::text AS row, t.city_id, t.county_id, t.school_id, t.teacher_id FROM {table} t"
)
TEACHERS = (
    "SELECT t.ctid::text AS row, p.city_id, p.county_id, p.school_id, t.teacher_id"
    " FROM {table} t JOIN teacher p ON p.id = t.teacher_id"
)
CLAIMS = (
    "SELECT t.ctid::text AS row, c.city_id, c.county_id, c.school_id, c.teacher_id"
    " FROM {table} t JOIN credit_claim c ON c.id = t.claim_id"
)
LYING: dict[str, str] = {
    **dict.fromkeys(WALLED, PLACED),
    **dict.fromkeys(("claim_evidence", "claim_objection", "claim_step"), CLAIMS),
    **dict.fromkeys(("credit_chain", "credit_entry", "ledger_leaf"), TEACHERS),
    "certificate_candidate": "SELECT t.ctid::text AS row, b.city_id, b.county_id, b.school_id,"
    " t.teacher_id FROM {table} t JOIN certificate_batch b ON b.id = t.batch_id",
    "evidence": f"{TEACHERS} UNION ALL"  # noqa: S608  ours
    " SELECT t.ctid::text, a.city_id, a.county_id, a.school_id, t.teacher_id"
    " FROM {table} t JOIN activity a ON a.id = t.activity_id",
}


@pytest.fixture
async def filled(world: World, db: Connection) -> World:
    """The world, with something in every table behind the wall."""
    city = world.units["city"][0]
    for name, teacher in world.teachers.items():
        place = {key: teacher[key] for key in ("city_id", "county_id", "school_id")}
        await db.insert(
            Standing,
            {
                **place, "teacher_id": teacher["id"], "pack_id": "a pack", "pack_version": 1,
                "cycle_start": TODAY, "cycle_end": TODAY, "entries": 0, "earned_hours": 0,
                "earned_credits": 0, "counted_hours": 0, "counted_credits": 0, "verdict": "met",
                "missing": 0, "state": {}, "facts_version": 0,
            },
        )  # fmt: skip
        claim = world.places[name]["claim"].id
        taken = {"version": 0, "round": 1, "act": "submit", "taken_at": NOW}
        await add_row(db, ClaimStep, claim_id=claim, **taken)
        head = await add_row(
            db, LedgerHead, **place_of(city), day=TODAY.replace(year=1900 + len(name)),
            number=len(name), chains=0, entries=0, grown=0, previous="0" * 64, digest="1" * 64,
            signed_at=NOW, key_id="a key", signature="a.b.c",
        )  # fmt: skip
        leaf = {"teacher_id": teacher["id"], "sequence": 1, "head_id": head, "hash": b"1"}
        await db.insert(LedgerLeaf, leaf)
    # Somebody took part elsewhere: it is seen where they are, and where the activity was.
    for name, elsewhere in (("far", "school"), ("school", "far")):
        activity = {"id": world.places[elsewhere]["offered"].id}
        by = world.actors[Role.CITY_ADMIN].person
        await make_evidence(db, activity, by, world.teachers[name])
    return world


async def seen(driver: asyncpg.Connection, bounds: dict[str, Any]) -> dict[str, set[str]]:
    """The rows of each table that a reader with these bounds sees."""
    behind = Behind(driver, Wall(bounds, lambda _: True))
    async with behind.transaction():
        return {
            table: {row[0] for row in await behind.fetch(f"SELECT ctid::text FROM {table}")}  # noqa: S608
            for table in WALLED
        }


async def lying(
    driver: asyncpg.Connection, column: str, values: set[UUID | None]
) -> dict[str, set[str]]:
    """The rows of each table that lie there, or are of that person."""
    return {
        table: {
            row["row"]
            for row in await driver.fetch(query.format(table=table))
            if row[column] in values
        }
        for table, query in LYING.items()
    }


@pytest.mark.parametrize("name", ["city", "county", "school", "sibling", "far"])
async def test_each_table_shows_what_lies_within(
    name: str, filled: World, driver: asyncpg.Connection
) -> None:
    unit = filled.units[name][-1]
    column = f"{unit['level']}_id"
    within = await lying(driver, column, {unit["id"]})
    assert await seen(driver, {column: unit["id"]}) == within
    if name in {"city", "far"}:
        assert [table for table, rows in within.items() if not rows] == []


async def test_several_units_are_all_seen_and_one_person_is_one_person(
    filled: World, driver: asyncpg.Connection
) -> None:
    school, far = filled.units["school"][-1]["id"], filled.units["far"][-1]["id"]
    both = await seen(driver, {"school_id": school, "school_ids": [far]})
    assert both == await lying(driver, "school_id", {school, far})
    for unit in filled.units["far"]:
        column = f"{unit['level']}_id"
        told = await seen(driver, {f"{column}s": [unit["id"]]})
        assert told == await lying(driver, column, {unit["id"]}), column
    teacher = filled.teachers["far"]["id"]
    own = await seen(driver, {"teacher_id": teacher})
    assert own == await lying(driver, "teacher_id", {teacher})


async def test_who_has_no_bounds_sees_nothing(filled: World, driver: asyncpg.Connection) -> None:
    """Whatever was told on the connection before."""
    assert all((await seen(driver, {"city_id": filled.units["city"][0]["id"]})).values())
    assert not any((await seen(driver, {})).values())


async def test_a_reader_writes_nothing(filled: World, driver: asyncpg.Connection) -> None:
    bounds = {"city_id": filled.units["city"][0]["id"]}
    for statement in (
        "DELETE FROM file",
        "UPDATE standing SET entries = 1",
        "CREATE TABLE mine ()",
    ):
        behind = Behind(driver, Wall(bounds, lambda _: True))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with behind.transaction():
                await behind.execute(statement)


async def test_a_statement_looks_beyond_and_the_next_does_not(
    filled: World, driver: asyncpg.Connection
) -> None:
    far = filled.units["far"][-1]["id"]
    counted: Any = literal_column("count(*)")
    plain = Statement(_of_standing(counted))
    further = Statement(_of_standing(counted), beyond="for this test")
    rows = Statement(_of_standing(literal_column("1")), beyond="for this test")
    everybody = len(filled.teachers)
    db = Connection(Behind(driver, Wall({"school_id": far}, lambda _: True)))
    assert [await db.value(each) for each in (plain, further, plain)] == [1, everybody, 1]
    async with db.transaction():
        assert [await db.value(each) for each in (plain, further, plain)] == [1, everybody, 1]
        streamed = [await db.value(plain) async for _ in db.stream(rows)]
        assert streamed == [1] * everybody
        async with db.transaction():
            assert [await db.value(each) for each in (plain, further, plain)] == [1, everybody, 1]
        assert await driver.fetchval("SELECT current_user") == READER
    assert await driver.fetchval("SELECT current_user") != READER


def _of_standing(shown: Any) -> Any:
    return select(shown).select_from(Standing)


@pytest.fixture
def open_doors() -> Iterator[None]:
    """Every predicate of a scope is met by everything; what was compiled with it is forgotten after."""
    narrow = actors.within

    def wide(*arguments: Any, **named: Any) -> Any:
        return or_(literal_column("true"), narrow(*arguments, **named))

    users = [
        module
        for name, module in sys.modules.items()
        if name.startswith("app.domain.") and getattr(module, "within", None) is narrow
    ]

    def change(to: Any) -> None:
        for module in users:
            module.within = to  # type: ignore[attr-defined]
            for made in vars(module).values():
                if hasattr(made, "cache_clear"):
                    made.cache_clear()

    change(wide)
    yield
    change(narrow)


def is_foreign(actor: Someone, thing: Thing) -> bool:
    """Whether a thing lies in no unit in which somebody has a role, and is not of them."""
    asked = actor.person.actor
    units = {
        unit
        for name in ("city_id", "county_id", "school_id")
        for unit in asked.reach.values.get(name, [])
    }
    own = thing.teacher_id is not None and thing.teacher_id == asked.teacher_id
    return units.isdisjoint(thing.path) and not own


@pytest.mark.parametrize("name", ONE)
async def test_what_is_foreign_is_not_there_behind_open_doors(
    name: str, client: Client, filled: World, pool: SharedPool, open_doors: None
) -> None:
    row, operation = MATRIX[name], rest_operations()[name]
    assert isinstance(row, Row)
    leaked = 0
    for actor in filled.actors.values():
        for things in filled.places.values():
            thing = things.get(row.about)
            if thing is None or not is_foreign(actor, thing):
                continue
            for face, ask in FACES.items():
                if face == "graphql" and name in WITHOUT_GRAPHQL:
                    continue
                asked = partial(ask, client, actor.person, operation)
                pool.walled = Behind
                foreign = await asked(*sent(row, name, thing.id, None))
                nothing = await asked(*sent(row, name, new_id(), None))
                assert foreign == nothing, (face, actor.role, thing.path)
                assert foreign[0] in {403, 404}, (face, actor.role, foreign)
                pool.walled = None
                status, _ = await asked(*sent(row, name, thing.id, None))
                leaked += status == 200
    assert leaked, "the doors were not open"


@pytest.mark.parametrize("name", MANY)
async def test_a_list_shows_nothing_foreign_behind_open_doors(
    name: str, client: Client, filled: World, pool: SharedPool, open_doors: None
) -> None:
    row, operation = MATRIX[name], rest_operations()[name]
    assert isinstance(row, Listing)
    things = [thing for kind in row.about for thing in filled.all_of(kind)]
    leaked = 0
    for actor in filled.actors.values():
        foreign = {thing.id for thing in things if is_foreign(actor, thing)}
        for ask in FACES.values():
            shown = []
            for pool.walled in (Behind, None):
                status, answer = await ask(client, actor.person, operation, {}, None)
                listed = items_of(json.loads(answer), operation.field) if status == 200 else []
                shown.append({UUID(item["id"]) for item in listed} & foreign)
            assert shown[0] == set(), actor.role
            leaked += len(shown[1])
    assert leaked, "the doors were not open"
