"""What a delegation is, how it can be refused, and how the two whom it names see it."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Date,
    Index,
    Text,
    Uuid,
    bindparam,
    or_,
    select,
    text,
)
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key
from app.domain.errors import Conflict, Invalid, NotFound
from app.sql import Connection, Row, Statement

MOST_SHOWN = 200
"""How many of one's delegations are shown, the latest first."""


class DelegationFields(BaseModel):
    """What may be done for somebody, where, why, and until when."""

    subject_id: UUID = Field(
        description="单位，含其下级 / unit, with what is below it", sa_type=Uuid
    )
    permissions: list[Permission] = Field(
        min_length=1, max_length=60, description="权限 / permissions", sa_type=ARRAY(Text)
    )
    reason: str = Field(min_length=2, max_length=200, description="事由 / reason")
    valid_to: date = Field(
        description="终止日（不含），最长 90 天 / end, exclusive; ninety days at most", sa_type=Date
    )


class Delegation(DelegationFields, Table, table=True):
    """A delegation from one account to another, from the day on which it is given."""

    __table_args__ = (
        CheckConstraint("granter_id <> delegate_id", name="to_another"),
        CheckConstraint("cardinality(permissions) > 0", name="permits"),
        *(
            Index(None, name, postgresql_where=text("revoked_at IS NULL"))
            for name in ("granter_id", "delegate_id", "subject_id")
        ),
        Index(
            "ix_delegation_revoked_at", "revoked_at",
            postgresql_where=text("revoked_at IS NOT NULL"),
        ),
    )  # fmt: skip

    id: UUID = key()
    granter_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    delegate_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    subject_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    given_at: datetime = Field(sa_type=MOMENT)
    revoked_at: datetime | None = Field(default=None, sa_type=MOMENT)


class DelegationView(DelegationFields):
    """A delegation as both who are named in it see it."""

    id: UUID = Field(description="标识 / key")
    granter_id: UUID = Field(description="委托人账号 / account that gave it")
    granter_name: str = Field(description="委托人 / who gave it")
    delegate_id: UUID = Field(description="受托人账号 / account that acts")
    delegate_name: str = Field(description="受托人 / who acts")
    given_at: datetime = Field(description="委托时间 / since")
    revoked_at: datetime | None = Field(description="撤销时间 / revoked")


class NewDelegation(DelegationFields, Command):
    """A part of one's own rights for another person within one's reach."""

    delegate_id: UUID = Field(description="受托人账号 / account that is to act")


# What can be refused.


class DelegationNotFound(NotFound):
    """There is no such delegation from or to the one who asks."""

    code = "delegation_not_found"
    zh = "未找到该委托。"
    en = "There is no such delegation."


class DelegationEnded(Conflict):
    """It was revoked, its time is over, or its granter no longer holds any of it."""

    code = "delegation_ended"
    zh = "该委托已撤销、到期，或委托人已不再拥有所委托的权限。"
    en = "The delegation was revoked or is over, or its granter no longer holds what it permits."


class DelegationPeriod(Invalid):
    """A delegation ends after today and within ninety days."""

    code = "delegation_period"
    zh = "委托终止日必须晚于今天，且不超过 {days} 天。"
    en = "A delegation ends after today and within {days} days."


class NotDelegable(Invalid):
    """Some things one does oneself."""

    code = "not_delegable"
    zh = "此权限不能委托：{permission}。"
    en = "This permission is not delegated: {permission}."


class DelegateUnfit(Invalid):
    """A delegation goes from one person to another, both in office."""

    code = "delegate_unfit"
    zh = "委托只能在两名未停用的个人账号之间进行，且不能委托给本人。"
    en = "A delegation goes from one person to another, neither of them suspended."


class TooManyDelegations(Conflict):
    """Whoever delegates more should be granted a deputy."""

    code = "too_many_delegations"
    zh = "一个账号最多有 {limit} 项有效委托。"
    en = "An account has at most {limit} delegations that have not ended."


# What may be asked.

_Granter, _Delegate = aliased(Account), aliased(Account)
_NAMES = {"granter_name": col(_Granter.display_name), "delegate_name": col(_Delegate.display_name)}
_ME = bindparam("account_id", type_=Uuid)
_OWN = (
    select(
        *(
            _NAMES[name].label(name) if name in _NAMES else col(getattr(Delegation, name))
            for name in DelegationView.model_fields
        )
    )
    .join_from(Delegation, _Granter, col(_Granter.id) == col(Delegation.granter_id))
    .join(_Delegate, col(_Delegate.id) == col(Delegation.delegate_id))
    .where(or_(col(Delegation.granter_id) == _ME, col(Delegation.delegate_id) == _ME))
)
_LIST = Statement(_OWN.order_by(col(Delegation.id).desc()).limit(MOST_SHOWN))
_ONE = Statement(_OWN.where(col(Delegation.id) == bindparam("delegation_id", type_=Uuid)))
_ENDED = Statement(
    select(col(Delegation.id)).where(col(Delegation.revoked_at) >= bindparam("since", type_=MOMENT))
)


async def list_delegations(db: Connection, actor: Actor) -> list[Row]:
    """What the one who asks has delegated, and what has been delegated to them, the latest first."""
    actor.require_in_person()
    return await db.all(_LIST, account_id=actor.account_id)


async def ended_delegations(db: Connection, *, since: datetime) -> list[UUID]:
    """The delegations that were revoked since a moment, for a process that starts."""
    return [row["id"] for row in await db.all(_ENDED, since=since)]


async def get_delegation(db: Connection, actor: Actor, *, delegation_id: UUID) -> Row:
    """A delegation that the one who asks has given or received."""
    actor.require_in_person()
    row = await db.one(_ONE, account_id=actor.account_id, delegation_id=delegation_id)
    if row is None:
        raise DelegationNotFound
    return row
