"""Limits of approval (审批权限): who approves expenses of a unit, up to which amount, from when.

A limit is said once and never changed: of two for one person the later day holds, and of one day the
later word. Nothing (0.00) takes it away.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Computed, Date, Index, Uuid, bindparam, select
from sqlmodel import Field

from app.domain.access.accounts import ACCOUNTS, Account
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints
from app.domain.errors import Conflict, NotFound
from app.domain.organisation.units import hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.domain.quality.budgets import YUAN
from app.sql import Connection, Row, Statement, new_id


class ApprovalLimitFields(BaseModel):
    """Who approves up to which amount, from when."""

    account_id: UUID = Field(
        description="审批人账号 / account that approves", foreign_key="account.id", sa_type=Uuid
    )
    up_to: Decimal = Field(
        ge=0, max_digits=14, decimal_places=2,
        description="单笔上限（元，含）；0 表示取消 / most of one expense, included; 0: none",
        sa_type=YUAN,
    )  # fmt: skip
    valid_from: date = Field(description="生效日期 / first day")


class ApprovalLimit(ApprovalLimitFields, Placed, Table, table=True):
    """What one account may approve of one unit's expenses; of that unit alone, not of those below."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("up_to >= 0", name="up_to"),
        *(Index(None, name, "id") for name in PLACE),
        Index(None, "unit_id", "account_id", "valid_from"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    set_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    set_at: datetime = Field(sa_type=MOMENT)


class ApprovalLimitView(ApprovalLimitFields):
    """A limit as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="单位 / unit")
    name: str = Field(description="审批人 / who approves")
    set_at: datetime = Field(description="设定时间 / when it was set")


class NewApprovalLimit(ApprovalLimitFields, Command):
    """A limit to be set."""


# What can be refused.


class ApprovalLimitNotFound(NotFound):
    """There is no such limit for the one who asks."""

    code = "approval_limit_not_found"
    zh = "未找到该审批权限。"
    en = "There is no such limit of approval."


class ApprovalLimitOfOneself(Conflict):
    """Nobody says how much they may approve themselves."""

    code = "approval_limit_of_oneself"
    zh = "不能为本人设定审批权限。"
    en = "Nobody sets their own limit of approval."


class BeyondApprovalLimit(Conflict):
    """An expense is approved by who may approve as much of that unit."""

    code = "beyond_approval_limit"
    zh = "该笔金额超出您在该单位的审批权限，请由有权限的审批人办理。"
    en = "The amount is beyond what you may approve for the unit: somebody with a higher limit does it."


# What may be asked.

_LIMITS = ApprovalLimit.__table__  # type: ignore[attr-defined]
_ACCOUNTS = Account.__table__  # type: ignore[attr-defined]

APPROVAL_LIMITS = Door(
    table=ApprovalLimit,
    view=ApprovalLimitView,
    read=Permission.FUNDS_READ,
    missing=ApprovalLimitNotFound,
    computed={"name": _ACCOUNTS.c.display_name},
    joined=_LIMITS.join(_ACCOUNTS, _LIMITS.c.account_id == _ACCOUNTS.c.id),
    filters={name: _LIMITS.c[name] for name in ("unit_id", "account_id")},
    sorts={"created": (), "valid_from": (_LIMITS.c.valid_from,)},
)


async def list_approval_limits(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    account_id: UUID | None = None,
) -> Page:
    """Who approves expenses up to which amount, as it was said one after the other."""
    filters = {"unit_id": unit_id, "account_id": account_id}
    return await APPROVAL_LIMITS.page(db, actor, page, filters=filters)


_HOLDS = Statement(
    select(_LIMITS.c.up_to, _LIMITS.c.set_by)
    .where(
        _LIMITS.c.unit_id == bindparam("unit_id", type_=Uuid),
        _LIMITS.c.account_id == bindparam("account_id", type_=Uuid),
        _LIMITS.c.valid_from <= bindparam("day", type_=Date),
    )
    .order_by(_LIMITS.c.valid_from.desc(), _LIMITS.c.id.desc())
    .limit(1)
)


async def check_limit(
    db: Connection, actor: Actor, *, unit_id: UUID, amount: Decimal, day: date
) -> None:
    """Refuse whom the unit does not let approve as much on that day.

    A delegate has the granter's limit, unless the delegate set it: nobody says so in a roundabout way how
    much they approve themselves. Nor does it serve a delegate from whom the unit took the own limit away.
    """
    account_id = actor.on_behalf_of or actor.account_id
    said = {"unit_id": unit_id, "day": day}
    limit = await db.one(_HOLDS, account_id=account_id, **said)
    if limit is None or limit["up_to"] < amount:
        raise BeyondApprovalLimit
    if account_id == actor.account_id:
        return
    own = await db.one(_HOLDS, account_id=actor.account_id, **said)
    if limit["set_by"] == actor.account_id or (own is not None and not own["up_to"]):
        raise BeyondApprovalLimit


# What may be done.


async def set_approval_limit(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewApprovalLimit, now: datetime
) -> Row:
    """Say up to which amount somebody approves expenses of a unit, from a day on; nobody for oneself."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.FUNDS_APPROVE)
    if new.account_id in actor.accounts:
        raise ApprovalLimitOfOneself
    await ACCOUNTS.get(db, actor, new.account_id)
    row = {
        "id": new_id(), **new.model_dump(), **place_of(unit), "set_by": actor.account_id,
        "set_at": now,
    }  # fmt: skip
    await db.insert(ApprovalLimit, row)
    return await APPROVAL_LIMITS.get(db, actor, row["id"])
