"""What may be asked of careers: one whole, one kind of its facts, the careers of many."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ARRAY, Date, Uuid, any_, bindparam, select

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns
from app.domain.base import MOMENT, columns_of, in_force
from app.domain.base import known_on as believed
from app.domain.organisation.facts import end_of
from app.domain.people.facts.engagement import (
    EmploymentView,
    EstablishmentView,
    ServicePlaceView,
    ServiceStateView,
)
from app.domain.people.facts.fact import FactKind
from app.domain.people.facts.kinds import KINDS
from app.domain.people.facts.merits import EducationView, GrowthResultView, HonourView
from app.domain.people.facts.posts import PostView
from app.domain.people.facts.qualifications import QualificationView, RegistrationView
from app.domain.people.facts.ranks import RankView
from app.domain.people.teachers import CAREERS
from app.sql import Connection, Row, Statement


class CareerView(BaseModel):
    """A career: the facts of every kind, each list from the first day on."""

    teacher_id: UUID = Field(description="教师 / teacher")
    employments: list[EmploymentView] = Field(description="人事关系 / personnel relations")
    establishments: list[EstablishmentView] = Field(description="编制 / establishments")
    service_states: list[ServiceStateView] = Field(description="在岗状态 / states of service")
    service_places: list[ServicePlaceView] = Field(description="任教学校 / service places")
    ranks: list[RankView] = Field(description="职称 / ranks")
    posts: list[PostView] = Field(description="岗位 / posts")
    honours: list[HonourView] = Field(description="荣誉 / honours")
    education: list[EducationView] = Field(description="学历 / education")
    growth_results: list[GrowthResultView] = Field(description="成长考核 / growth results")
    qualifications: list[QualificationView] = Field(
        description="教师资格证书 / teacher certificates"
    )
    registrations: list[RegistrationView] = Field(description="定期注册 / periodic registrations")


# What may be asked.


@lru_cache(maxsize=32)
def _told(kind: FactKind, dated: bool) -> Statement:
    """The facts of a kind of many teachers as believed at a moment: of a day, or of all time."""
    columns = kind.columns
    fact: Any = kind.table
    query = select(*columns_of(kind.table, kind.view)).where(
        columns.teacher_id == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        believed(fact, bindparam("known_at", type_=MOMENT)),
    )
    if dated:
        query = query.where(in_force(fact, bindparam("as_of", type_=Date)))
    return Statement(query.order_by(columns.valid_from, columns.id))


async def _facts(
    db: Connection,
    kind: FactKind,
    *,
    teacher_ids: Sequence[UUID],
    as_of: date | None,
    known_on: date | None,
) -> list[Row]:
    day = {} if as_of is None else {"as_of": as_of}
    statement = _told(kind, as_of is not None)
    return await db.all(statement, teacher_ids=teacher_ids, known_at=end_of(known_on), **day)


async def list_facts(
    db: Connection,
    actor: Actor,
    *,
    kind: FactKind,
    teacher_id: UUID,
    as_of: date | None = None,
    known_on: date | None = None,
) -> list[Row]:
    """The facts of one kind about a teacher, from the first day on; see `get_career`."""
    await CAREERS.get(db, actor, teacher_id)
    return await _facts(db, kind, teacher_ids=[teacher_id], as_of=as_of, known_on=known_on)


async def get_career(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Row:
    """A teacher's whole career; with `as_of` only what held on that day.

    As it is believed now; with `known_on` as it was believed when that civil day ended.
    """
    await CAREERS.get(db, actor, teacher_id)
    found = await _careers(db, [teacher_id], as_of=as_of, known_on=known_on, columns=None)
    return found[teacher_id]


async def careers_of(
    db: Connection,
    actor: Actor,
    *,
    teacher_ids: Sequence[UUID],
    as_of: date | None = None,
    known_on: date | None = None,
    columns: Columns = None,
) -> dict[UUID, Row | None]:
    """The careers of many teachers, None where the actor may not see one: a statement for each kind."""
    seen = await CAREERS.by_id(db, actor, teacher_ids, columns=frozenset({"id"}))
    visible = [teacher_id for teacher_id, row in seen.items() if row is not None]
    found = await _careers(db, visible, as_of=as_of, known_on=known_on, columns=columns)
    return {teacher_id: found.get(teacher_id) for teacher_id in seen}


async def _careers(
    db: Connection,
    teacher_ids: Sequence[UUID],
    *,
    as_of: date | None,
    known_on: date | None,
    columns: Columns,
) -> dict[UUID, Row]:
    # Of a column that holds facts their own columns may be named too, after a dot.
    wanted = None if columns is None else {name.partition(".")[0] for name in columns}
    kinds = [kind for kind in KINDS.values() if wanted is None or kind.plural in wanted]
    careers: dict[UUID, dict[str, Any]] = {
        teacher_id: {"teacher_id": teacher_id, **{kind.plural: [] for kind in kinds}}
        for teacher_id in teacher_ids
    }
    for kind in kinds if careers else ():
        for row in await _facts(
            db, kind, teacher_ids=list(careers), as_of=as_of, known_on=known_on
        ):
            careers[row["teacher_id"]][kind.plural].append(row)
    return careers
