"""Schemes of pay inputs (优质优酬方案): which outcomes a school lets count towards performance pay.

「制定优质优酬的激励制度」 (岳市教发〔2013〕18号 第二十四条). A scheme gives points, never yuan:
what the school pays is decided elsewhere. It is published in versions, rests on a regulation of the
school, and counts no traces.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    CheckConstraint,
    Date,
    Index,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import (
    MOMENT,
    TODAY,
    Command,
    Placed,
    Table,
    civil_date,
    in_force,
    key,
    place_constraints,
)
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation.units import Level, NotASchool, hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.domain.quality.outcomes import OutcomeMeasure, check_no_traces
from app.domain.quality.regulations import REGULATIONS
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

POINT = Decimal("0.01")
_POINTS: dict[str, Any] = {"gt": 0, "le": 1000, "max_digits": 6, "decimal_places": 2}


class PayTerm(BaseModel):
    """One line of a scheme (计分项): what is counted, the points for each of it, and the most it gives."""

    measure: OutcomeMeasure = Field(description="成效指标 / what is counted")
    weight: Decimal = Field(description="每单位分值 / points for each unit of it")
    cap: Decimal = Field(description="最高分 / points at most")
    rule: str = Field(description="计分说明 / the rule in words, as the teacher reads it")


class NewPayTerm(Command):
    """A line of a scheme to be."""

    measure: OutcomeMeasure = Field(description="成效指标 / what is counted; none of the traces")
    weight: Decimal = Field(**_POINTS, description="每单位分值 / points for each unit of it")
    cap: Decimal = Field(**_POINTS, description="最高分 / points at most")
    rule: str = Field(min_length=2, max_length=200, description="计分说明 / the rule in words")


class PaySchemeFields(BaseModel):
    """What a scheme is called, and by which clause of which regulation."""

    name: str = Field(min_length=1, max_length=60, description="方案名称 / name")
    regulation_id: UUID = Field(
        foreign_key="regulation.id", sa_type=Uuid,
        description="依据的学校制度 / regulation of the school, or of a bureau above it",
    )  # fmt: skip
    clause: str = Field(min_length=1, max_length=100, description="依据条目 / which clause of it")


class PayScheme(PaySchemeFields, Placed, Table, table=True):
    """One version of a school's scheme; it is never changed, but followed."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("school_id", "version"),
        CheckConstraint("jsonb_typeof(terms) = 'array'", name="terms"),
        CheckConstraint("valid_to >= valid_from", name="ends_after_it_begins"),
        *(Index(None, name, "id") for name in ("county_id", "city_id")),
        Index(None, "regulation_id"),
    )

    id: UUID = key()
    school_id: UUID = Placed.model_fields["school_id"]  # type: ignore[assignment]
    version: int
    terms: list[dict[str, Any]] = Field(sa_type=JSONB)
    valid_from: date
    valid_to: date | None = None
    published_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    published_at: datetime = Field(sa_type=MOMENT)


class PaySchemeView(PaySchemeFields):
    """A version of a scheme as everybody of the school sees it."""

    id: UUID = Field(description="标识 / key of this version")
    school_id: UUID = Field(description="学校 / school")
    version: int = Field(description="版本号 / number of the version")
    terms: list[PayTerm] = Field(description="计分项 / its lines")
    valid_from: date = Field(description="起始日 / first day")
    valid_to: date | None = Field(
        description="终止日（不含） / first day on which it no longer holds"
    )
    published_at: datetime = Field(description="发布时间 / when it was published")


class NewPayScheme(PaySchemeFields, Command):
    """A scheme of a school, from today on; it takes the place of the one in force."""

    terms: list[NewPayTerm] = Field(min_length=1, max_length=15, description="计分项 / its lines")

    @model_validator(mode="after")
    def _counted_once(self) -> Self:
        if len({term.measure for term in self.terms}) < len(self.terms):
            raise Unfit("同一指标只能计分一次。", "Each outcome counts in one line.")
        return self


# What can be refused.


class PaySchemeNotFound(NotFound):
    """There is no such scheme for the one who asks."""

    code = "pay_scheme_not_found"
    zh = "未找到该优质优酬方案。"
    en = "There is no such scheme of pay inputs."


