"""One city with an object of every kind at every place, and one actor of every role in its middle.

               city                    city_admin, expert, auditor, integration,
                                       province
      ┌─────────┴─────────┐
    county          other county       county_admin (of county)
  ┌───┴────┐              │
school  sibling          far           school_admin, teacher (of school)
  │
group                                  group_leader

The county has a department (department_officer), a network to which the school belongs
(network_coordinator), and an assignment to the sibling (school_adviser).

Beside the school lies a closed one, with what it had; an assignment has ended, and of a session
nothing is left but its key.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from app.domain.access.audit import AuditAct
from app.domain.access.roles import Duty, Role
from app.domain.credits.packs.published import RulePack, pack_row
from app.domain.credits.packs.shipped import shipped_packs
from app.domain.exchange.batches import ProvinceBatch
from app.domain.organisation.attachments import UnitAttachment
from app.domain.organisation.designations import Designation
from app.domain.organisation.responsibilities import Responsibility
from app.domain.organisation.statistics import Measure
from app.domain.organisation.units import Level
from app.domain.people.corrections import Correction
from app.domain.people.identity import PersonalDataCipher
from app.domain.people.personal_data import Look
from app.domain.people.provisions import Provision
from app.domain.training.activities.audience import ActivityAudience
from app.domain.training.activities.table import Activity, ActivitySession
from app.domain.training.groups import GroupMember, ResearchGroup
from app.domain.training.vocabulary import ActivityState
from app.sql import Connection, Row
from tests.domain.exchange.entered import enter, entry
from tests.faces.things import MAKERS
from tests.faces.world import Someone, Thing, World, add_row, place_of
from tests.make import City, Person, make_account, make_activity, make_city, make_unit
from tests.make_organisation import (
    make_assignment,
    make_committee,
    make_department,
    make_network,
    make_provider,
    make_statistic,
    make_target,
    make_visit,
)
from tests.make_people import make_goal, make_pair, make_transfer
from tests.make_webhooks import make_listener

PACK = "yueyang-demo-2026"
MOMENT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ENDED = date(2024, 9, 1)
ENDING = {"unit", "department", "network", "assignment"}
"""The kinds of which there are lists of today."""


async def make_world(db: Connection, cipher: PersonalDataCipher) -> World:
    """All of it, in one city."""
    city = await make_city(db, cipher)
    units = {
        "city": (city.city,),
        "county": (city.city, city.county),
        "school": (city.city, city.county, city.school),
        "sibling": (city.city, city.county, city.sibling),
        "far": (city.city, city.other_county, city.far_school),
    }
    teachers = {"school": city.teacher, "sibling": city.sibling_teacher, "far": city.far_teacher}
    world = World({}, {}, await _deleted(db, city), units, teachers, cipher)
    for name, units_of in units.items():
        world.places[name] = await _of_unit(db, units_of, city.city_admin)
        world.places[name] |= await _overseen(db, units_of, city.auditor, cipher)
    for name, teacher in teachers.items():
        world.places[name] |= await _of_school(db, units[name], teacher, city)
        world.places[name] |= await _paired(db, units[name], teacher, city.direct_teacher)
    world.places["group"] = await _of_group(db, units["school"], city.teacher, city.city_admin)
    await _people(db, world, city)
    await _beyond_the_tree(db, world, city)
    world.places["closed"] = await _closed(db, city)
    for add_things in MAKERS:
        await add_things(db, world, city)
    return world


async def _people(db: Connection, world: World, city: City) -> None:
    """The actors whose subject is a unit, a teacher or a group."""
    group_id = world.places["group"]["group"].id
    leader = await make_account(
        db, "leader", Role.GROUP_LEADER, {**place_of(city.school), "id": group_id}
    )
    people = {
        Role.CITY_ADMIN: ("city", city.city_admin),
        Role.AUDITOR: ("city", city.auditor),
        Role.EXPERT: ("city", await make_account(db, "expert", Role.EXPERT, city.city)),
        Role.INTEGRATION: ("city", city.integration),
        Role.PROVINCE: ("city", await make_account(db, "province", Role.PROVINCE, city.city)),
        Role.COUNTY_ADMIN: ("county", city.county_admin),
        Role.SCHOOL_ADMIN: ("school", city.school_admin),
        Role.TEACHER: ("school", city.teacher_account),
        Role.GROUP_LEADER: ("school", leader),
    }
    for role, (name, person) in people.items():
        world.actors[role] = Someone(role, person, world.places[name]["unit"].path)
    world.actors[Role.TEACHER].teacher_id = city.teacher["id"]
    world.actors[Role.GROUP_LEADER].group_id = group_id


async def _beyond_the_tree(db: Connection, world: World, city: City) -> None:
    """A network, a department and an assignment of the county, each with what it has and its actor."""
    path = world.places["county"]["unit"].path
    department = await make_department(db, city.county, *Duty, name="教研室二")
    network = await make_network(db, city.county, city.school)
    assignment = await make_assignment(db, city.county, city.auditor, city.sibling)
    target = await make_target(db, assignment)
    for name, row in (("network", network), ("department", department)):
        organiser = {f"organiser_{name}_id": row["id"]}
        draft, session = await _activity(db, city.county, city.city_admin, "draft", **organiser)
        about = frozenset(row.get("schools", ()))
        audience = city.county["id"]
        world.places[name] = {
            name: Thing(row["id"], path, audience=audience, owner_id=row["id"], about=about),
            "activity": Thing(draft, path, owner_id=row["id"]),
            "session": Thing(session, path, owner_id=row["id"]),
        }
    about = frozenset(assignment["schools"])
    world.places["assignment"] = {
        name: Thing(key, path, owner_id=assignment["id"], about=about)
        for name, key in (("assignment", assignment["id"]), ("target", target["id"]))
    }
    subjects = {
        Role.NETWORK_COORDINATOR: network,
        Role.DEPARTMENT_OFFICER: department,
        Role.SCHOOL_ADVISER: assignment,
    }
    for role, row in subjects.items():
        person = await make_account(db, role.value, role, row)
        schools = frozenset(row.get("schools", ()))
        world.actors[role] = Someone(role, person, path, owner_id=row["id"], schools=schools)


async def _of_unit(db: Connection, units: tuple[Row, ...], creator: Person) -> dict[str, Thing]:
    """What a unit has: itself, an account with its grant, a draft, an activity on offer, a group."""
    unit, path = units[-1], tuple(each["id"] for each in units)
    person = await make_account(db, "of.unit", Role.SCHOOL_ADMIN, unit)
    draft, draft_session = await _activity(db, unit, creator, "draft")
    offered, offered_session = await _activity(db, unit, creator, "published", unit["id"])
    group = await add_row(
        db, ResearchGroup, **place_of(unit), name="数学组", kind="teaching_research"
    )
    things = {
        "unit": Thing(unit["id"], path, audience=unit["id"]),
        "account": Thing(person.actor.account_id, path),
        "client": Thing((await make_listener(db, unit))["id"], path),
        "grant": Thing(await _grant_of(db, person), path),
        "activity": Thing(draft, path),
        "session": Thing(draft_session, path),
        "offered": Thing(offered, path, audience=unit["id"]),
        "offered_session": Thing(offered_session, path, audience=unit["id"]),
        "group": Thing(group, path),
        "act": Thing(await _act(db, unit), path),
        "department": await _known(db, unit, path, make_department),
        "network": await _known(db, unit, path, make_network),
    }
    if unit["level"] != "school":
        assignment = await make_assignment(db, unit, creator)
        things["assignment"] = Thing(assignment["id"], path)
        things["target"] = Thing((await make_target(db, assignment))["id"], path)
    if unit["level"] == "city":
        pack = pack_row(shipped_packs()[PACK], city_id=unit["id"], published_at=MOMENT)
        await db.insert(RulePack, pack)
        things["pack"] = Thing(pack["id"], path, audience=unit["id"])
        batch = await add_row(
            db, ProvinceBatch, **place_of(unit), number=1, layout=1, entries=1, reversals=0,
            teachers=1, hours=Decimal(1), credits=Decimal(1), from_transaction=0,
            before_transaction=1, sha256_jsonl=bytes(32), sha256_csv=bytes(32),
        )  # fmt: skip
        things["batch"] = Thing(batch, path)
    return things


async def _closed(db: Connection, city: City) -> dict[str, Thing]:
    """A school that was closed, with what it had, and an assignment of its county that has ended."""
    school = await make_unit(db, "甲县撤并小学", Level.SCHOOL, city.county)
    units = (city.city, city.county, school)
    things = await _of_unit(db, units, city.city_admin)
    assignment = await make_assignment(db, city.county, city.auditor, valid_to=ENDED)
    target = await make_target(db, assignment, due_on=ENDED)
    path = (city.city["id"], city.county["id"])
    things["assignment"] = Thing(assignment["id"], path)
    things["target"] = Thing(target["id"], path)
    for statement in (
        "UPDATE unit SET closed_on = $2 WHERE id = $1",
        "UPDATE department SET valid_to = $2 WHERE school_id = $1",
        "UPDATE network SET valid_to = $2 WHERE school_id = $1",
        "UPDATE account SET suspended_at = $2::date WHERE school_id = $1",
    ):
        await db._driver.execute(statement, school["id"], ENDED)
    return {kind: replace(thing, is_over=kind in ENDING) for kind, thing in things.items()}


async def _deleted(db: Connection, city: City) -> UUID:
    draft = await make_activity(db, city.school, city.school_admin, state=ActivityState.DRAFT)
    await db._driver.execute("DELETE FROM activity_session WHERE activity_id = $1", draft["id"])
    session_id: UUID = draft["sessions"][0]["id"]
    return session_id


async def _overseen(
    db: Connection, units: tuple[Row, ...], by: Person, cipher: PersonalDataCipher
) -> dict[str, Thing]:
    """What a unit states and how it is overseen: a committee, a figure, guidance, a provider."""
    unit, path = units[-1], tuple(each["id"] for each in units)
    committee = await make_committee(db, unit)
    statistic = await make_statistic(db, unit, by, Measure.CLASSES, 200)
    things = {
        "committee": Thing(committee["id"], path, audience=unit["id"]),
        "committee_member": Thing(committee["chair"]["id"], path, audience=unit["id"]),
        "statistic": Thing(statistic["id"], path),
    }
    if len(units) > 1:
        things["visit"] = Thing((await make_visit(db, unit, by, units[-2]))["id"], path)
    if unit["level"] != "school":
        things["provision"] = Thing(await _provision(db, unit), path)
        provider = await make_provider(db, unit, cipher)
        things["provider"] = Thing(provider["id"], path, audience=unit["id"])
    return things


async def _personal(db: Connection, teacher: Row, looker: Person) -> dict[str, UUID]:
    """What a teacher has asked for, and that somebody has looked."""
    asked = await add_row(
        db, Correction, **place_of(teacher), teacher_id=teacher["id"], field="name", stated="更正",
        reason="登记有误", state="asked", asked_at=MOMENT,
    )  # fmt: skip
    look = await add_row(
        db, Look, teacher_id=teacher["id"], account_id=looker.actor.account_id, kind="revealed",
        data=["id_number"], reason="核对证件", at=MOMENT,
    )  # fmt: skip
    transfer = await make_transfer(db, teacher, looker)
    goal = await make_goal(db, teacher)
    return {"correction": asked, "look": look, "transfer": transfer["id"], "goal": goal["id"]}


async def _paired(
    db: Connection, units: tuple[Row, ...], teacher: Row, other: Row
) -> dict[str, Thing]:
    """A pair that a school has arranged for a teacher, with somebody whom no actor is."""
    pair = await make_pair(db, units[-1], teacher, other)
    return {"pair": Thing(pair["id"], tuple(each["id"] for each in units), teacher["id"])}


async def _of_school(
    db: Connection, units: tuple[Row, ...], teacher: Row, city: City
) -> dict[str, Thing]:
    """A school's teacher with credit; its title, its attachment, its office in charge."""
    unit, path = units[-1], tuple(each["id"] for each in units)
    fact = {"unit_id": unit["id"], "valid_from": date(2020, 1, 1)}
    designation = await add_row(
        db, Designation, **fact, kind="experimental", level="city", title="实验校", issuer="市局"
    )
    attachment = await add_row(
        db, UnitAttachment, **fact, head_id=city.direct_school["id"], kind="campus"
    )
    responsibility = await add_row(
        db, Responsibility, **fact, duty="academic_office", department="教导处"
    )
    [entered] = await enter(db, entry(teacher, pack_id=PACK))
    personal = await _personal(db, teacher, city.city_admin)
    return {
        "teacher": Thing(teacher["id"], path, teacher["id"]),
        "entry": Thing(entered["id"], path, teacher["id"]),
        **{kind: Thing(key, path, teacher["id"]) for kind, key in personal.items()},
        "school": Thing(unit["id"], path),
        "designation": Thing(designation, path),
        "attachment": Thing(attachment, path),
        "responsibility": Thing(responsibility, path),
    }


