"""Drawing up a batch: a bureau or a school proposes whoever qualifies, by a fixed number of statements."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.credits.certificates.batch import (
    BATCHES,
    CertificateBatch,
    CertificateBatchState,
    CertificateCandidate,
    CertificateKind,
    NewCertificateBatch,
)
from app.domain.credits.certificates.qualifying import find_qualified
from app.domain.credits.standings.governing import read_packs
from app.domain.errors import Conflict
from app.domain.organisation.units import Level, hold_unit, place_of
from app.domain.training.activities import ACTIVITIES, ActivityState
from app.sql import Connection, Row, new_id

# What can be refused.


class NobodyQualifies(Conflict):
    """Nobody there has met what is asked and has no certificate yet."""

    code = "nobody_qualifies"
    zh = "没有符合条件且尚未持证的教师。"
    en = "Nobody there qualifies who has no certificate yet."


class ActivityNotClosedYet(Conflict):
    """An activity is certified once it is closed."""

    code = "activity_open_for_certificates"
    zh = "活动办结后才能申报证书，当前状态为 {state}。"
    en = "An activity is certified once it is closed; its state is {state}."


class _Activity(BaseModel):
    """What a batch needs to know of an activity."""

    id: UUID
    city_id: UUID
    county_id: UUID
    school_id: UUID | None
    title: str
    state: str


_CERTIFIABLE = replace(ACTIVITIES, view=_Activity, computed={})


# What may be done.


async def draw_up_certificate_batch(
    db: Connection, actor: Actor, *, new: NewCertificateBatch, now: datetime
) -> Row:
    """Propose certificates for whoever qualifies: of a unit in a cycle, or of an activity.

    A school proposes for its own teachers, a bureau for those of the schools in its charge, whoever
    answers for an activity for all who were credited it. The city's authority decides (由市教委监制).
    """
    today = civil_date(now)
    if new.activity_id is not None:
        subject, chosen = await _of_activity(db, actor, new.activity_id), None
    else:
        subject, chosen = await _of_cycle(db, actor, new, today)
    place = subject["school_id"] or subject["county_id"]
    found = await find_qualified(db, subject=subject, chosen=chosen, ids=[place], day=today)
    if not found.awards:
        raise NobodyQualifies
    batch_id = new_id()
    batch = {
        "id": batch_id,
        **subject,
        "state": CertificateBatchState.SUBMITTED,
        "candidates": len(found.awards),
        "submitted_by": actor.account_id,
        "submitted_at": now,
    }
    await db.insert(CertificateBatch, batch)
    proposed = [
        {"id": new_id(), "batch_id": batch_id, "teacher_id": teacher_id}
        for teacher_id in found.awards
    ]
    await db.insert_all(CertificateCandidate, proposed)
    return await BATCHES.get(db, actor, batch_id)


async def _of_cycle(
    db: Connection, actor: Actor, new: NewCertificateBatch, today: date
) -> tuple[Row, str]:
    """What a batch of a unit is about: the pack that governs on the day, and its cycle."""
    assert new.unit_id is not None  # noqa: S101  the command says so
    write = Permission.CERTIFICATE_WRITE
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=write)
    day = new.on or today
    pack = (await read_packs(db, city_id=unit["city_id"])).governing(day)
    cycle = pack.cycle_of(day)
    subject = {
        **place_of(unit),
        "kind": CertificateKind.CYCLE,
        "subject": pack.document.title.zh,
        "pack_id": pack.document.id,
        "pack_version": pack.document.version,
        "cycle_start": cycle.start,
        "cycle_end": cycle.end,
        "activity_id": None,
    }
    return subject, "school_id" if unit["level"] == Level.SCHOOL else "county_id"


async def _of_activity(db: Connection, actor: Actor, activity_id: UUID) -> Row:
    write = Permission.CERTIFICATE_WRITE
    activity = await _CERTIFIABLE.get(db, actor, activity_id, permission=write)
    place = {name: activity[name] for name in PLACE}
    # Whose own the activity is: to be addressed by it gives no say.
    actor.require(write, place)
    if activity["state"] != ActivityState.CLOSED:
        raise ActivityNotClosedYet(state=activity["state"])
    nothing: dict[str, Any] = dict.fromkeys(("pack_id", "pack_version", "cycle_start", "cycle_end"))
    about = {"kind": CertificateKind.ACTIVITY, "subject": activity["title"][:200]}
    return {**place, **about, **nothing, "activity_id": activity_id}
