"""Issuers (外来档案签发方): whose signatures a city takes in, with the keys that it was told by their owner."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, StringConstraints, model_validator
from sqlalchemy import CheckConstraint, Index, Uuid, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation.units import Level, hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

_Coordinate = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
_Did = Annotated[str, StringConstraints(pattern=r"^did:web:[A-Za-z0-9._:%-]{1,200}$")]


class GrowthKeyFields(BaseModel):
    """A public key (JSON Web Key), for ES256."""

    kty: str = Field(max_length=10, description="密钥类型，须为EC / kind of key: EC")
    crv: str = Field(max_length=10, description="曲线，须为P-256 / curve: P-256")
    x: _Coordinate = Field(description="坐标x / coordinate")
    y: _Coordinate = Field(description="坐标y / coordinate")


class GrowthKey(GrowthKeyFields):
    """A public key of an issuer."""


class NewGrowthKey(GrowthKeyFields, Command):
    """A public key as its owner told it, without what else a JSON Web Key may say."""


class GrowthIssuerFields(BaseModel):
    """Who it is."""

    did: _Did = Field(max_length=220, description="签发方标识（did:web） / identification")
    name: str = Field(min_length=2, max_length=200, description="签发方名称 / name")


class GrowthIssuer(GrowthIssuerFields, Placed, Table, table=True):
    """An issuer that a city takes records from, until that is ended."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("jsonb_typeof(keys) = 'array'", name="keys"),
        CheckConstraint("num_nonnulls(ended_at, ended_by) IN (0, 2)", name="ended"),
        Index(
            "uq_growth_issuer_trusted", "city_id", "did", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "city_id", "id"),
        Index(None, "county_id", "id"),
    )  # fmt: skip

    id: UUID = key()
    keys: list[dict[str, Any]] = Field(sa_type=JSONB)
    trusted_at: datetime = Field(sa_type=MOMENT)
    trusted_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    ended_at: datetime | None = Field(default=None, sa_type=MOMENT)
    ended_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class GrowthIssuerView(GrowthIssuerFields):
    """An issuer as both faces show it."""

    id: UUID = Field(description="标识 / key")
    city_id: UUID = Field(description="市 / city that takes its records in")
    keys: list[GrowthKey] = Field(description="公钥 / public keys")
    trusted_at: datetime = Field(description="认可时间 / since when")
    ended_at: datetime | None = Field(description="终止时间 / when that was ended")


class NewGrowthIssuer(GrowthIssuerFields, Command):
    """An issuer whose keys were compared with its owner, by telephone or on paper."""

    keys: list[NewGrowthKey] = Field(min_length=1, max_length=10, description="公钥 / public keys")

    @model_validator(mode="after")
    def _keys_are_of_the_one_kind(self) -> Self:
        if any((each.kty, each.crv) != ("EC", "P-256") for each in self.keys):
            raise Unfit("公钥须为EC P-256。", "Keys are of the kind EC, on the curve P-256.")
        return self


# What can be refused.


class GrowthIssuerNotFound(NotFound):
    """There is no such issuer for the one who asks."""

    code = "growth_issuer_not_found"
    zh = "未找到该签发方。"
    en = "There is no such issuer."


class GrowthIssuerTrusted(Conflict):
    """The city takes its records in already."""

    code = "growth_issuer_trusted"
    zh = "该签发方已获认可；更换公钥请先终止。"
    en = "Records of this issuer are taken in already; to change its keys, end that first."


class GrowthIssuerEnded(Conflict):
    """It was ended before."""

    code = "growth_issuer_ended"
    zh = "对该签发方的认可已终止。"
    en = "Records of this issuer are no longer taken in."


class GrowthIssuerOfCity(Invalid):
    """A city decides whose records are taken in."""

    code = "growth_issuer_of_city"
    zh = "只能由市级认可签发方。"
    en = "The city decides whose records are taken in."


# What may be asked.

GROWTH_ISSUERS = Door(
    table=GrowthIssuer,
    view=GrowthIssuerView,
    read=Permission.ARCHIVE_READ,
    missing=GrowthIssuerNotFound,
    sorts={"created": ()},
)


async def list_growth_issuers(db: Connection, actor: Actor, *, page: PageRequest) -> Page:
    """Whose records the actor's city takes in, and did."""
    return await GROWTH_ISSUERS.page(db, actor, page)


_TRUSTED = Statement(
    select(col(GrowthIssuer.keys), col(GrowthIssuer.name)).where(
        col(GrowthIssuer.city_id) == bindparam("city_id", type_=Uuid),
        col(GrowthIssuer.did) == bindparam("did"),
        col(GrowthIssuer.ended_at).is_(None),
    )
)


async def read_trusted(db: Connection, *, city_id: UUID, did: str) -> Row | None:
    """Name and keys of an issuer, None where the city takes nothing from it."""
    return await db.one(_TRUSTED, city_id=city_id, did=did)


# What may be done.


async def trust_growth_issuer(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewGrowthIssuer, now: datetime
) -> Row:
    """Take in what this issuer signs."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.ARCHIVE_TRUST)
    if unit["level"] != Level.CITY:
        raise GrowthIssuerOfCity
    row = {
        "id": new_id(),
        **place_of(unit),
        **new.model_dump(mode="json"),
        "trusted_at": now,
        "trusted_by": actor.account_id,
    }
    try:
        async with db.transaction():
            await db.insert(GrowthIssuer, row)
    except UniqueViolationError:
        raise GrowthIssuerTrusted from None
    return await GROWTH_ISSUERS.get(db, actor, row["id"])


async def end_growth_issuer(db: Connection, actor: Actor, *, issuer_id: UUID, now: datetime) -> Row:
    """Take nothing in any more that this issuer signs; what has come stays."""
    trust = Permission.ARCHIVE_TRUST
    held = await GROWTH_ISSUERS.get(db, actor, issuer_id, permission=trust, lock=True)
    if held["ended_at"] is not None:
        raise GrowthIssuerEnded
    values = {"ended_at": now, "ended_by": actor.account_id}
    await db.change(GrowthIssuer, issuer_id, values)
    return await GROWTH_ISSUERS.get(db, actor, issuer_id)
