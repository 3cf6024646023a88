"""Putting messages into the queue, and working through it: at least once, always under the same key.

A message is marked in the transaction in which it was handed over, while its row is held. Whatever ends
that before its commit lets the next one hand it over again, under the key that the channel has seen.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Integer,
    Select,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, col

from app.domain.access.accounts import Account, AccountKind
from app.domain.access.doors import PLACE
from app.domain.access.grants import RoleGrant
from app.domain.base import MOMENT, TODAY, Table, holds_on
from app.domain.exchange.deliveries.channel import (
    Channel,
    ChannelDown,
    ChannelKind,
    Message,
    MessageRefused,
)
from app.domain.exchange.deliveries.delivery import Delivery, DeliveryKind, DeliveryState
from app.domain.exchange.deliveries.preferences import USUAL, DeliveryPreference
from app.domain.portions import forget_some
from app.domain.training.groups import GroupMember
from app.domain.training.notices import CANDIDATES, Notice, NoticeAudience, NoticeState
from app.sql import Connection, Row, Statement

log = logging.getLogger("yanxun")

MOST_ATTEMPTS = 8
"""After so many a message is given up: some two hours after the first."""
FIRST_PAUSE = timedelta(minutes=1)
"""Before the second attempt; each further pause is twice as long, give or take a quarter."""
PATIENCE = 10.0
"""Seconds that a channel has to take a message."""
TEXTS: Mapping[DeliveryKind, str] = {
    DeliveryKind.NOTICE: "【研训】您有一条新通知，请登录查看。",
    DeliveryKind.DUE: "【研训】您有待办事项即将到期，请登录办理。",
    DeliveryKind.LATE: "【研训】下级有逾期未办事项，请登录查看。",
    DeliveryKind.REMINDER: "【研训】上级催办一项待办，请登录办理。",
}
"""What is said: that there is something, and nothing about it."""


class NoticeTold(Table, table=True):
    """That those whom a notice is for have been put into the queue."""

    notice_id: UUID = Field(primary_key=True, foreign_key="notice.id", sa_type=Uuid)
    told_at: datetime = Field(sa_type=MOMENT)


# What may be done.

_NOW = bindparam("now", type_=MOMENT)
_COLUMNS = Delivery.__table__.c  # type: ignore[attr-defined]
IS_REACHED = (
    (col(Account.kind) == AccountKind.PERSON)
    & col(Account.suspended_at).is_(None)
    & exists().where(col(RoleGrant.account_id) == col(Account.id), holds_on(RoleGrant, TODAY))
)
"""The predicate 'this row of accounts is a person's who can sign in, and has a role today'."""


def queued(kind: DeliveryKind, told: Select[Any]) -> Any:
    """The insertion of messages of a kind: `told` are rows of account_id, subject_id and occasion.

    Each goes by the channel that its account wants, or not at all; one that is there already stays.
    """
    rows = told.distinct().subquery("told")
    said = DeliveryPreference.__table__  # type: ignore[attr-defined]
    wanted = (said.c.account_id == rows.c.account_id) & (said.c.kind == kind)
    usual = literal(USUAL, _COLUMNS.channel.type)
    is_silent = said.c.account_id.is_(None)
    values: dict[str, Any] = {
        "id": func.gen_random_uuid(),
        "account_id": rows.c.account_id,
        "kind": literal(kind, _COLUMNS.kind.type),
        "subject_id": rows.c.subject_id,
        "occasion": rows.c.occasion,
        "channel": func.coalesce(said.c.channel, usual),
        "state": literal(DeliveryState.QUEUED, _COLUMNS.state.type),
        "attempts": literal(0, Integer),
        "next_at": _NOW,
        "queued_at": _NOW,
    }
    chosen = (
        select(*values.values())
        .select_from(rows.outerjoin(said, wanted))
        .where(or_(is_silent, said.c.channel.is_not(None)))
    )
    made = postgresql.insert(Delivery).from_select(list(values), chosen, include_defaults=False)
    return made.on_conflict_do_nothing()


_TARGET = col(NoticeAudience.target_id)
_IS_ADDRESSED = and_(
    or_(
        *(col(getattr(Account, name)) == _TARGET for name in PLACE),
        exists()
        .where(
            col(GroupMember.group_id) == _TARGET,
            col(GroupMember.teacher_id) == col(Account.teacher_id),
            holds_on(GroupMember, TODAY),
        )
        .correlate_except(GroupMember),
    ),
    or_(
        col(Account.teacher_id).is_(None),
        CANDIDATES.includes(col(NoticeAudience.notice_id), col(Account.teacher_id)),
    ),
)
"""The predicate 'this target of a notice is a unit at or above the account, or a group of its teacher', who
counts in a stratum that the notice is for, where it is for some."""


