"""What is asked of the statements themselves, in the words of xAPI 1.0.3 (part 3, 2.1.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from pydantic import BaseModel
from sqlalchemy import ARRAY, Text, bindparam
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.learning.learning_records.grammar import Statement, read_json
from app.domain.learning.learning_records.naming import key_of_agent, listed, written
from app.domain.learning.learning_records.record import (
    LEARNING_RECORDS,
    LearningRecordNotFound,
    is_voided,
)
from app.domain.learning.learning_records.table import LearningRecord
from app.domain.learning.learning_records.things import check_actor
from app.domain.learning.learning_records.values import Rule, check_iri, refuse
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row

MOST = 500
"""Statements in one answer."""
SETTLED_AFTER = timedelta(minutes=1)
"""No request that stores statements lasts so long: what was stored before that is to be seen."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a query; None, or false, where it has none."""

    agent: str | None = None
    """An Agent or an identified Group as JSON."""
    verb: str | None = None
    activity: str | None = None
    registration: UUID | None = None
    related_agents: bool = False
    related_activities: bool = False
    since: datetime | None = None
    until: datetime | None = None


class StatementText(BaseModel):
    """A statement as it is given back."""

    id: UUID
    stored_at: datetime
    digest: bytes
    document: str
    voided: bool


_TAGS: Any = LearningRecord.__table__.c.tags  # type: ignore[attr-defined]


def _tagged(bound: Any) -> Any:
    return bindparam(bound.key, type_=ARRAY(Text))


STATEMENTS = Door(
    table=LearningRecord,
    view=StatementText,
    read=Permission.ATTENDANCE_READ,
    missing=LearningRecordNotFound,
    places=LEARNING_RECORDS.places,
    computed=LEARNING_RECORDS.computed,
    filters={
        "tags": lambda bound: _TAGS.op("@>")(_tagged(bound)),
        "agents": lambda bound: _TAGS.op("&&")(_tagged(bound)),
        "activities": lambda bound: _TAGS.op("&&")(_tagged(bound)),
        "since": lambda bound: col(LearningRecord.stored_at) > bound,
        "until": lambda bound: col(LearningRecord.stored_at) <= bound,
        "standing": lambda bound: ~is_voided() & bound,
    },
    sorts=LEARNING_RECORDS.sorts,
)
"""The same rows as statements."""


async def get_statement(db: Connection, actor: Actor, *, statement_id: UUID, voided: bool) -> Row:
    """One statement: of those that stand, or of those that were made void."""
    found = await STATEMENTS.get(db, actor, statement_id)
    if found["voided"] != voided:
        raise LearningRecordNotFound
    return found


async def list_statements(db: Connection, actor: Actor, *, asked: Asked, page: PageRequest) -> Page:
    """The statements that stand and meet the filters, the last stored first unless sorted otherwise.

    One that refers to another meets a filter where the other does.
    """
    either = {"agents": _either("agent", _agent_of(asked), related=asked.related_agents)}
    if asked.activity is not None:
        check_iri(asked.activity, "activity")
    either["activities"] = _either("activity", asked.activity, related=asked.related_activities)
    tags = [
        f"{name}:{value}"
        for name, value in (("verb", asked.verb), ("registration", asked.registration))
        if value is not None
    ]
    tags += [words[0] for words in either.values() if words is not None and len(words) == 1]
    filters = {
        "standing": True,
        "tags": tags or None,
        **{name: words if words and len(words) > 1 else None for name, words in either.items()},
        "since": asked.since,
        "until": asked.until,
    }
    return await STATEMENTS.page(db, actor, page, filters=filters)


def _agent_of(asked: Asked) -> str | None:
    if asked.agent is None:
        return None
    agent: Statement = read_json(asked.agent)
    check_actor(agent, "agent")
    written(agent)
    key = key_of_agent(agent)
    return key if key is not None else refuse("agent", Rule.ONE_IDENTIFIER)


def _either(kind: str, value: str | None, *, related: bool) -> list[str] | None:
    if value is None:
        return None
    return [f"{kind}:{value}", *([f"related_{kind}:{value}"] if related else [])]


# The form in which everything is only identified.


def only_identifiers(document: str) -> str:
    """A statement in which persons, verbs and activities are only identified (`format=ids`)."""
    return msgspec.json.encode(_identified(msgspec.json.decode(document))).decode()


def _identified(statement: Statement) -> Statement:
    said = {**statement, "verb": {"id": statement["verb"]["id"]}}
    said["object"] = _identified_thing(said["object"])
    for name in ("actor", "authority"):
        if name in said:
            said[name] = _identified_thing(said[name])
    if "context" in said:
        said["context"] = {
            name: _identified_thing(each) if name in ("instructor", "team") else each
            for name, each in said["context"].items()
        }
        around = said["context"].get("contextActivities", {})
        if around:
            said["context"]["contextActivities"] = {
                name: [_identified_thing(each) for each in listed(activities)]
                for name, activities in around.items()
            }
    return said


def _identified_thing(thing: Statement) -> Statement:
    if thing.get("objectType") == "SubStatement":
        return _identified(thing)
    left_out = {"definition", *(() if key_of_agent(thing) is None else ("name", "member"))}
    said = {name: each for name, each in thing.items() if name not in left_out}
    if "member" in said:
        said["member"] = [_identified_thing(each) for each in said["member"]]
    return said
