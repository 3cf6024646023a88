"""Approving providers for a time, and withdrawing that."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, or_, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor, Shape, within
from app.domain.access.doors import PLACE, Columns
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, civil_date, columns_of, known_on
from app.domain.errors import Conflict
from app.domain.organisation import facts
from app.domain.organisation.facts import FactNotLater, check_day
from app.domain.organisation.providers.provider import (
    PROVIDERS,
    ApprovalFields,
    Provider,
    ProviderApproval,
    ProviderApprovalView,
    is_registered,
)
from app.sql import Connection, ExclusionViolationError, Row, Statement, new_id


class NewApproval(ApprovalFields, Command):
    """From which day to which a provider is approved."""

    valid_from: date | None = Field(
        default=None, description="批准日期，默认今天 / first day; today by default"
    )
    valid_to: date | None = Field(
        default=None, description="终止日（不含），不填至撤销为止 / end, exclusive, if it has one"
    )


class ApprovalEnd(Command):
    """From which day an approval is withdrawn, and why."""

    reason: str = Field(min_length=2, max_length=500, description="撤销理由 / why")
    on: date | None = Field(default=None, description="撤销日期，默认今天 / first day without it")


# What can be refused.


class ProviderApproved(Conflict):
    """The provider is approved already, on some day of the period."""

    code = "provider_approved"
    zh = "该机构在此期间已获批准。"
    en = "The provider is approved already in that period."


class ProviderNotApproved(Conflict):
    """There is no approval to withdraw."""

    code = "provider_not_approved"
    zh = "该机构目前没有可撤销的批准。"
    en = "The provider is not approved at present."


class ProviderNotQualified(Conflict):
    """Whoever is approved is qualified on the first day of it."""

    code = "provider_not_qualified"
    zh = "该机构的资质在批准日期之前已到期（{until}）。"
    en = "The provider's qualification ended before that day ({until})."


# What may be asked.


@lru_cache(maxsize=64)
def _approvals(shape: Shape, only: Columns) -> Statement:
    placed = {name: col(getattr(Provider, name)) for name in PLACE}
    owner = col(ProviderApproval.provider_id)
    columns = columns_of(ProviderApproval, ProviderApprovalView)
    columns = [each for each in columns if only is None or each.key in only]
    seen = or_(within(shape, placed), is_registered(bindparam("audience", type_=ARRAY(Uuid))))
    return Statement(
        select(owner.label("_owner"), *columns)
        .join_from(ProviderApproval, Provider, owner == col(Provider.id))
        .where(
            owner == any_(bindparam("provider_ids", type_=ARRAY(Uuid))),
            known_on(ProviderApproval, bindparam("known_at", type_=MOMENT)),
            seen,
        )
        .order_by(col(ProviderApproval.valid_from), col(ProviderApproval.id))
    )


async def list_provider_approvals(
    db: Connection, actor: Actor, *, provider_id: UUID, known_on: date | None = None
) -> list[Row]:
    """From when to when a provider was approved, as was believed on a day."""
    await PROVIDERS.get(db, actor, provider_id)
    approvals = await _read(db, actor, [provider_id], known_on, None)
    return approvals[provider_id]


async def provider_approvals_of(
    db: Connection, actor: Actor, *, provider_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """From when to when many providers were approved, by first day."""
    return await _read(db, actor, provider_ids, None, columns)


async def _read(
    db: Connection,
    actor: Actor,
    provider_ids: Sequence[UUID],
    known_on: date | None,
    columns: Columns,
) -> dict[UUID, list[Row]]:
    scope = actor.scope(Permission.UNIT_READ)
    placed = {name: ids for name, ids in scope.values.items() if name in PLACE}
    rows = await db.all(
        _approvals(tuple(sorted(placed)), columns),
        provider_ids=list(provider_ids),
        audience=actor.audience if actor.allows(Permission.UNIT_READ) else [],
        known_at=facts.end_of(known_on),
        **{f"scope_{name}": ids for name, ids in placed.items()},
    )
    answer: dict[UUID, list[Row]] = {provider_id: [] for provider_id in provider_ids}
    for row in rows:
        answer[row.pop("_owner")].append(row)
    return answer


# What may be done.


async def approve_provider(
    db: Connection, actor: Actor, *, provider_id: UUID, new: NewApproval, now: datetime
) -> Row:
    """Approve a provider from a day on, for a time or until it is withdrawn."""
    write = Permission.PROVIDER_WRITE
    provider = await PROVIDERS.get(db, actor, provider_id, permission=write, lock=True)
    today = civil_date(now)
    begins, until = new.valid_from or today, provider["qualified_until"]
    check_day(begins, today=today)
    if new.valid_to is not None and new.valid_to <= begins:
        raise FactNotLater(current=begins.isoformat())
    if until is not None and until < begins:
        raise ProviderNotQualified(until=until.isoformat())
    row = {
        "id": new_id(),
        "provider_id": provider_id,
        "document": new.document,
        "valid_from": begins,
        "valid_to": new.valid_to,
        "recorded_at": now,
    }
    try:
        await db.insert(ProviderApproval, row)
    except ExclusionViolationError:
        raise ProviderApproved from None
    return row | {"superseded_at": None, "withdrawn_because": None}


async def withdraw_provider(
    db: Connection, actor: Actor, *, provider_id: UUID, end: ApprovalEnd, now: datetime
) -> Row:
    """Withdraw the approval of a provider from a day on; that it held until then can still be told."""
    write = Permission.PROVIDER_WRITE
    await PROVIDERS.get(db, actor, provider_id, permission=write, lock=True)
    today = civil_date(now)
    on = end.on or today
    check_day(on, today=today)
    ended = await facts.end_facts(
        db, table=ProviderApproval, owners=["provider_id"], owner=provider_id, on=on, now=now,
        ended={"withdrawn_because": end.reason},
    )  # fmt: skip
    if not ended:
        raise ProviderNotApproved
    begun = max(row["valid_from"] for row in ended)
    if on < begun:
        raise FactNotLater(current=begun.isoformat())
    return await PROVIDERS.get(db, actor, provider_id)