class PaySchemeBasisUnfit(Invalid):
    """A scheme rests on a regulation in force of the school, or of a bureau above it."""

    code = "pay_scheme_basis_unfit"
    zh = "依据的制度须为本校或上级单位的现行制度。"
    en = "The regulation is none of the school or of a bureau above it, or is not in force."


class PaySchemePublishedMeanwhile(Conflict):
    """Somebody published a version of it at the same moment."""

    code = "pay_scheme_published_meanwhile"
    zh = "该方案刚刚由他人发布了新版本，请查看后重试。"
    en = "Somebody has just published a version of the scheme: look at it and try again."


# What may be asked.

PAY_SCHEMES = Door(
    table=PayScheme,
    view=PaySchemeView,
    read=Permission.DOCUMENT_READ,
    missing=PaySchemeNotFound,
    audience=lambda audience: col(PayScheme.school_id) == any_(audience),
    filters={
        "school_id": col(PayScheme.school_id),
        "in_force": lambda wanted: in_force(PayScheme, TODAY) == wanted,
    },
    sorts={"created": ()},
)
"""By what is counted is known to all who are counted."""


async def get_pay_scheme(db: Connection, actor: Actor, *, scheme_id: UUID) -> Row:
    """One version of a scheme, for those of the school and those who look after it."""
    return await PAY_SCHEMES.get(db, actor, scheme_id)


async def list_pay_schemes(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    school_id: UUID | None = None,
    in_force: bool | None = None,
) -> Page:
    """The schemes of the schools in the actor's place, every version unless said otherwise."""
    filters = {"school_id": school_id, "in_force": in_force}
    return await PAY_SCHEMES.page(db, actor, page, filters=filters)


async def list_own_pay_schemes(db: Connection, actor: Actor, *, page: PageRequest) -> Page:
    """What the actor's own school lets count today."""
    return await PAY_SCHEMES.page(db, actor, page, filters={"in_force": True}, published=True)


async def pay_schemes_by_id(
    db: Connection, actor: Actor, *, scheme_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many versions of schemes by their keys; None for what the actor may not see."""
    return await PAY_SCHEMES.by_id(db, actor, scheme_ids, columns=columns)


def points_of(term: Row, reached: Decimal) -> Decimal:
    """The points that a line gives for so much: weight times amount, no more than its cap."""
    points = min(Decimal(term["weight"]) * reached, Decimal(term["cap"]))
    return points.quantize(POINT, ROUND_HALF_UP)


# What may be done.

_OF_SCHOOL = col(PayScheme.school_id) == bindparam("of_school", type_=Uuid)
_NEXT = Statement(select(func.coalesce(func.max(col(PayScheme.version)), 0) + 1).where(_OF_SCHOOL))
_FOLLOW = Statement(
    update(PayScheme)
    .where(_OF_SCHOOL, col(PayScheme.valid_to).is_(None))
    .values(valid_to=bindparam("day", type_=Date))
)


async def publish_pay_scheme(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewPayScheme, now: datetime
) -> Row:
    """Publish a school's scheme, as its next version, from today on."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.INCENTIVE_DECIDE)
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    check_no_traces([term.measure for term in new.terms], [term.rule for term in new.terms])
    place = place_of(unit)
    regulation = await REGULATIONS.get(db, actor, new.regulation_id)
    if not regulation["in_force"] or regulation["unit_id"] not in place.values():
        raise PaySchemeBasisUnfit
    row = {
        "id": new_id(),
        **new.model_dump(include=set(PaySchemeFields.model_fields)),
        **place,
        "terms": [term.model_dump(mode="json") for term in new.terms],
        "version": await db.value(_NEXT, of_school=unit_id),
        "valid_from": civil_date(now),
        "published_by": actor.account_id,
        "published_at": now,
    }
    try:
        async with db.transaction():
            await db.run(_FOLLOW, of_school=unit_id, day=row["valid_from"])
            await db.insert(PayScheme, row)
    except UniqueViolationError:
        raise PaySchemePublishedMeanwhile from None
    return await PAY_SCHEMES.get(db, actor, row["id"])
