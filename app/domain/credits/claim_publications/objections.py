"""Objections (异议) to published claims: raised by name and with a reason, decided with a reason."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Index,
    String,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    literal,
    select,
    update,
)
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.access.walled import Beyond
from app.domain.base import MOMENT, Command, Table, key
from app.domain.credits.claim_publications.publication import (
    PUBLICATIONS,
    ClaimPublication,
    get_claim_publication,
)
from app.domain.credits.claims.claim import ClaimNotFound
from app.domain.credits.claims.drafting import ClaimNotOpen
from app.domain.credits.claims.steps import ClaimAct, Move, move_claims
from app.domain.credits.claims.submitting import hold_claims
from app.domain.credits.claims.table import Claim, ClaimState
from app.domain.errors import Conflict, NotFound
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class ClaimObjection(Table, table=True):
    """One person's objection to one published claim."""

    __table_args__ = (
        UniqueConstraint("publication_id", "claim_id", "raised_by"),
        CheckConstraint("num_nonnulls(upheld, decided_at, decided_by, answer) IN (0, 4)", name="decided"),
        Index(None, "claim_id"),
    )  # fmt: skip

    id: UUID = key()
    publication_id: UUID = Field(foreign_key="claim_publication.id", sa_type=Uuid)
    claim_id: UUID = Field(foreign_key="credit_claim.id", sa_type=Uuid)
    reason: str = Field(max_length=2000)
    raised_at: datetime = Field(sa_type=MOMENT)
    raised_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    upheld: bool | None = None
    answer: str | None = Field(default=None, max_length=2000)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class ClaimObjectionView(BaseModel):
    """An objection as the publishing unit sees it, and who raised it when raising it."""

    id: UUID = Field(description="标识 / key")
    publication_id: UUID = Field(description="公示 / publication")
    claim_id: UUID = Field(description="申报 / claim")
    title: str = Field(description="申报名称 / title of the claim")
    by: str = Field(description="异议人 / who objects")
    reason: str = Field(description="异议理由 / why")
    raised_at: datetime = Field(description="提出时间 / when")
    upheld: bool | None = Field(description="是否成立，未处理时为空 / whether it was upheld")
    answer: str | None = Field(description="处理意见 / what was answered")
    decided_at: datetime | None = Field(description="处理时间 / when it was decided")


class NewClaimObjection(Command):
    """An objection to a published claim; it is raised under one's own name."""

    claim_id: UUID = Field(description="公示中的申报 / published claim")
    reason: str = Field(min_length=2, max_length=2000, description="异议理由 / why")


class ObjectionDecision(Command):
    """What is decided on an objection."""

    upheld: bool = Field(
        description="异议是否成立 / whether it is upheld: the claim is then rejected"
    )
    answer: str = Field(min_length=2, max_length=2000, description="处理意见 / why")


# What can be refused.


class ClaimObjectionNotFound(NotFound):
    """There is no such objection for the one who asks."""

    code = "claim_objection_not_found"
    zh = "未找到该异议。"
    en = "There is no such objection."


class ClaimObjectionRaised(Conflict):
    """One objects once."""

    code = "claim_objection_raised"
    zh = "您已对该申报提出异议。"
    en = "You have objected to this claim already."


class ClaimObjectionDecided(Conflict):
    """It was decided before."""

    code = "claim_objection_decided"
    zh = "该异议已处理。"
    en = "This objection was decided already."


class ClaimObjectionOfOneself(Conflict):
    """Nobody decides on their own objection, or on one to their own claim."""

    code = "claim_objection_of_oneself"
    zh = "不能处理本人提出的异议，或对本人申报的异议。"
    en = "Nobody decides on their own objection, or on one to their own claim."


# What may be asked.

_joined = (
    ClaimObjection.__table__.join(  # type: ignore[attr-defined]
        ClaimPublication.__table__,  # type: ignore[attr-defined]
        col(ClaimObjection.publication_id) == col(ClaimPublication.id),
    )
    .join(Claim.__table__, col(ClaimObjection.claim_id) == col(Claim.id))  # type: ignore[attr-defined]
    .join(Account.__table__, col(ClaimObjection.raised_by) == col(Account.id))  # type: ignore[attr-defined]
)
OBJECTIONS = Door(
    table=ClaimObjection,
    view=ClaimObjectionView,
    read=Permission.CLAIM_REVIEW,
    missing=ClaimObjectionNotFound,
    beyond=Beyond.MOVED,
    places={name: col(getattr(ClaimPublication, name)) for name in PLACE},
    computed={"title": col(Claim.title), "by": col(Account.display_name)},
    joined=_joined,
    filters={
        "publication_id": col(ClaimObjection.publication_id),
        "open": lambda _: col(ClaimObjection.decided_at).is_(None),
    },
    sorts={"raised": ()},
)


