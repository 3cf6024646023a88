"""What the measurements are made on: the city, chosen places in it, and tokens for its people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import cycle
from secrets import token_bytes
from typing import Any
from uuid import UUID

import asyncpg

from app.domain.access.actors import Actor, Grant
from app.domain.access.roles import Role, SubjectKind
from app.domain.base import civil_date
from app.domain.people.identity import IdKind
from app.domain.training.activities import Activity, ActivityAudience, ActivitySession
from app.main import open_keyring
from app.request.actors import claims_of
from app.settings import Settings
from app.sql import Connection, Row, new_id

PACK = "yueyang-demo-2026"


@dataclass(frozen=True)
class Sitting:
    """A session that is on now, of an activity for the whole city."""

    activity_id: UUID
    session_id: UUID
    secret: bytes


@dataclass(frozen=True)
class Chosen:
    """Places and people of the city that the workloads ask about, the largest of their kind."""

    city_id: UUID
    county_ids: list[UUID]
    school_ids: list[UUID]
    teacher_ids: list[UUID]
    addresses: list[list[UUID]]
    """Of each of these teachers the city, the county, the school and the own key."""
    account_id: UUID
    approver_id: UUID
    """Another account, of somebody who is no teacher."""
    today: date

    def for_floor(self) -> dict[str, Any]:
        """What the floor must know."""
        return {"pack_id": PACK, "today": self.today}


async def choose(db: asyncpg.Connection) -> Chosen:
    """The counties by their number of schools, schools and teachers of the largest of them."""
    city_id = await db.fetchval("SELECT id FROM unit WHERE level = 'city'")
    counties = await db.fetch(
        "SELECT county_id FROM unit WHERE level = 'school' AND county_id <> city_id"
        " GROUP BY county_id ORDER BY count(*) DESC LIMIT 4"
    )
    schools = await db.fetch(
        "SELECT school_id FROM teacher GROUP BY school_id"
        " HAVING count(*) >= 40 ORDER BY school_id LIMIT 200"
    )
    teachers = await db.fetch(
        "SELECT id, city_id, county_id, school_id FROM teacher ORDER BY id LIMIT 20000"
    )
    account_id = await db.fetchval(
        "SELECT account_id FROM role_grant WHERE role = 'city_admin' LIMIT 1"
    )
    approver_id = await db.fetchval(
        "SELECT account_id FROM role_grant WHERE account_id <> $1 AND role = 'county_admin' LIMIT 1",
        account_id,
    )
    return Chosen(
        city_id=city_id,
        county_ids=[row["county_id"] for row in counties],
        school_ids=[row["school_id"] for row in schools],
        teacher_ids=[row["id"] for row in teachers],
        addresses=[
            [row["city_id"], row["county_id"], row["school_id"], row["id"]] for row in teachers
        ],
        account_id=account_id,
        approver_id=approver_id,
        today=civil_date(datetime.now(UTC)),
    )


def city_actor(chosen: Chosen) -> Actor:
    """The city's administrator."""
    grant = Grant(
        role=Role.CITY_ADMIN,
        subject=SubjectKind.UNIT,
        subject_id=chosen.city_id,
        city_id=chosen.city_id,
        county_id=chosen.city_id,
    )
    return Actor(account_id=chosen.account_id, grants=(grant,))


def crowd(places: Sequence[Row], count: int) -> list[Row]:
    """Teachers in turn of these places (units, or whatever lies where teachers may): rows of `Teacher`."""
    born = civil_date(datetime.now(UTC)) - timedelta(days=12_000)
    return [
        {
            "id": new_id(), "name": f"测试{number:04}", "subject": "chinese", "stage": "primary",
            **{name: place[name] for name in ("city_id", "county_id", "school_id")},
            "birth_date": born, "id_kind": IdKind.PASSPORT, "id_number_sealed": b"sealed",
            "id_number": "E**", "id_number_index": new_id().bytes * 2,
        }
        for number, place in zip(range(count), cycle(places), strict=False)
    ]  # fmt: skip


def teacher_actor(account_id: UUID, row: Mapping[str, Any]) -> Actor:
    """A teacher; in measurements and proofs they all act through one account."""
    grant = Grant(
        role=Role.TEACHER,
        subject=SubjectKind.SELF,
        subject_id=row["id"],
        city_id=row["city_id"],
        county_id=row["county_id"],
        school_id=row["school_id"],
    )
    return Actor(account_id=account_id, grants=(grant,), teacher_id=row["id"])


def signer(settings: Settings) -> Callable[[Actor], str]:
    """Signs tokens for actors as the servers would, with a life that outlasts measurement and proof."""
    ring = open_keyring(settings)
    return lambda actor: ring.sign(claims_of(actor, security_version=1), lifetime=timedelta(days=3))


async def hold_sitting(db: Connection, chosen: Chosen) -> Sitting:
    """An activity for the whole city with a session that is on now."""
    moment = datetime.now(UTC)
    sitting = Sitting(new_id(), new_id(), token_bytes(32))
    activity = {
        "id": sitting.activity_id,
        "title": "测量用活动 / measured activity",
        "kind": "lecture",
        "mode": "concentrated",
        "channel": "school_based",
        "content": ["ethics"],
        "hours": Decimal("2.00"),
        "requires_note": False,
        "starts_on": chosen.today,
        "ends_on": chosen.today,
        "state": "held",
        "published_at": moment,
        "created_by": chosen.account_id,
        "city_id": chosen.city_id,
        "county_id": chosen.city_id,
        "school_id": None,
    }
    await db.insert(Activity, activity)
    session = {
        "id": sitting.session_id,
        "activity_id": sitting.activity_id,
        "ordinal": 1,
        "starts_at": moment - timedelta(minutes=5),
        "ends_at": moment + timedelta(hours=3),
        "hours": Decimal("2.00"),
        "secret": sitting.secret,
    }
    await db.insert(ActivitySession, session)
    target = {"activity_id": sitting.activity_id, "target_id": chosen.city_id}
    await db.insert(ActivityAudience, target)
    return sitting
