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
from app.domain.base import Table, columns_of
from app.domain.credits.certificates.certificate import CERTIFICATES
from app.domain.credits.claims.claim import CLAIMS
from app.domain.credits.entries import ENTRIES
from app.domain.credits.packs.published import RULE_PACKS
from app.domain.exchange.changes import (
    ChangeKind,
    ChoiceChangeView,
    ClaimChangeView,
    CourseRunChangeView,
    CourseVersionChangeView,
    DocumentChangeView,
    EnrolmentChangeView,
    MentorChangeView,
    MentorshipChangeView,
    RegulationChangeView,
    ResourceChangeView,
    ResourceVersionChangeView,
    StaffChangeView,
    TopicChangeView,
    TopicMemberChangeView,
    TrainerChangeView,
    UnitEvaluationChangeView,
    list_changes,
)
from app.domain.learning.choices import CHOICES, Choice
from app.domain.learning.course_completions.completion import COMPLETIONS
from app.domain.learning.course_runs import COURSE_RUNS
from app.domain.learning.courses import COURSES, CourseVersion
from app.domain.learning.mentorships.mentorship import MENTORSHIPS
from app.domain.learning.mentorships.table import Mentor
from app.domain.learning.outputs.output import OUTPUTS
from app.domain.learning.resources import ResourceVersion
from app.domain.learning.resources.resource import RESOURCES
from app.domain.learning.topics import TOPICS, TopicMember
from app.domain.learning.trainers import TRAINERS, Trainer
from app.domain.organisation.units import UNITS
from app.domain.paging import PageRequest
from app.domain.people.teachers import TEACHERS
from app.domain.quality.campaigns.campaign import CAMPAIGNS
from app.domain.quality.indicator_sheets.sheet import INDICATOR_SHEETS
from app.domain.quality.official_documents.document import DOCUMENTS
from app.domain.quality.regulations.regulation import REGULATIONS
from app.domain.quality.unit_evaluations.evaluation import UNIT_EVALUATIONS
from app.domain.training.activities.activity import ACTIVITIES
from app.domain.training.activities.sessions import SessionView
from app.domain.training.activities.table import ActivitySession
from app.domain.training.attendance import ATTENDANCES
from app.domain.training.enrolments.enrolment import ENROLMENTS
from app.domain.training.groups import GROUPS
from app.domain.training.staff import ActivityStaff
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
    ChangeKind.COURSE: COURSES,
    ChangeKind.COURSE_RUN: COURSE_RUNS,
    ChangeKind.CHOICE: CHOICES,
    ChangeKind.COURSE_COMPLETION: COMPLETIONS,
    ChangeKind.TRAINER: TRAINERS,
    ChangeKind.MENTORSHIP: MENTORSHIPS,
    ChangeKind.TOPIC: TOPICS,
    ChangeKind.OUTPUT: OUTPUTS,
    ChangeKind.RESOURCE: RESOURCES,
    ChangeKind.OFFICIAL_DOCUMENT: DOCUMENTS,
    ChangeKind.REGULATION: REGULATIONS,
    ChangeKind.CAMPAIGN: CAMPAIGNS,
    ChangeKind.UNIT_EVALUATION: UNIT_EVALUATIONS,
    ChangeKind.INDICATOR_SHEET: INDICATOR_SHEETS,
}
SHOWN: dict[ChangeKind, type[BaseModel]] = {
    ChangeKind.ENROLMENT: EnrolmentChangeView,
    ChangeKind.CLAIM: ClaimChangeView,
    ChangeKind.COURSE_RUN: CourseRunChangeView,
    ChangeKind.MENTORSHIP: MentorshipChangeView,
    ChangeKind.TOPIC: TopicChangeView,
    ChangeKind.RESOURCE: ResourceChangeView,
    ChangeKind.OFFICIAL_DOCUMENT: DocumentChangeView,
    ChangeKind.REGULATION: RegulationChangeView,
    ChangeKind.UNIT_EVALUATION: UnitEvaluationChangeView,
}
"""What the feed shows of kinds of which the doors show more."""
OF_PEOPLE = {
    "credit_entry", "attendance", "enrolment", "claim", "certificate", "choice",
    "course_completion", "mentorship",
}  # fmt: skip
SETTLED = {
    ChangeKind.OFFICIAL_DOCUMENT: ("state", "issued"),
    ChangeKind.UNIT_EVALUATION: ("published_at", None),
}
"""Of which the feed tells only of some: what a column is for these, or is not for any other."""


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


_OWN: dict[str, tuple[type[Table], type[BaseModel]]] = {
    "choice": (Choice, ChoiceChangeView),
    "trainer": (Trainer, TrainerChangeView),
}
"""What the feed shows of these is in their own rows, and not in what the doors show."""
_PARTS: dict[str, tuple[type[Table], type[BaseModel], str, str]] = {
    "session": (ActivitySession, SessionView, "activity", "activity_id"),
    "staff": (ActivityStaff, StaffChangeView, "activity", "activity_id"),
    "mentor": (Mentor, MentorChangeView, "mentorship", "mentorship_id"),
    "topic_member": (TopicMember, TopicMemberChangeView, "topic", "topic_id"),
    "course_version": (CourseVersion, CourseVersionChangeView, "course", "course_id"),
    "resource_version": (ResourceVersion, ResourceVersionChangeView, "resource", "resource_id"),
}
_CLASSES = Statement(
    text(
        "SELECT c.id, run_id, course_id, activity_id, c.name, settled_at FROM course_class c"
        " JOIN course_run r ON r.id = run_id"
    )
)


def _rows(table: type[Table], view: type[BaseModel]) -> Statement:
    return Statement(select(*columns_of(table, view)))


async def parts(db: Connection, found: dict[tuple[str, UUID], Row]) -> dict[tuple[str, UUID], Row]:
    """What lies in the things that were found, and is read by itself."""
    parted = {
        (kind, row["id"]): row
        for kind, (table, view, owner, key) in _PARTS.items()
        for row in await db.all(_rows(table, view))
        if (owner, row[key]) in found
    }
    for row in await db.all(_CLASSES):
        if ("course_run", row["run_id"]) in found:
            parted["course_class", row["id"]] = row
    for row in await db.all(_MEMBERSHIPS):
        if ("group", row["group_id"]) in found:
            parted["group_member", row["id"]] = row
    return parted


async def visible(db: Connection, actor: Actor) -> dict[tuple[str, UUID], Row]:
    """Everything of the feed's kinds that the actor may see, page by page through the doors."""
    found: dict[tuple[str, UUID], Row] = {}
    for kind, door in DOORS.items():
        if not actor.scope(door.read).shape:
            continue
        cursor = None
        shown = {"id"} if kind.value in _OWN else set(SHOWN.get(kind, door.view).model_fields)
        while True:
            page = await door.page(db, actor, PageRequest(limit=100, cursor=cursor))
            settled = [row for row in page.items if _is_settled(row, kind)]
            rows = [{name: row[name] for name in shown} for row in settled]
            found |= {(kind.value, row["id"]): row for row in rows}
            cursor = page.next
            if cursor is None:
                break
    for name, (table, view) in _OWN.items():
        for row in await db.all(_rows(table, view)):
            if (name, row["id"]) in found:
                found[name, row["id"]] = row
    # With a record that was merged into another goes what is left under it.
    found = {key: row for key, row in found.items() if _is_anybodys(row, key[0], found)}
    return found | await parts(db, found)


def _is_settled(row: Row, kind: ChangeKind) -> bool:
    if kind not in SETTLED:
        return True
    column, value = SETTLED[kind]
    return row[column] is not None if value is None else bool(row[column] == value)


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
