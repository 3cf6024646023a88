"""A consumer that follows the feed alone, and what it ought to hold: read through the doors."""

import asyncio
import random
from copy import deepcopy
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select, text

from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.base import columns_of
from app.domain.credits.certificates.certificate import CERTIFICATES
from app.domain.credits.claims.claim import CLAIMS
from app.domain.credits.entries import ENTRIES
from app.domain.credits.packs.published import RULE_PACKS
from app.domain.exchange.changes import (
    ChangeKind,
    ClaimChangeView,
    EnrolmentChangeView,
    list_changes,
)
from app.domain.organisation.units import UNITS
from app.domain.paging import PageRequest
from app.domain.people.teachers import TEACHERS
from app.domain.training.activities.activity import ACTIVITIES
from app.domain.training.activities.sessions import SessionView
from app.domain.training.activities.table import ActivitySession
from app.domain.training.attendance import ATTENDANCES
from app.domain.training.enrolments.enrolment import ENROLMENTS
from app.domain.training.groups import GROUPS
from app.request.upkeep.rounds import LOST
from app.sql import Connection, Row, Statement

Held = dict[tuple[str, UUID], tuple[Row, list[UUID]]]

DOORS = {
    ChangeKind.UNIT: UNITS,
    ChangeKind.TEACHER: TEACHERS,
    ChangeKind.GROUP: GROUPS,
    ChangeKind.ACTIVITY: ACTIVITIES,
    ChangeKind.ATTENDANCE: ATTENDANCES,
    ChangeKind.CREDIT_ENTRY: ENTRIES,
    ChangeKind.ENROLMENT: ENROLMENTS,
    ChangeKind.CLAIM: CLAIMS,
    ChangeKind.CERTIFICATE: CERTIFICATES,
    ChangeKind.PACK: RULE_PACKS,
}
SHOWN: dict[ChangeKind, type[BaseModel]] = {
    ChangeKind.ENROLMENT: EnrolmentChangeView,
    ChangeKind.CLAIM: ClaimChangeView,
}
"""What the feed shows of kinds of which the doors show more."""
OF_PEOPLE = {"credit_entry", "attendance", "enrolment", "claim", "certificate"}


class Mirror:
    """What a consumer keeps, and its cursor beside it; both are lost since the last save in a crash."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.held: Held = {}
        self.cursor: str | None = None
        self.saved: tuple[Held, str | None] = ({}, None)
        self.crashes = self.gone = 0

    def apply(self, part: Row) -> None:
        """All that a consumer does with a part of the feed."""
        for item in part["items"]:
            if item["gone"]:
                self.drop(item["id"])
                self.gone += 1
            else:
                kind = item["kind"]
                self.held[kind.value, item["id"]] = (item[kind.value], item["lies_in"])
        kept = {kind.value for kind in part["kinds"]}
        self.held = {key: thing for key, thing in self.held.items() if key[0] in kept}
        self.cursor = part["next"]

    def drop(self, key: UUID) -> None:
        """Forget a thing, and whatever lies in it."""
        going = [
            each for each, (_, lies_in) in self.held.items() if each[1] == key or key in lies_in
        ]
        for each in going:
            self.held.pop(each, None)
        for each in going:
            if each[1] != key:
                self.drop(each[1])

    def crash_or_save(self) -> None:
        """Now and then lose what was not saved; now and then save."""
        if self.chance.random() < 0.1:
            self.crashes += 1
            self.held, self.cursor = deepcopy(self.saved[0]), self.saved[1]
        elif self.chance.random() < 0.4:
            self.saved = (deepcopy(self.held), self.cursor)

    async def read_on(self, pool: Pool, actor: Actor, *, limit: int = 100) -> bool:
        """One part; whether there is more at once. A server that went away is asked again later."""
        try:
            async with pool.connection() as db:
                part = await list_changes(db, actor, after=self.cursor, limit=limit)
        except LOST:
            await asyncio.sleep(0.01)
            return True
        self.apply(part)
        return bool(part["more"])

    async def catch_up(self, pool: Pool, actor: Actor) -> None:
        """Read until there is no more."""
        while await self.read_on(pool, actor):
            pass


_MEMBERSHIPS = Statement(
    text(
        "SELECT m.id, group_id, teacher_id, duty, valid_from, valid_to FROM group_member m"
        " JOIN research_group g ON g.id = group_id WHERE m.superseded_at IS NULL"
    )
)


_SESSIONS = Statement(select(*columns_of(ActivitySession, SessionView)))


async def visible(db: Connection, actor: Actor) -> dict[tuple[str, UUID], Row]:
    """Everything of the feed's kinds that the actor may see, page by page through the doors."""
    found: dict[tuple[str, UUID], Row] = {}
    for kind, door in DOORS.items():
        if not actor.scope(door.read).shape:
            continue
        cursor, shown = None, SHOWN.get(kind, door.view).model_fields
        while True:
            page = await door.page(db, actor, PageRequest(limit=100, cursor=cursor))
            rows = [{name: row[name] for name in shown} for row in page.items]
            found |= {(kind.value, row["id"]): row for row in rows}
            cursor = page.next
            if cursor is None:
                break
    for row in await db.all(_SESSIONS):
        if ("activity", row["activity_id"]) in found:
            found["session", row["id"]] = row
    for row in await db.all(_MEMBERSHIPS):
        if ("group", row["group_id"]) in found:
            found["group_member", row["id"]] = row
    # With a record that was merged into another goes what is left under it.
    return {key: row for key, row in found.items() if _is_anybodys(row, key[0], found)}


def _is_anybodys(row: Row, kind: str, found: dict[Any, Any]) -> bool:
    if kind not in OF_PEOPLE:
        return True
    return ("teacher", row["teacher_id"]) in found


def differences(mirror: Mirror, truth: dict[tuple[str, UUID], Row]) -> list[str]:
    """What the mirror lacks, has too much of, or has otherwise."""
    held = {key: row for key, (row, _) in mirror.held.items()}
    said = [f"lacks {key}" for key in truth.keys() - held.keys()]
    said += [f"keeps {key}" for key in held.keys() - truth.keys()]
    return said + [
        f"differs {key}: {held[key]} {truth[key]}"
        for key in truth.keys() & held.keys()
        if held[key] != truth[key]
    ]
