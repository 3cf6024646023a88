"""What follows a school into another: its people and what is theirs, and what is held meanwhile.

When a school moves to another bureau, the database moves everything placed in it by the keys of
place. When it is merged into another, its people go on there: the tables of the wings above this one
that say so are described here by just the columns that change. Everything else about a teacher
follows the teacher by key, the sums of both schools included. What is over stays with the school
that it happened in.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Date,
    DateTime,
    TableClause,
    Text,
    Uuid,
    bindparam,
    column,
    exists,
    func,
    null,
    or_,
    select,
    table,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.subjects import PLACES
from app.domain.organisation.attachments import UnitAttachment
from app.domain.organisation.networks import Network
from app.domain.organisation.reorganisations.pairs import bring_pairs
from app.domain.organisation.reorganisations.service import end_service
from app.sql import Connection, Row, Statement


def _placed(name: str, *others: ColumnClause[Any]) -> TableClause:
    """A placed table by its key, its place, and what else matters here."""
    keys = ("id", "city_id", "county_id", "school_id")
    return table(name, *(column(each, Uuid()) for each in keys), *others)


_TEACHERS = _placed("teacher")
_CHAINS = table("credit_chain", column("teacher_id", Uuid()))
_GROUPS = _placed("research_group")
_ACTIVITIES = _placed(
    "activity",
    *(column(f"organiser_{kind}_id", Uuid()) for kind in ("group", "network", "department")),
    column("state", Text()),
)
_PLANS, _INSPECTIONS = (
    _placed(name, column("group_id", Uuid())) for name in ("plan", "group_inspection")
)
_COURSES, _QUESTIONS = (
    _placed(name, column("department_id", Uuid())) for name in ("course", "bank_question")
)
_RUNS = _placed(
    "course_run",
    *(column(f"{kind}_id", Uuid()) for kind in ("group", "network", "department")),
    column("state", Text()),
)
_TOPICS, _OUTPUTS = (
    _placed(name, column("state", Text())) for name in ("topic", "research_output")
)
_RESOURCES = _placed("resource")
_SERIES = _placed(
    "activity_series",
    *(column(f"organiser_{kind}_id", Uuid()) for kind in ("network", "department")),
)
_AUDIENCES = table("activity_audience", column("activity_id", Uuid()), column("target_id", Uuid()))
_COURSE_AUDIENCES = table(
    "course_audience", column("course_id", Uuid()), column("target_id", Uuid())
)
_ADDRESSEES = table(
    "document_addressee",
    *(column(name, Uuid()) for name in ("document_id", "unit_id", "received_by")),
    column("received_at", DateTime(timezone=True)),
)
_ACCOUNTS = _placed("account", column("teacher_id", Uuid()))
_unit_id, _to = bindparam("unit_id", type_=Uuid), bindparam("to", type_=Uuid)
_there = {name: bindparam(f"new_{name}", type_=Uuid) for name in ("county_id", "school_id")}

# What is held.

_IS_OPEN = or_(*(_ACTIVITIES.c.state == state for state in ("draft", "published", "held")))
"""Of an activity: that something is still to come of it."""

_LOCK_ACTIVITIES = Statement(
    select(_ACTIVITIES.c.id)
    .where(
        or_(
            _ACTIVITIES.c.school_id == _unit_id,
            _IS_OPEN
            & exists().where(
                _AUDIENCES.c.activity_id == _ACTIVITIES.c.id, _AUDIENCES.c.target_id == _unit_id
            ),
        )
    )
    .order_by(_ACTIVITIES.c.id)
    .with_for_update(key_share=True, of=_ACTIVITIES)
)
_LOCK_HEADS = Statement(
    select(_CHAINS.c.teacher_id)
    .join_from(_CHAINS, _TEACHERS, _TEACHERS.c.id == _CHAINS.c.teacher_id)
    .where(_TEACHERS.c.school_id == _unit_id)
    .order_by(_CHAINS.c.teacher_id)
    .with_for_update(of=_CHAINS)
)
_LOCK_TEACHERS = Statement(
    select(_TEACHERS.c.id)
    .where(_TEACHERS.c.school_id == _unit_id)
    .order_by(_TEACHERS.c.id)
    .with_for_update()
)


async def hold_followers(db: Connection, *, unit_id: UUID) -> None:
    """Hold what is in a school, in the order in which others take it: before the school itself.

    Whoever recognises or reverses holds an activity, then the heads of people's chains, then their
    schools; so nobody waits for the other in a circle, and no credit is counted in two schools.
    """
    for statement in (_LOCK_ACTIVITIES, _LOCK_HEADS, _LOCK_TEACHERS):
        await db.run(statement, unit_id=unit_id)


_ATTACHED = select(col(UnitAttachment.unit_id)).where(
    col(UnitAttachment.head_id) == _unit_id,
    col(UnitAttachment.superseded_at).is_(None),
    col(UnitAttachment.valid_to).is_(None),
)
_SUBJECTS = Statement(
    union_all(
        *(select(each.c.id).where(each.c.school_id == _unit_id) for each in PLACES.values()),
        _ATTACHED,
    )
)


async def subjects_in(db: Connection, *, unit_id: UUID) -> list[UUID]:
    """Everything in a school over which a role can be granted, and the schools attached to it.

    What its accounts may do in those ends with it: who has a role there is held along.
    """
    return [row["id"] for row in await db.all(_SUBJECTS, unit_id=unit_id)]


_IN_THE_WAY = Statement(
    select(func.count()).select_from(_TEACHERS).where(_TEACHERS.c.school_id == _unit_id)
)


async def count_teachers(db: Connection, *, unit_id: UUID) -> int:
    """How many teachers are on the register of a school."""
    return int(await db.value(_IN_THE_WAY, unit_id=unit_id))


_SENT = _placed("appropriation", column("state", Text()), column("kind", Text()))
_ON_ITS_WAY = Statement(
    select(func.count()).where(
        _SENT.c.school_id == _unit_id, _SENT.c.state == "sent", _SENT.c.kind != "carry_over"
    )
)


async def count_sent(db: Connection, *, unit_id: UUID) -> int:
    """How many appropriations between a school and its bureau are in transit."""
    return int(await db.value(_ON_ITS_WAY, unit_id=unit_id))


# What goes along.

_RELATIONS = table(
    "employment",
    column("school_id", Uuid()),
    *(column(name, Date()) for name in ("valid_from", "valid_to")),
    column("superseded_at"),
)
_LAST_LEFT = Statement(
    select(func.max(func.coalesce(_RELATIONS.c.valid_to, _RELATIONS.c.valid_from))).where(
        _RELATIONS.c.school_id == _unit_id, _RELATIONS.c.superseded_at.is_(None)
    )
)


async def last_left(db: Connection, *, unit_id: UUID) -> date | None:
    """When the last of those who were employed at a school left it, of one that nobody is left in."""
    left: date | None = await db.value(_LAST_LEFT, unit_id=unit_id)
    return left


_MOVE_TEACHERS = Statement(
    update(_TEACHERS).where(_TEACHERS.c.school_id == _unit_id).values(_there)
)
_ARRANGED = {"organiser_network_id": null(), "organiser_department_id": null()}
"""Departments and friendships of the school end with it."""


def _moved(kind: TableClause, values: dict[str, Any], *which: ColumnElement[bool]) -> Any:
    """How many rows of a table that lie in the school come to lie in the other."""
    rows = update(kind).where(kind.c.school_id == _unit_id, *which).values(values)
    moved = rows.returning(kind.c.id).cte(f"moved_{kind.name}")
    return select(func.count()).select_from(moved).scalar_subquery().label(kind.name)


_MOVE_TRAINING = Statement(
    # One statement, since what refers to a group as its unit's lies in one place with it.
    select(
        _moved(_GROUPS, _there),
        _moved(
            _ACTIVITIES,
            _there | _ARRANGED,
            or_(_IS_OPEN, _ACTIVITIES.c.organiser_group_id.is_not(None)),
        ),
        *(_moved(each, _there, each.c.group_id.is_not(None)) for each in (_PLANS, _INSPECTIONS)),
        _moved(_SERIES, _there | _ARRANGED),
        *(_moved(each, _there | {"department_id": null()}) for each in (_COURSES, _QUESTIONS)),
        _moved(
            _RUNS,
            _there | {"network_id": null(), "department_id": null()},
            or_(_RUNS.c.state == "open", _RUNS.c.group_id.is_not(None)),
        ),
        _moved(
            _TOPICS,
            _there,
            ~or_(*(_TOPICS.c.state == over for over in ("rejected", "concluded", "withdrawn"))),
        ),
        _moved(
            _OUTPUTS, _there, ~or_(*(_OUTPUTS.c.state == s for s in ("confirmed", "withdrawn")))
        ),
        _moved(_RESOURCES, _there),
    )
)
_ADDRESS = Statement(
    insert(_AUDIENCES)
    .from_select(
        ["activity_id", "target_id"],
        select(_AUDIENCES.c.activity_id, _to).where(
            _AUDIENCES.c.target_id == _unit_id,
            exists().where(_ACTIVITIES.c.id == _AUDIENCES.c.activity_id, _IS_OPEN),
        ),
    )
    .on_conflict_do_nothing()
)
_ADDRESS_COURSES = Statement(
    insert(_COURSE_AUDIENCES)
    .from_select(
        ["course_id", "target_id"],
        select(_COURSE_AUDIENCES.c.course_id, _to).where(_COURSE_AUDIENCES.c.target_id == _unit_id),
    )
    .on_conflict_do_nothing()
)
_ADDRESS_DOCUMENTS = Statement(
    insert(_ADDRESSEES)
    .from_select(
        ["document_id", "unit_id", "received_at", "received_by"],
        select(
            _ADDRESSEES.c.document_id, _to, _ADDRESSEES.c.received_at, _ADDRESSEES.c.received_by
        ).where(_ADDRESSEES.c.unit_id == _unit_id),
    )
    .on_conflict_do_nothing()
)
"""What had come to the school has come; what it had not confirmed the other confirms."""
_MOVE_ACCOUNTS = Statement(
    update(_ACCOUNTS)
    .where(_ACCOUNTS.c.school_id == _unit_id, _ACCOUNTS.c.teacher_id.is_(None))
    .values(_there)
)

_LEAD = Statement(
    update(Network).where(col(Network.lead_unit_id) == _unit_id).values(lead_unit_id=_to)
)


async def bring_along(
    db: Connection, *, unit_id: UUID, successor: Row, on: date, now: datetime
) -> None:
    """Take the people of a school into another from a day on, with what is theirs or still to come.

    Teachers with their personnel relation, posts and pairs; groups with all that they organised, planned
    and were told; series, drafts and what is published or held; courses, their open runs, the question bank;
    topics that are studied, outputs that wait, resources; accounts; the lead of networks. Courses and open
    activities that were meant for the school, and documents that were issued to it, are for the other too.
    """
    there = {"new_county_id": successor["county_id"], "new_school_id": successor["id"]}
    await end_service(db, unit_id=unit_id, on=on, now=now, to=successor["id"])
    await db.run(_MOVE_TEACHERS, unit_id=unit_id, **there)
    await bring_pairs(db, unit_id=unit_id, successor=successor, on=on)
    await db.run(_MOVE_TRAINING, unit_id=unit_id, **there)
    for address in (_ADDRESS, _ADDRESS_COURSES, _ADDRESS_DOCUMENTS):
        await db.run(address, unit_id=unit_id, to=successor["id"])
    await db.run(_MOVE_ACCOUNTS, unit_id=unit_id, **there)
    await db.run(_LEAD, unit_id=unit_id, to=successor["id"])
