"""Whatever the tree, the networks, the departments, the assignments and the grants: an actor reaches
exactly the rows that a model in plain Python says."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.access.doors import Door
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import SUBJECT, Duty, Permission, Role
from app.domain.errors import DomainError
from app.domain.organisation.departments import DEPARTMENTS
from app.domain.organisation.units import UNITS, Level
from app.domain.paging import PageRequest
from app.domain.people.teachers import TEACHERS
from app.domain.training.activities import ACTIVITIES
from app.domain.training.groups import GROUPS
from app.request import Resources
from app.request.actors import claims_of
from app.sql import Connection, Row, new_id
from tests.make import (
    Person,
    make_account,
    make_activity,
    make_group,
    make_teacher,
    make_unit,
    signed_in,
)
from tests.make_organisation import make_assignment, make_department, make_network

PAST = (date(2020, 1, 1), date(2021, 1, 1))
PRESENT = (date(2020, 1, 1), date(2099, 1, 1))
FUTURE = (date(2098, 1, 1), date(2099, 1, 1))
TERMS = st.sampled_from([PRESENT] * 6 + [PAST, FUTURE])
WHICH = st.integers(0, 20)
SCHOOLS = st.lists(st.tuples(WHICH, TERMS), max_size=4)

TREES = st.tuples(st.lists(st.integers(0, 2), min_size=1, max_size=3), st.integers(1, 2))
NETWORKS = st.lists(st.tuples(WHICH, SCHOOLS, TERMS), min_size=1, max_size=3)
DEPARTMENTS_OF = st.lists(
    st.tuples(WHICH, st.sets(st.sampled_from(Duty), min_size=1), TERMS), min_size=2, max_size=4
)
ASSIGNMENTS = st.lists(st.tuples(WHICH, st.none() | WHICH, SCHOOLS, TERMS), max_size=3)
ROLES = [
    Role.AUDITOR, Role.NETWORK_COORDINATOR, Role.DEPARTMENT_OFFICER, Role.SCHOOL_ADVISER,
]  # fmt: skip
GRANTS = st.lists(st.tuples(st.sampled_from(ROLES), WHICH, TERMS), min_size=2, max_size=5)

READS_AT_SCHOOLS = {"unit:read", "teacher:read", "group:read", "activity:read"}
ORGANISES = {"activity:read", "activity:write"}
OFFICER_OWN = {duty: ORGANISES if duty is Duty.ORGANISE else {"activity:read"} for duty in Duty}
OFFICER_BUREAU = {
    Duty.ORGANISE: set(), Duty.OWN: set(), Duty.REVIEW: READS_AT_SCHOOLS - {"teacher:read"},
    Duty.GUIDE: READS_AT_SCHOOLS, Duty.EVALUATE: {"unit:read", "activity:read"},
}  # fmt: skip


@dataclass
class Thing:
    """A row, where it lies, and to which network or department it belongs."""

    id: UUID
    path: tuple[UUID, ...]
    owner: UUID | None = None


@dataclass
class World:
    """What there is, as the model knows it."""

    units: list[Row] = field(default_factory=list)
    paths: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    subjects: dict[Role, list[Row]] = field(default_factory=lambda: {role: [] for role in ROLES})
    things: dict[str, list[Thing]] = field(default_factory=dict)

    def add(self, kind: str, row: Row, unit: Row, owner: UUID | None = None) -> None:
        self.things.setdefault(kind, []).append(Thing(row["id"], self.paths[unit["id"]], owner))

    @property
    def schools(self) -> list[Row]:
        return [unit for unit in self.units if unit["school_id"]]


async def plant(db: Connection, world: World, unit: Row, resources: Resources) -> None:
    """A unit with a teacher, if it is a school, a group and an activity."""
    above = [unit["city_id"], unit["county_id"], unit["id"]]
    world.paths[unit["id"]] = tuple(dict.fromkeys(above))
    world.units.append(unit)
    world.add("unit", unit, unit)
    if unit["school_id"]:
        world.add("teacher", await make_teacher(db, resources.cipher, unit), unit)
    world.add("group", await make_group(db, unit), unit)


async def build(
    db: Connection, resources: Resources, tree: Any, networks: Any, departments: Any, assignments: Any
) -> tuple[World, Person]:  # fmt: skip
    world, (counties, direct) = World(), tree
    city = await make_unit(db, "市", Level.CITY)
    await plant(db, world, city, resources)
    for number in counties:
        county = await make_unit(db, "县", Level.COUNTY, city)
        await plant(db, world, county, resources)
        for _ in range(number):
            await plant(db, world, await make_unit(db, "校", Level.SCHOOL, county), resources)
    for _ in range(direct):
        await plant(db, world, await make_unit(db, "校", Level.SCHOOL, city), resources)
    world.subjects[Role.AUDITOR] = [unit | {"term": PRESENT} for unit in world.units]
    person = await make_account(db, "somebody", Role.AUDITOR, city)
    await db._driver.execute("UPDATE role_grant SET superseded_at = now()")
    for unit in world.units:
        world.add("activity", await make_activity(db, unit, person), unit)
    for which, schools, term in networks:
        await add_network(db, world, person, pick(world.units, which), schools, term)
    for which, duties, term in departments:
        await add_department(db, world, person, pick(world.units, which), duties, term)
    bureaux = [unit for unit in world.units if not unit["school_id"]]
    for which, network, schools, term in assignments:
        await add_assignment(db, world, person, pick(bureaux, which), network, schools, term)
    return world, person


def pick(rows: list[Row], which: int) -> Row:
    return rows[which % len(rows)]


def days(term: tuple[date, date]) -> dict[str, Any]:
    return {"valid_from": term[0], "valid_to": term[1]}


async def add_network(
    db: Connection, world: World, person: Person, owner: Row, schools: Any, term: Any
) -> None:
    network = await make_network(db, owner, **days(term))
    members = {pick(world.schools, which)["id"]: held for which, held in schools}
    for school_id, held in members.items():
        await db._driver.execute(
            "INSERT INTO network_member (id, network_id, school_id, valid_from, valid_to)"
            " VALUES ($1, $2, $3, $4, $5)",
            new_id(), network["id"], school_id, *held,
        )  # fmt: skip
    world.subjects[Role.NETWORK_COORDINATOR].append(network | {"term": term, "members": members})
    own = {"organiser_network_id": network["id"]}
    world.add("activity", await make_activity(db, owner, person, **own), owner, network["id"])


async def add_department(
    db: Connection, world: World, person: Person, unit: Row, duties: Any, term: Any
) -> None:
    name = f"部门{len(world.subjects[Role.DEPARTMENT_OFFICER])}"
    department = await make_department(db, unit, *duties, name=name, **days(term))
    world.subjects[Role.DEPARTMENT_OFFICER].append(department | {"term": term})
    world.add("department", department, unit, department["id"])
    own = {"organiser_department_id": department["id"]}
    world.add("activity", await make_activity(db, unit, person, **own), unit, department["id"])


async def add_assignment(
    db: Connection, world: World, person: Person, bureau: Row, network: int | None, schools: Any,
    term: Any,
) -> None:  # fmt: skip
    networks = world.subjects[Role.NETWORK_COORDINATOR]
    chosen = None if network is None or not networks else pick(networks, network)
    named = {pick(world.schools, which)["id"]: pick(world.schools, which) for which, _ in schools}
    keys = {} if chosen is None else {"network_id": chosen["id"]}
    rows = () if chosen is not None else tuple(named.values())
    assignment = await make_assignment(db, bureau, person, *rows, **days(term), **keys)
    world.subjects[Role.SCHOOL_ADVISER].append(
        assignment | {"term": term, "network": chosen, "named": set() if chosen else set(named)}
    )


# The model.


def schools_of(world: World, role: Role, subject: Row) -> set[UUID]:
    """The schools for which a network or an assignment stands today."""
    if role is Role.NETWORK_COORDINATOR:
        found = {key for key, held in subject["members"].items() if held == PRESENT}
    else:
        network = subject["network"]
        found = set(subject["named"])
        if network is not None and network["term"] == PRESENT:
            found = schools_of(world, Role.NETWORK_COORDINATOR, network)
    # What lies below the bureau in charge: below the city, that is everything.
    return {key for key in found if subject["county_id"] in world.paths[key]}


def permits(world: World, role: Role, subject: Row, permission: str, thing: Thing) -> bool:
    """Whether a grant of this role over this subject permits this with this thing."""
    if role is Role.AUDITOR:
        return permission in READS_AT_SCHOOLS and subject["id"] in thing.path
    if role is Role.DEPARTMENT_OFFICER:
        duties, bureau = subject["duties"], subject["school_id"] is None
        own = {"unit:read"}.union(*(OFFICER_OWN[duty] for duty in duties))
        beyond = set().union(*(OFFICER_BUREAU[duty] for duty in duties))
        below = bureau and subject["county_id"] in thing.path
        return (thing.owner == subject["id"] and permission in own) or (
            below and permission in beyond
        )
    if thing.owner == subject["id"] and permission in ORGANISES:
        return role is Role.NETWORK_COORDINATOR
    at_school = bool(schools_of(world, role, subject) & set(thing.path))
    return at_school and permission in READS_AT_SCHOOLS


DOORS: dict[str, Door] = {
    "unit": UNITS, "teacher": TEACHERS, "group": GROUPS, "activity": ACTIVITIES,
    "department": DEPARTMENTS,
}  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tree=TREES, networks=NETWORKS, departments=DEPARTMENTS_OF, assignments=ASSIGNMENTS,
       granted=GRANTS)  # fmt: skip
async def test_an_actor_reaches_what_the_model_says(
    db: Connection, driver: asyncpg.Connection, resources: Resources, tree: Any, networks: Any,
    departments: Any, assignments: Any, granted: Any,
) -> None:  # fmt: skip
    example = driver.transaction()
    await example.start()
    try:
        world, person = await build(db, resources, tree, networks, departments, assignments)
        held = []
        for role, which, term in granted:
            if world.subjects[role]:
                subject = pick(world.subjects[role], which)
                await grant(db, person, role, subject, term)
                if term == subject["term"] == PRESENT:
                    held.append((role, subject))
        actor = await signed_in(db, person)
        claims = claims_of(actor, security_version=1)
        assert resources.actors(claims) == actor, "a token carries all of it"
        for kind, door in DOORS.items():
            wanted = {
                thing.id
                for thing in world.things.get(kind, ())
                if any(permits(world, *each, door.read.value, thing) for each in held)
            }
            scope = actor.scope(door.read)
            assert await keys_of(db, door, actor) == wanted if scope.shape else not wanted, kind
        written = {
            thing.id
            for thing in world.things["activity"]
            if any(permits(world, *each, "activity:write", thing) for each in held)
        }
        assert await written_by(db, actor, world) == written
    finally:
        await example.rollback()


async def grant(db: Connection, person: Person, role: Role, subject: Row, term: Any) -> None:
    row = {"account_id": person.actor.account_id, "role": role, "subject": SUBJECT[role]}
    await db.insert(RoleGrant, {"id": new_id(), **row, "subject_id": subject["id"], **days(term)})


async def keys_of(db: Connection, door: Door, actor: Any) -> set[UUID]:
    page = await door.page(db, actor, PageRequest(limit=100))
    return {row["id"] for row in page.items}


async def written_by(db: Connection, actor: Any, world: World) -> set[UUID]:
    """The activities that the actor may change."""
    found = set()
    for thing in world.things["activity"]:
        try:
            await ACTIVITIES.get(db, actor, thing.id, permission=Permission.ACTIVITY_WRITE)
        except DomainError:
            continue
        found.add(thing.id)
    return found
