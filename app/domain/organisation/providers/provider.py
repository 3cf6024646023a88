"""A provider: its tables, its door, and what may be asked of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    Index,
    LargeBinary,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    exists,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import (
    MOMENT,
    TODAY,
    Dated,
    Placed,
    Table,
    civil_date,
    dated_constraints,
    holds_on,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import NotFound
from app.domain.organisation.facts import FactView
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row


class ProviderKind(StrEnum):
    """What a provider is (类型)."""

    BASE = "base"
    """培训基地、基地校"""
    PROFESSIONAL_INSTITUTION = "professional_institution"
    """专业机构"""
    UNIVERSITY = "university"
    """高等学校"""
    OTHER = "other"


class ProviderFields(BaseModel):
    """What a provider is called, what it is, by which code, and how long it is qualified."""

    name: str = Field(min_length=2, max_length=100, description="名称 / name")
    kind: ProviderKind = Field(description="类型 / kind", sa_type=text_enum(ProviderKind))
    credit_code: str | None = Field(
        default=None,
        max_length=18,
        description="统一社会信用代码（GB 32100） / unified social credit code, where it has one",
    )
    qualified_until: date | None = Field(
        default=None,
        description="资质有效期至（含当日） / last day of its qualification, where that ends",
    )


class Provider(ProviderFields, Placed, Table, table=True):
    """A provider, placed by the bureau that registered it."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("school_id IS NULL", name="is_of_a_bureau"),
        CheckConstraint(
            "num_nonnulls(contact, contact_sealed) IN (0, 2)", name="contact_is_sealed"
        ),
        UniqueConstraint("county_id", "credit_code"),
        Index(None, "county_id", "name", "id"),
        Index(None, "city_id", "name", "id"),
    )

    id: UUID = key()
    contact: str | None = Field(default=None, max_length=100)
    """What may be shown of the contact."""
    contact_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    recorded_at: datetime = Field(sa_type=MOMENT)


class ApprovalFields(BaseModel):
    """By which document a provider was approved."""

    document: str | None = Field(
        default=None, max_length=100, description="批准文号 / document of approval"
    )


class ProviderApproval(ApprovalFields, Dated, Table, table=True):
    """That a provider is approved from a day on; once at a time."""

    __table_args__ = (
        *dated_constraints(),
        ExcludeConstraint(
            ("provider_id", "="), (text("daterange(valid_from, valid_to)"), "&&"),
            name="ex_provider_approval_once", where=text("superseded_at IS NULL"),
        ),
        Index(None, "provider_id", "valid_from"),
    )  # fmt: skip

    id: UUID = key()
    provider_id: UUID = Field(foreign_key="provider.id", sa_type=Uuid)
    withdrawn_because: str | None = Field(default=None, max_length=500)


class ProviderView(ProviderFields):
    """A provider as both faces show it."""

    id: UUID = Field(description="标识 / key")
    county_id: UUID = Field(description="登记的教育局 / bureau that registered it")
    city_id: UUID = Field(description="所属市 / city")
    contact: str | None = Field(description="联系方式（已脱敏） / contact, masked")
    approved: bool = Field(
        description="今日是否可用：已批准且资质有效 / approved today, and its qualification lasts"
    )


class ProviderApprovalView(ApprovalFields, FactView):
    """An approval as both faces show it."""

    id: UUID = Field(description="标识 / key")
    provider_id: UUID = Field(description="机构 / provider")
    withdrawn_because: str | None = Field(
        description="撤销理由 / why it was withdrawn, where it was"
    )


# What can be refused.


class ProviderNotFound(NotFound):
    """There is no such provider for the one who asks."""

    code = "provider_not_found"
    zh = "未找到该培训机构或基地。"
    en = "There is no such provider."


# What may be asked.


def _may_be_relied_on(day: Any) -> ColumnElement[bool]:
    """The predicate 'approved on that day, and qualified'."""
    approved = exists(
        select(col(ProviderApproval.id))
        .where(col(ProviderApproval.provider_id) == col(Provider.id))
        .where(holds_on(ProviderApproval, day))
        .correlate(Provider)
    )
    lasts = col(Provider.qualified_until)
    return approved & or_(lasts.is_(None), lasts >= day)


def is_registered(audience: Any) -> ColumnElement[bool]:
    """The predicate 'it is registered by a bureau at or above one of the actor's units'."""
    return col(Provider.county_id) == any_(audience)


PROVIDERS = Door(
    table=Provider,
    view=ProviderView,
    read=Permission.UNIT_READ,
    missing=ProviderNotFound,
    audience=is_registered,
    computed={"approved": _may_be_relied_on(TODAY)},
    filters={
        "kind": col(Provider.kind),
        "county_id": col(Provider.county_id),
        "approved_on": lambda day: _may_be_relied_on(bindparam(day.key, type_=Date)),
    },
    sorts={"name": (col(Provider.name),), "created": ()},
)
"""A provider is known to all below the bureau that registered it."""


async def get_provider(
    db: Connection, actor: Actor, *, provider_id: UUID, lock: bool = False
) -> Row:
    """One provider of the actor's place, or of a bureau above it."""
    return await PROVIDERS.get(db, actor, provider_id, lock=lock)


async def list_providers(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    kind: ProviderKind | None = None,
    county_id: UUID | None = None,
) -> Page:
    """The register: every provider that the bureaux in the actor's place have entered, by name."""
    filters = {"kind": kind, "county_id": county_id}
    return await PROVIDERS.page(db, actor, page, filters=filters)


async def list_available_providers(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    now: datetime,
    kind: ProviderKind | None = None,
) -> Page:
    """Those whom the actor's units may rely on today: approved by a bureau at or above them, by name."""
    filters = {"kind": kind, "approved_on": civil_date(now)}
    return await PROVIDERS.page(db, actor, page, filters=filters, published=True)