async def _known(
    db: Connection, unit: Row, path: tuple[UUID, ...], make: Callable[..., Awaitable[Row]]
) -> Thing:
    """What a unit has that is known to all below it."""
    return Thing((await make(db, unit))["id"], path, audience=unit["id"])


async def _of_group(
    db: Connection, units: tuple[Row, ...], member: Row, creator: Person
) -> dict[str, Thing]:
    """What the leader's group has: itself, its member, and a draft of its own."""
    unit, path = units[-1], tuple(each["id"] for each in units)
    group_id = await add_row(
        db, ResearchGroup, **place_of(unit), name="语文组", kind="teaching_research"
    )
    await add_row(
        db, GroupMember, group_id=group_id, teacher_id=member["id"], duty="member",
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    draft, session = await _activity(db, unit, creator, "draft", organiser_group_id=group_id)
    return {
        "group": Thing(group_id, path, teacher_id=member["id"], group_id=group_id),
        "activity": Thing(draft, path, group_id=group_id),
        "session": Thing(session, path, group_id=group_id),
    }


async def _act(db: Connection, unit: Row) -> UUID:
    return await add_row(
        db, AuditAct, **place_of(unit), operation="create_group", since=0, changed_rows=0
    )


async def _provision(db: Connection, unit: Row) -> UUID:
    return await add_row(
        db, Provision, **place_of(unit), recipient="application", recipient_name="示例应用",
        purpose="测试", legal_basis="entrustment", categories=["credits"], scope="credit:read",
        day=MOMENT.date(), times=1, last_at=MOMENT, for_person=False,
    )  # fmt: skip


async def _grant_of(db: Connection, person: Person) -> UUID:
    rows = await db._driver.fetch(
        "SELECT id FROM role_grant WHERE account_id = $1", person.actor.account_id
    )
    grant_id: UUID = rows[0]["id"]
    return grant_id


async def _activity(
    db: Connection, unit: Row, creator: Person, state: str,
    audience: UUID | None = None, **organiser: UUID,
) -> tuple[UUID, UUID]:  # fmt: skip
    activity_id = await add_row(
        db, Activity, **place_of(unit), title="活动", kind="lecture", mode="concentrated",
        channel="school_based", content=[], hours=Decimal(2), requires_note=False,
        starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 20), state=state,
        published_at=None if state == "draft" else MOMENT, created_by=creator.actor.account_id,
        **organiser,
    )  # fmt: skip
    session_id = await add_row(
        db, ActivitySession, activity_id=activity_id, ordinal=1, starts_at=MOMENT,
        ends_at=MOMENT.replace(hour=4), place="会议室", speaker="主讲", hours=Decimal(2),
        secret=bytes(16),
    )  # fmt: skip
    if audience is not None:
        await db.insert(ActivityAudience, {"activity_id": activity_id, "target_id": audience})
    return activity_id, session_id