def _queue_notices() -> Statement:
    fresh = (
        select(col(Notice.id), _NOW)
        .where(
            col(Notice.state) == NoticeState.PUBLISHED,
            col(Notice.published_at) > cast(_NOW, MOMENT) - FRESH,
            ~exists().where(col(NoticeTold.notice_id) == col(Notice.id)),
        )
        .order_by(col(Notice.id))
        .limit(20)
    )
    told = postgresql.insert(NoticeTold).from_select(["notice_id", "told_at"], fresh)
    marked = told.on_conflict_do_nothing().returning(col(NoticeTold.notice_id)).cte("marked")
    people = (
        select(
            col(Account.id).label("account_id"),
            marked.c.notice_id.label("subject_id"),
            literal("published").label("occasion"),
        )
        .select_from(marked)
        .join(NoticeAudience, col(NoticeAudience.notice_id) == marked.c.notice_id)
        .join(Account, _IS_ADDRESSED)
        .where(IS_REACHED)
    )
    return Statement(queued(DeliveryKind.NOTICE, people))


FRESH = timedelta(days=2)
"""What was published longer ago is told by no message any more."""
_QUEUE_NOTICES = _queue_notices()


async def queue_notices(db: Connection, *, now: datetime) -> int:
    """Put those into the queue whom fresh notices are for, each once; how many there were."""
    return await db.run(_QUEUE_NOTICES, now=now)


_IS_FOR_THEM = (
    exists()
    .where(
        col(Notice.id) == col(Delivery.subject_id),
        col(Notice.state) == NoticeState.PUBLISHED,
        col(NoticeAudience.notice_id) == col(Notice.id),
        _IS_ADDRESSED,
    )
    .correlate(Delivery, Account)
)
"""The predicate 'the account finds the notice': it may have been withdrawn, or its reader have gone."""
_NEXT = Statement(
    select(
        col(Delivery.id), col(Delivery.account_id), col(Delivery.kind), col(Delivery.channel),
        col(Delivery.attempts),
        select(IS_REACHED & ((col(Delivery.kind) != DeliveryKind.NOTICE) | _IS_FOR_THEM))
        .where(col(Account.id) == col(Delivery.account_id)).scalar_subquery()
        .label("is_theirs"),
    )
    .where(col(Delivery.next_at) <= _NOW)
    .order_by(col(Delivery.next_at))
    .limit(1)
    .with_for_update(skip_locked=True, of=Delivery)
)  # fmt: skip


async def send_due_delivery(
    db: Connection, *, channel: Channel, now: datetime, spread: float = 1.0
) -> bool:
    """Hand over the message that has waited longest, and mark it; whether there was one.

    Of many processes each takes another. `spread` lengthens or shortens the pause after a failure, so
    that what failed together does not come again together.
    """
    row = await db.one(_NEXT, now=now)
    if row is None:
        return False
    attempts = row["attempts"] + 1
    state = await _handed_over(channel, row)
    if state is DeliveryState.FAILED and attempts >= MOST_ATTEMPTS:
        state = DeliveryState.GIVEN_UP
    pause = FIRST_PAUSE * 2 ** (attempts - 1) * spread
    marked = {
        "state": state,
        "attempts": attempts,
        "next_at": now + pause if state is DeliveryState.FAILED else None,
        "sent_at": now if state is DeliveryState.SENT else None,
    }
    await db.change(Delivery, row["id"], marked)
    return True


async def _handed_over(channel: Channel, row: Row) -> DeliveryState:
    """What became of handing a message over."""
    if not row["is_theirs"]:
        return DeliveryState.GIVEN_UP
    message = Message(
        key=row["id"],
        account_id=row["account_id"],
        channel=ChannelKind(row["channel"]),
        text=TEXTS[DeliveryKind(row["kind"])],
    )
    try:
        async with asyncio.timeout(PATIENCE):
            await channel.send(message)
    except MessageRefused:
        return DeliveryState.GIVEN_UP
    except (ChannelDown, OSError, TimeoutError):
        return DeliveryState.FAILED
    except Exception:
        # A defect of a channel must not let one message stand before all others.
        log.exception("the channel failed with message %s", message.key)
        return DeliveryState.FAILED
    return DeliveryState.SENT


KEPT = timedelta(days=400)
"""How long it is kept what became of a message: far longer than anything is told of before or after its
due day, so that what is forgotten is not told once more."""
_TIDY = forget_some(
    Delivery,
    col(Delivery.queued_at) < bindparam("before", type_=MOMENT),
    col(Delivery.next_at).is_(None),
)


async def tidy_deliveries(db: Connection, *, now: datetime) -> None:
    """Forget a part of the messages that were sent, or given up, too long ago to be asked after."""
    await db.run(_TIDY, before=now - KEPT)
