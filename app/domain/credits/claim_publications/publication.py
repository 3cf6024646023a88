"""A publication (公示): what it is, who sees what of it and for how long, and how claims are published."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Uuid, any_, bindparam, func, literal, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.access.walled import Beyond
from app.domain.base import MOMENT, Command, Placed, Table, civil_date, key, place_constraints
from app.domain.credits.claims.awarding import procedure_on
from app.domain.credits.claims.claim import CLAIMS
from app.domain.credits.claims.deciding import place_of_stage
from app.domain.credits.claims.decision import AT_ONCE
from app.domain.credits.claims.steps import ClaimAct, Move, move_claims
from app.domain.credits.claims.submitting import hold_claims
from app.domain.credits.claims.table import Claim, ClaimKind, ClaimState
from app.domain.credits.packs.procedure import publication_days
from app.domain.credits.standings.governing import read_packs
from app.domain.errors import Conflict, NotFound
from app.domain.organisation.units import UNITS, Unit, place_of
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import MASKED_NAME, Teacher
from app.sql import Connection, Row, Statement, new_id


class ClaimPublication(Placed, Table, table=True):
    """Claims that a unit shows to everybody at and below it, from a day to another, both included."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("closes_on > published_on", name="ends_after_it_begins"),
        *(Index(None, place, "id") for place in PLACE),
        Index(None, "closes_on"),
    )

    id: UUID = key()
    published_on: date
    closes_on: date
    published_at: datetime = Field(sa_type=MOMENT)
    published_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class ClaimPublicationView(BaseModel):
    """A publication as it is shown; the claims are read beside it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="公示单位 / unit that publishes")
    published_on: date = Field(description="公示首日 / first day")
    closes_on: date = Field(description="公示末日（含） / last day")
    published_at: datetime = Field(description="公示时间 / when it was published")


class PublishedClaimView(BaseModel):
    """What everybody sees of a published claim: as little as an objection needs."""

    claim_id: UUID = Field(description="申报 / claim")
    name: str = Field(description="姓名（脱敏） / name, masked")
    school: str = Field(description="学校 / name of the school")
    kind: ClaimKind = Field(description="申报类别 / what is claimed")
    title: str = Field(description="名称 / title of it")
    hours: Decimal = Field(description="拟认定学时 / hours")
    credits: Decimal = Field(description="拟认定学分 / credits")


class NewClaimPublication(Command):
    """Approved claims that are published together."""

    unit_id: UUID = Field(description="公示单位 / unit that publishes: where the claims wait")
    claim_ids: list[UUID] = Field(
        min_length=1, max_length=AT_ONCE, description="申报，最多200项 / the claims, 200 at most"
    )


# What can be refused.


class ClaimPublicationNotFound(NotFound):
    """There is no such publication for the one who asks, or its days are over."""

    code = "claim_publication_not_found"
    zh = "未找到该公示，或公示期已过。"
    en = "There is no such publication, or its days are over."


class ClaimsNotPublishable(Conflict):
    """Some of the claims do not wait at that unit to be published; nothing was."""

    code = "claims_not_publishable"
    zh = "有{count}项申报不在该单位待公示。"
    en = "{count} of the claims do not wait at that unit to be published."


# What may be asked.

PUBLICATIONS = Door(
    table=ClaimPublication,
    view=ClaimPublicationView,
    read=Permission.NOTICE_READ,
    missing=ClaimPublicationNotFound,
    audience=lambda audience: (
        func.coalesce(col(ClaimPublication.school_id), col(ClaimPublication.county_id))
        == any_(audience)
    ),
    computed={
        "unit_id": func.coalesce(col(ClaimPublication.school_id), col(ClaimPublication.county_id))
    },
    filters={"open_on": lambda day: col(ClaimPublication.closes_on) >= day},
    sorts={"published": ()},
)


async def get_claim_publication(
    db: Connection, actor: Actor, *, publication_id: UUID, now: datetime
) -> Row:
    """One publication, for those to whom it is shown and while its days last."""
    row = await PUBLICATIONS.get(db, actor, publication_id)
    if row["closes_on"] < civil_date(now):
        raise ClaimPublicationNotFound
    return row


async def list_claim_publications(
    db: Connection, actor: Actor, *, page: PageRequest, now: datetime
) -> Page:
    """The publications that are shown to the actor today: of the units at and above."""
    filters = {"open_on": civil_date(now)}
    return await PUBLICATIONS.page(db, actor, page, filters=filters, published=True)


_SHOWN = Statement(
    select(
        col(Claim.id).label("claim_id"),
        MASKED_NAME.label("name"),
        col(Unit.name).label("school"),
        col(Claim.kind),
        col(Claim.title),
        col(Claim.awarded_hours).label("hours"),
        col(Claim.awarded_credits).label("credits"),
    )
    .join_from(Claim, Teacher, col(Claim.teacher_id) == col(Teacher.id))
    .join(Unit, col(Claim.school_id) == col(Unit.id))
    .where(
        col(Claim.publication_id) == bindparam("publication_id", type_=Uuid),
        col(Claim.state) == literal(ClaimState.PUBLISHED.value),
    )
    .order_by(col(Unit.name), col(Claim.id)),
    beyond=Beyond.PUBLISHED,
)


async def list_published_claims(
    db: Connection, actor: Actor, *, publication_id: UUID, now: datetime
) -> list[Row]:
    """What is shown of the claims of a publication, while its days last; two hundred at most."""
    await get_claim_publication(db, actor, publication_id=publication_id, now=now)
    return await db.all(_SHOWN, publication_id=publication_id)


# What may be done.


async def publish_claims(
    db: Connection, actor: Actor, *, new: NewClaimPublication, now: datetime
) -> Row:
    """Publish approved claims that wait at a unit, all or none, for the days that the pack says."""
    unit = await UNITS.get(db, actor, new.unit_id, permission=Permission.CLAIM_REVIEW)
    place = place_of(unit)
    seen = await CLAIMS.by_id(db, actor, new.claim_ids)
    held = await hold_claims(db, claim_ids=[key for key, row in seen.items() if row is not None])
    waiting = [claim for claim in held.values() if _waits(claim, new.unit_id)]
    if len(waiting) < len(seen):
        raise ClaimsNotPublishable(count=len(seen) - len(waiting))
    packs = await read_packs(db, city_id=place["city_id"])
    days = [
        publication_days(procedure_on(packs, claim["earned_on"]), claim["kind"])
        for claim in waiting
    ]
    today = civil_date(now)
    closes_on = today + timedelta(days=max((each.value for each in days if each), default=1))
    row = {
        "id": new_id(),
        **place,
        "published_on": today,
        "closes_on": closes_on,
        "published_at": now,
        "published_by": actor.account_id,
    }
    await db.insert(ClaimPublication, row)
    moves = [
        Move(
            claim=claim,
            act=ClaimAct.PUBLISH,
            state=ClaimState.PUBLISHED,
            stage=claim["stage"],
            due_on=closes_on,
            by=actor.account_id,
            publication_id=row["id"],
        )
        for claim in waiting
    ]
    await move_claims(db, moves=moves, now=now)
    return await PUBLICATIONS.get(db, actor, row["id"])


def _waits(claim: Row, unit_id: UUID) -> bool:
    place = place_of_stage(claim)
    waits_at: UUID = place.get("school_id") or place["county_id"]
    return claim["state"] == ClaimState.APPROVED and waits_at == unit_id