async def list_claim_objections(
    db: Connection, actor: Actor, *, page: PageRequest, publication_id: UUID | None = None
) -> Page:
    """The objections to what the actor's units published, the first raised first."""
    return await OBJECTIONS.page(db, actor, page, filters={"publication_id": publication_id})


MOST_SHOWN = 100
_OWN = Statement(
    OBJECTIONS.select()
    .where(col(ClaimObjection.raised_by) == any_(bindparam("accounts", type_=ARRAY(Uuid))))
    .order_by(col(ClaimObjection.raised_at).desc(), col(ClaimObjection.id).desc())
    .limit(MOST_SHOWN)
)


async def list_own_claim_objections(db: Connection, actor: Actor) -> list[Row]:
    """What the one who asks objected to and what was answered, the last first; a hundred at most."""
    actor.require_in_person()
    return await db.all(_OWN, accounts=sorted(actor.accounts))


# What may be done.

_SHOWN = Statement(
    select(col(Claim.title)).where(
        col(Claim.id) == bindparam("claim_id", type_=Uuid),
        col(Claim.publication_id) == bindparam("publication_id", type_=Uuid),
        col(Claim.state) == literal(ClaimState.PUBLISHED.value),
    )
)
_NAME = Statement(
    select(col(Account.display_name)).where(col(Account.id) == bindparam("account_id", type_=Uuid))
)


async def object_to_claim(
    db: Connection, actor: Actor, *, publication_id: UUID, new: NewClaimObjection, now: datetime
) -> Row:
    """Object in person to a claim that is shown to the actor, within the days of its publication."""
    actor.require_in_person()
    await get_claim_publication(db, actor, publication_id=publication_id, now=now)
    title = await db.value(_SHOWN, claim_id=new.claim_id, publication_id=publication_id)
    if title is None:
        raise ClaimNotFound
    row = {
        "id": new_id(),
        "publication_id": publication_id,
        **new.model_dump(),
        "raised_at": now,
        "raised_by": actor.account_id,
    }
    try:
        await db.insert(ClaimObjection, row)
    except UniqueViolationError:
        raise ClaimObjectionRaised from None
    undecided = dict.fromkeys(("upheld", "answer", "decided_at"))
    by = await db.value(_NAME, account_id=actor.account_id)
    shown = row | undecided | {"title": title, "by": by}
    return {name: shown[name] for name in ClaimObjectionView.model_fields}


_DECIDE = Statement(
    update(ClaimObjection)
    .where(
        col(ClaimObjection.id) == bindparam("objection_id", type_=Uuid),
        col(ClaimObjection.decided_at).is_(None),
    )
    .values(
        upheld=bindparam("is_upheld", type_=Boolean),
        answer=bindparam("words", type_=String),
        decided_at=bindparam("now", type_=MOMENT),
        decided_by=bindparam("by", type_=Uuid),
    )
)
_RAISED_BY = Statement(
    select(col(ClaimObjection.raised_by)).where(
        col(ClaimObjection.id) == bindparam("objection_id", type_=Uuid)
    )
)


async def decide_claim_objection(
    db: Connection, actor: Actor, *, objection_id: UUID, decision: ObjectionDecision, now: datetime
) -> Row:
    """Decide on an objection: upheld, the claim is rejected, and may be appealed; else it goes on."""
    objection = await OBJECTIONS.get(db, actor, objection_id)
    publication = await PUBLICATIONS.get(db, actor, objection["publication_id"])
    actor.require(Permission.CLAIM_REVIEW, publication | await _place(db, publication["id"]))
    claim_id = objection["claim_id"]
    claim = (await hold_claims(db, claim_ids=[claim_id]))[claim_id]
    raised_by = await db.value(_RAISED_BY, objection_id=objection_id)
    if raised_by in actor.accounts or await is_oneself(
        db, actor, teacher_ids=[claim["teacher_id"]]
    ):
        raise ClaimObjectionOfOneself
    if decision.upheld and claim["state"] != ClaimState.PUBLISHED:
        raise ClaimNotOpen(state=claim["state"])
    given = {"is_upheld": decision.upheld, "words": decision.answer, "by": actor.account_id}
    if not await db.run(_DECIDE, objection_id=objection_id, now=now, **given):
        raise ClaimObjectionDecided
    if decision.upheld:
        rejection = Move(
            claim=claim,
            act=ClaimAct.OBJECT,
            state=ClaimState.REJECTED,
            stage=claim["stage"],
            opinion=decision.answer,
            by=actor.account_id,
        )
        await move_claims(db, moves=[rejection], now=now)
    return await OBJECTIONS.get(db, actor, objection_id)


_PLACE = Statement(
    select(*(col(getattr(ClaimPublication, name)) for name in PLACE)).where(
        col(ClaimPublication.id) == bindparam("publication_id", type_=Uuid)
    )
)


async def _place(db: Connection, publication_id: UUID) -> Row:
    return await db.one(_PLACE, publication_id=publication_id) or {}
