"""The second wall alone: every door of the domain stands wide open, and what is foreign is still not there.

That both walls together hide nothing that the domain shows, every test of the faces sees (`tests.compared`);
with `YANXUN_SECOND_WALL=off` the matrix is played with the domain alone.
"""

# ruff: noqa: S608  the names in these statements are ours
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
from app.domain.access.roles import Role, SubjectKind
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
    "get_archive_volume", "get_certificate", "get_certificate_credential", "get_certificate_document",
    "get_claim", "get_claim_award", "get_credit_loan", "get_credit_transfer", "get_entry", "get_evidence",
    "get_explanation", "get_file", "get_goal", "get_human_review", "get_leave",
    "get_mentorship", "get_note", "get_self_study", "list_assessment_figures", "list_claim_steps",
]  # fmt: skip
MANY = [
    "list_archive_volumes", "list_assessments", "list_certificates", "list_claims",
    "list_credit_entries", "list_files", "list_goals", "list_human_reviews",
    "list_mentorships",
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
ORGANISED = (
    "SELECT t.ctid::text AS row, a.city_id, a.county_id, a.school_id, s.teacher_id FROM {table} t"
    " JOIN activity a ON a.id = t.activity_id LEFT JOIN activity_staff s ON s.activity_id = a.id"
    " UNION ALL SELECT t.ctid::text, p.city_id, p.county_id, p.school_id, NULL FROM {table} t"
    " JOIN partnership p ON p.activity_id = t.activity_id AND p.state = 'accepted'"
)
IN_ACTIVITY = f"{PLACED} UNION ALL {ORGANISED}"
IN_ACTIVITIES = (
    "attendance", "attendance_change", "course_completion", "course_judgement", "course_test_attempt",
    "enrolment", "exercise_submission", "learning_doubt", "learning_progress", "leave", "note",
)  # fmt: skip
OF_TEACHERS = (
    "credit_chain", "credit_entry", "data_consent", "growth_result", "ledger_leaf", "look",
    "teacher_education", "teacher_phone", "teacher_qualification", "teacher_registration",
)  # fmt: skip
DECIDED = "SELECT t.ctid::text, t.{key}, t.{key}, t.{key}, NULL FROM {{table}} t"  # a unit, whichever it is


def belonging(owner: str, key: str, query: str) -> str:
    """The same of what belongs to a row of another table, by this key."""
    joined = query.replace("FROM {table} t", f"FROM {{table}} o JOIN {owner} t ON t.id = o.{key}")
    return joined.replace("t.ctid", "o.ctid")


LYING: dict[str, str] = {
    **dict.fromkeys(WALLED, PLACED),
    **dict.fromkeys(("claim_evidence", "claim_objection", "claim_step"), CLAIMS),
    **dict.fromkeys(OF_TEACHERS, TEACHERS),
    **dict.fromkeys(IN_ACTIVITIES, IN_ACTIVITY),
    "correction": PLACED.replace("t.ctid", "t.id"),
    "teacher_phone": TEACHERS.replace("t.ctid", "t.teacher_id"),
    "archive_piece": belonging("archive_volume", "volume_id", PLACED),
    "certificate_candidate": "SELECT t.ctid::text AS row, b.city_id, b.county_id, b.school_id,"
    " t.teacher_id FROM {table} t JOIN certificate_batch b ON b.id = t.batch_id",
    "choice": f"{IN_ACTIVITY} UNION ALL SELECT t.ctid::text, r.city_id, r.county_id, r.school_id,"
    " NULL FROM {table} t JOIN choice_round r ON r.id = t.round_id",
    "evidence": f"{TEACHERS} UNION ALL {ORGANISED}",
    "incentive": f"{PLACED} UNION ALL {DECIDED.format(key='unit_id')}"
    f" UNION ALL {DECIDED.format(key='appeal_unit_id')}",
    "mentorship": f"{PLACED} UNION ALL SELECT t.ctid::text, p.city_id, p.county_id, p.school_id, p.id"
    " FROM {table} t JOIN mentor m ON m.mentorship_id = t.id JOIN teacher p ON p.id = m.teacher_id",
    "note_version": belonging("note", "note_id", IN_ACTIVITY),
    "observation_sheet": f"{IN_ACTIVITY} UNION ALL SELECT t.ctid::text, p.city_id, p.county_id, p.school_id,"
    " t.observer_id FROM {table} t JOIN teacher p ON p.id = t.observer_id",
    "service_place": f"{TEACHERS} UNION ALL SELECT t.ctid::text, u.city_id, u.county_id, u.school_id, NULL"
    " FROM {table} t JOIN unit u ON u.id = t.school_id",
}
KEYS = {"correction": "id", "teacher_phone": "teacher_id"}
"""By what rows are told apart where readers, who do not see every column, see none of the system's."""
CAREERS = """
INSERT INTO data_consent (id, teacher_id, data, given_at)
    SELECT gen_random_uuid(), id, 'phone', now() FROM teacher;
INSERT INTO service_place (id, teacher_id, valid_from, school_id, kind)
    SELECT gen_random_uuid(), id, '2020-01-01', school_id, 'rotation' FROM teacher;
INSERT INTO teacher_phone (teacher_id, phone_sealed, phone_index, phone, entered_at)
    SELECT id, '1', '1', 'masked', now() FROM teacher;
INSERT INTO growth_result (id, teacher_id, valid_from, stage, finding, note)
    SELECT gen_random_uuid(), id, '2026-01-01', 'one_year', 'reached', 'a note' FROM teacher;
INSERT INTO teacher_education (id, teacher_id, valid_from, level, study, institution, major)
    SELECT gen_random_uuid(), id, '2026-01-01', 'bachelor', 'graduated', 'somewhere', 'something'
    FROM teacher;
INSERT INTO teacher_qualification (id, teacher_id, valid_from, qualification, subject, issuer)
    SELECT gen_random_uuid(), id, '2026-01-01', 'primary', 'chinese', 'somebody' FROM teacher;
INSERT INTO teacher_registration (id, teacher_id, valid_from, conclusion, issuer)
    SELECT gen_random_uuid(), id, '2026-01-01', 'qualified', 'somebody' FROM teacher;
"""
"""Facts of everybody: what they say does not matter here, nor that they are so many."""
PARTS = """
INSERT INTO enrolment (id, activity_id, teacher_id, school_id, county_id, city_id, enrolled_at)
    SELECT gen_random_uuid(), activity_id, teacher_id, school_id, county_id, city_id, now()
    FROM attendance;
INSERT INTO course_judgement
        (id, activity_id, teacher_id, school_id, county_id, city_id, is_sufficient, judged_at, judged_by)
    SELECT gen_random_uuid(), activity_id, teacher_id, school_id, county_id, city_id, true, now(),
        (SELECT id FROM account LIMIT 1) FROM attendance;
INSERT INTO choice
        (id, round_id, activity_id, teacher_id, school_id, county_id, city_id, preference, chosen_at)
    SELECT gen_random_uuid(), o.round_id, o.activity_id, t.id, t.school_id, t.county_id, t.city_id, 1, now()
    FROM teacher t, choice_offering o;
INSERT INTO attendance_change
        (id, attendance_id, session_id, activity_id, teacher_id, school_id, county_id, city_id,
         status_before, status_after, role_before, role_after, method, after_closing, changed_at, changed_by)
    SELECT gen_random_uuid(), id, session_id, activity_id, teacher_id, school_id, county_id, city_id,
        status, status, role, role, method, false, now(), (SELECT id FROM account LIMIT 1)
    FROM attendance;
UPDATE note SET text = text || text;
"""
"""What the world has not yet of what people do in activities; of a note that changes a version is kept."""


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
    for statement in (CAREERS, PARTS):
        await db._driver.execute(statement)
    return world


async def seen(driver: asyncpg.Connection, bounds: dict[str, Any]) -> dict[str, set[str]]:
    """The rows of each table that a reader with these bounds sees."""
    behind = Behind(driver, Wall(bounds, lambda _: True))
    async with behind.transaction():
        return {
            table: {row[0] for row in await behind.fetch(f"SELECT {key}::text FROM {table}")}
            for table, key in (dict.fromkeys(WALLED, "ctid") | KEYS).items()
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
    assert await seen(driver, {column: unit["id"], "unit_ids": [unit["id"]]}) == within
    if name in {"city", "far"}:
        assert [table for table, rows in within.items() if not rows] == []


async def test_several_units_are_all_seen_and_one_person_is_one_person(
    filled: World, driver: asyncpg.Connection
) -> None:
    school, far = filled.units["school"][-1]["id"], filled.units["far"][-1]["id"]
    both = await seen(driver, {"school_id": school, "school_ids": [far], "unit_ids": [school, far]})
    assert both == await lying(driver, "school_id", {school, far})
    for unit in filled.units["far"]:
        column = f"{unit['level']}_id"
        told = await seen(driver, {f"{column}s": [unit["id"]], "unit_ids": [unit["id"]]})
        assert told == await lying(driver, column, {unit["id"]}), column
    teacher = filled.teachers["far"]["id"]
    own = await seen(driver, {"teacher_id": teacher})
    assert own == await lying(driver, "teacher_id", {teacher})


async def test_a_role_beside_the_units_shows_what_they_organise_and_no_person_of_theirs(
    filled: World, driver: asyncpg.Connection
) -> None:
    """Whoever leads a group, a network or a department: the unit's activities, with who took part."""
    school = filled.units["school"][-1]["id"]
    shown = await seen(driver, {"unit_ids": [school]})
    organised = {
        "evidence",
        "note_version",
        "choice",
        "incentive",
        "observation_sheet",
        *IN_ACTIVITIES,
    }
    assert {table for table, rows in shown.items() if rows} <= organised
    for table in ("attendance", "enrolment", "evidence", "note"):
        rows = await driver.fetch(ORGANISED.format(table=table))
        assert shown[table] == {row["row"] for row in rows if row["school_id"] == school} != set()


async def test_who_has_no_bounds_sees_nothing(filled: World, driver: asyncpg.Connection) -> None:
    """Whatever was told on the connection before."""
    city = filled.units["city"][0]["id"]
    assert all((await seen(driver, {"city_id": city, "unit_ids": [city]})).values())
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


def is_foreign(actor: Someone, thing: Thing, about: str = "") -> bool:
    """Whether a thing lies in no unit in which somebody has a role, and is not of them.

    Of what belongs to activities, whoever leads a group or a department has a role in its unit.
    """
    asked = actor.person.actor
    names = ("city_id", "county_id", "school_id")
    units = {unit for name in names for unit in asked.reach.values.get(name, [])}
    if about in {"evidence", *IN_ACTIVITIES}:
        beside = [each for each in asked.grants if each.subject is not SubjectKind.SELF]
        units |= {each.school_id or each.county_id or each.city_id for each in beside}
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
            if thing is None or not is_foreign(actor, thing, row.about):
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
    things = [(kind, thing) for kind in row.about for thing in filled.all_of(kind)]
    leaked = 0
    for actor in filled.actors.values():
        foreign = {thing.id for kind, thing in things if is_foreign(actor, thing, kind)}
        for ask in FACES.values():
            shown = []
            for pool.walled in (Behind, None):
                status, answer = await ask(client, actor.person, operation, {}, None)
                listed = items_of(json.loads(answer), operation.field) if status == 200 else []
                shown.append({UUID(item["id"]) for item in listed} & foreign)
            assert shown[0] == set(), actor.role
            leaked += len(shown[1])
    assert leaked, "the doors were not open"
