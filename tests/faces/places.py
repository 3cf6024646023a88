"""One city with an object of every kind at every place, and one actor of every role in its middle.

               city                    city_admin, auditor, integration
      ┌─────────┴─────────┐
    county          other county       county_admin (of county)
  ┌───┴────┐              │
school  sibling          far           school_admin, teacher (of school)
  │
group                                  group_leader
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.domain.access.roles import Role
from app.domain.base import Table
from app.domain.credits.packs.published import RulePack, pack_row
from app.domain.credits.packs.shipped import shipped_packs
from app.domain.exchange.batches import ProvinceBatch
from app.domain.people.identity import PersonalDataCipher
from app.domain.training.activities.activity import Activity
from app.domain.training.activities.audience import ActivityAudience
from app.domain.training.activities.sessions import ActivitySession
from app.domain.training.groups import GroupMember, ResearchGroup
from app.sql import Connection, Row, new_id
from tests.domain.exchange.entered import enter, entry
from tests.make import Person, make_account, make_city

PACK = "yueyang-demo-2026"
MOMENT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Thing:
    """A thing and what decides who reaches it.

    `path` are the units from the city down to where it lies; `teacher_id` whom it is about, `group_id`
    whose it is; `audience` to whom it is published.
    """

    id: UUID
    path: tuple[UUID, ...]
    teacher_id: UUID | None = None
    group_id: UUID | None = None
    audience: UUID | None = None


@dataclass
class Someone:
    """An actor: a role at a place, and what it is granted over besides the unit."""

    role: Role
    person: Person
    path: tuple[UUID, ...]
    teacher_id: UUID | None = None
    group_id: UUID | None = None


@dataclass
class World:
    """The things of each place by their kind, and the actors."""

    places: dict[str, dict[str, Thing]]
    actors: dict[Role, Someone]

    def all_of(self, kind: str) -> list[Thing]:
        """Every thing of a kind."""
        return [things[kind] for things in self.places.values() if kind in things]


async def make_world(db: Connection, cipher: PersonalDataCipher) -> World:
    city = await make_city(db, cipher)
    units = {
        "city": (city.city,),
        "county": (city.city, city.county),
        "school": (city.city, city.county, city.school),
        "sibling": (city.city, city.county, city.sibling),
        "far": (city.city, city.other_county, city.far_school),
    }
    world = World({}, {})
    for name, units_of in units.items():
        world.places[name] = await _of_unit(db, units_of, city.city_admin)
    teachers = {"school": city.teacher, "sibling": city.sibling_teacher, "far": city.far_teacher}
    for name, teacher in teachers.items():
        path = world.places[name]["unit"].path
        [entered] = await enter(db, entry(teacher, pack_id=PACK))
        world.places[name]["teacher"] = Thing(teacher["id"], path, teacher["id"])
        world.places[name]["entry"] = Thing(entered["id"], path, teacher["id"])
    world.places["group"] = await _of_group(db, units["school"], city.teacher, city.city_admin)
    group_id = world.places["group"]["group"].id
    leader = await make_account(
        db, "leader", Role.GROUP_LEADER, {**_place(city.school), "id": group_id}
    )
    people = {
        Role.CITY_ADMIN: ("city", city.city_admin),
        Role.AUDITOR: ("city", city.auditor),
        Role.INTEGRATION: ("city", city.integration),
        Role.COUNTY_ADMIN: ("county", city.county_admin),
        Role.SCHOOL_ADMIN: ("school", city.school_admin),
        Role.TEACHER: ("school", city.teacher_account),
        Role.GROUP_LEADER: ("school", leader),
    }
    for role, (name, person) in people.items():
        world.actors[role] = Someone(role, person, world.places[name]["unit"].path)
    world.actors[Role.TEACHER].teacher_id = city.teacher["id"]
    world.actors[Role.GROUP_LEADER].group_id = group_id
    return world


def _place(unit: Row) -> dict[str, Any]:
    return {name: unit[name] for name in ("city_id", "county_id", "school_id")}


async def _add(db: Connection, table: type[Table], **columns: Any) -> UUID:
    thing_id = new_id()
    await db.insert(table, {"id": thing_id, **columns})
    return thing_id


async def _of_unit(db: Connection, units: tuple[Row, ...], creator: Person) -> dict[str, Thing]:
    """What a unit has: itself, an account with its grant, a draft, an activity on offer, a group."""
    unit, path = units[-1], tuple(each["id"] for each in units)
    person = await make_account(db, "of.unit", Role.SCHOOL_ADMIN, unit)
    draft, draft_session = await _activity(db, unit, creator, "draft")
    offered, offered_session = await _activity(db, unit, creator, "published", unit["id"])
    group = await _add(db, ResearchGroup, **_place(unit), name="数学组", kind="teaching_research")
    things = {
        "unit": Thing(unit["id"], path, audience=unit["id"]),
        "account": Thing(person.actor.account_id, path),
        "grant": Thing(await _grant_of(db, person), path),
        "activity": Thing(draft, path),
        "session": Thing(draft_session, path),
        "offered": Thing(offered, path, audience=unit["id"]),
        "offered_session": Thing(offered_session, path, audience=unit["id"]),
        "group": Thing(group, path),
    }
    if unit["level"] == "city":
        pack = pack_row(shipped_packs()[PACK], city_id=unit["id"], published_at=MOMENT)
        await db.insert(RulePack, pack)
        things["pack"] = Thing(pack["id"], path, audience=unit["id"])
        batch = await _add(
            db, ProvinceBatch, **_place(unit), number=1, layout=1, entries=1, reversals=0,
            teachers=1, hours=Decimal(1), credits=Decimal(1), from_transaction=0,
            before_transaction=1, sha256_jsonl=bytes(32), sha256_csv=bytes(32),
        )  # fmt: skip
        things["batch"] = Thing(batch, path)
    return things


async def _of_group(
    db: Connection, units: tuple[Row, ...], member: Row, creator: Person
) -> dict[str, Thing]:
    """What the leader's group has: itself, its member, and a draft of its own."""
    unit, path = units[-1], tuple(each["id"] for each in units)
    group_id = await _add(
        db, ResearchGroup, **_place(unit), name="语文组", kind="teaching_research"
    )
    await _add(
        db, GroupMember, group_id=group_id, teacher_id=member["id"], duty="member",
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    draft, session = await _activity(db, unit, creator, "draft", group_id=group_id)
    return {
        "group": Thing(group_id, path, teacher_id=member["id"], group_id=group_id),
        "activity": Thing(draft, path, group_id=group_id),
        "session": Thing(session, path, group_id=group_id),
    }


async def _grant_of(db: Connection, person: Person) -> UUID:
    rows = await db._driver.fetch(
        "SELECT id FROM role_grant WHERE account_id = $1", person.actor.account_id
    )
    grant_id: UUID = rows[0]["id"]
    return grant_id


async def _activity(
    db: Connection, unit: Row, creator: Person, state: str,
    audience: UUID | None = None, group_id: UUID | None = None,
) -> tuple[UUID, UUID]:  # fmt: skip
    activity_id = await _add(
        db, Activity, **_place(unit), title="活动", kind="lecture", mode="concentrated",
        channel="school_based", content=[], hours=Decimal(2), requires_note=False,
        starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 20), state=state,
        published_at=None if state == "draft" else MOMENT, created_by=creator.actor.account_id,
        organiser_group_id=group_id,
    )  # fmt: skip
    session_id = await _add(
        db, ActivitySession, activity_id=activity_id, ordinal=1, starts_at=MOMENT,
        ends_at=MOMENT.replace(hour=4), place="会议室", speaker="主讲", hours=Decimal(2),
        secret=bytes(16),
    )  # fmt: skip
    if audience is not None:
        await db.insert(ActivityAudience, {"activity_id": activity_id, "target_id": audience})
    return activity_id, session_id
