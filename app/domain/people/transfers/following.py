"""What ends for somebody who goes: belonging to groups and pairs, places in activities, roles by the account.

The tables of the wing above are described here by the columns that change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    Date,
    Table,
    Text,
    Uuid,
    all_,
    any_,
    bindparam,
    column,
    exists,
    or_,
    select,
    table,
    update,
)
from sqlmodel import SQLModel, col

from app.domain.access.accounts import Account, raise_security_version
from app.domain.access.administrators import check_administrators_stay, hold_administered
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import SubjectKind
from app.domain.access.sign_ins import stop_sign_ins
from app.domain.base import MOMENT, civil_date
from app.domain.people.pairs import PeerPair
from app.sql import Connection, Statement, new_id

_teacher_id, _on = bindparam("teacher_id", type_=Uuid), bindparam("on", type_=Date)
_now = bindparam("now", type_=MOMENT)

# The groups.

_GROUPS = table("research_group", column("id", Uuid()), column("unit_id", Uuid()))


@dataclass(frozen=True, eq=False)
class _Members:
    """The table of memberships, which the wing of training describes."""

    __table__: Table


@lru_cache(maxsize=1)
def _members() -> _Members:
    return _Members(SQLModel.metadata.tables["group_member"])


@lru_cache(maxsize=1)
def _hold_groups() -> Statement:
    members = _members().__table__
    own = select(members.c.group_id).where(
        members.c.teacher_id == _teacher_id, members.c.superseded_at.is_(None)
    )
    held = select(_GROUPS.c.id).where(_GROUPS.c.id.in_(own)).order_by(_GROUPS.c.id)
    return Statement(held.with_for_update(read=True))


@lru_cache(maxsize=1)
def _leave_groups() -> Statement:
    members = _members().__table__
    stays = exists().where(
        _GROUPS.c.id == members.c.group_id,
        _GROUPS.c.unit_id == any_(bindparam("place", type_=ARRAY(Uuid))),
    )
    return Statement(
        update(members)
        .where(
            members.c.teacher_id == _teacher_id,
            members.c.superseded_at.is_(None),
            or_(members.c.valid_to.is_(None), members.c.valid_to > _on),
            ~stays,
        )
        .values(superseded_at=_now)
        .returning(*members.c)
    )


async def leave_groups(
    db: Connection, *, teacher_id: UUID, place: Sequence[UUID], on: date, now: datetime
) -> None:
    """End on a day that somebody belongs to groups, but for those of the units of the new place.

    The groups are held first, as by all who change their members: none of them moves meanwhile.
    """
    await db.run(_hold_groups(), teacher_id=teacher_id)
    left = await db.all(_leave_groups(), teacher_id=teacher_id, place=list(place), on=on, now=now)
    ended = {"valid_to": on, "recorded_at": now, "superseded_at": None}
    rows = [{**row, **ended, "id": new_id()} for row in left if row["valid_from"] < on]
    await db.insert_all(_members(), rows)


# The pairs.

_LEAVE_PAIRS = Statement(
    update(PeerPair)
    .where(
        or_(col(PeerPair.one_id) == _teacher_id, col(PeerPair.other_id) == _teacher_id),
        col(PeerPair.ended_on).is_(None),
        col(PeerPair.unit_id) != all_(bindparam("place", type_=ARRAY(Uuid))),
    )
    .values(ended_on=_on)
)


async def leave_pairs(db: Connection, *, teacher_id: UUID, place: Sequence[UUID], on: date) -> None:
    """End the pairs of somebody on a day, but for those that units of the new place arranged."""
    await db.run(_LEAVE_PAIRS, teacher_id=teacher_id, place=list(place), on=on)


# The activities.

_ACTIVITIES = table("activity", column("id", Uuid()), column("state", Text()))
_ENROLMENTS = table(
    "enrolment",
    column("activity_id", Uuid()),
    column("teacher_id", Uuid()),
    column("withdrawn_at", MOMENT),
)
_GIVE_UP_PLACES = Statement(
    update(_ENROLMENTS)
    .where(
        _ENROLMENTS.c.teacher_id == _teacher_id,
        _ENROLMENTS.c.withdrawn_at.is_(None),
        exists().where(
            _ACTIVITIES.c.id == _ENROLMENTS.c.activity_id, _ACTIVITIES.c.state == "published"
        ),
    )
    .values(withdrawn_at=_now)
)


async def give_up_places(db: Connection, *, teacher_id: UUID, now: datetime) -> None:
    """Withdraw somebody's enrolments in what has not been held."""
    await db.run(_GIVE_UP_PLACES, teacher_id=teacher_id, now=now)


# The account.

_HOLD_ACCOUNT = Statement(
    select(col(Account.id)).where(col(Account.teacher_id) == _teacher_id).with_for_update()
)
_today = bindparam("today", type_=Date)
_END_ROLES = Statement(
    update(RoleGrant)
    .where(
        col(RoleGrant.account_id) == bindparam("account_id", type_=Uuid),
        or_(col(RoleGrant.subject) != SubjectKind.SELF, bindparam("own", type_=Boolean)),
        col(RoleGrant.superseded_at).is_(None),
        or_(col(RoleGrant.valid_to).is_(None), col(RoleGrant.valid_to) > _today),
    )
    .values(superseded_at=_now)
    .returning(
        *(
            col(getattr(RoleGrant, name))
            for name in ("account_id", "role", "subject", "subject_id", "valid_from")
        )
    )
)
_SUSPEND = Statement(
    update(Account)
    .where(
        col(Account.id) == bindparam("account_id", type_=Uuid), col(Account.suspended_at).is_(None)
    )
    .values(suspended_at=_now)
)


async def hold_account(db: Connection, *, teacher_id: UUID) -> UUID | None:
    """The account of a teacher, locked, if there is one."""
    account_id: UUID | None = await db.value(_HOLD_ACCOUNT, teacher_id=teacher_id)
    return account_id


async def end_roles(
    db: Connection,
    *,
    account_id: UUID,
    ended_by: UUID,
    leaves: bool,
    now: datetime,
    own: bool = False,
) -> None:
    """End every role of an account but the one over oneself, and all its tokens.

    Of somebody who `leaves` the city the account is suspended, and its sign-ins end; with `own` the role
    over oneself ends too. The last administrator of a unit leaves it when there is another.
    """
    today = civil_date(now)
    if await hold_administered(db, account_id=account_id, now=now):
        await check_administrators_stay(db, account_id=account_id, now=now)
    ended = await db.all(_END_ROLES, account_id=account_id, own=own, today=today, now=now)
    facts = {"valid_to": today, "recorded_at": now, "granted_by": ended_by}
    rows = [{**row, **facts, "id": new_id()} for row in ended if row["valid_from"] < today]
    await db.insert_all(RoleGrant, rows)
    if leaves:
        await db.run(_SUSPEND, account_id=account_id, now=now)
        await stop_sign_ins(db, account_id=account_id, now=now)
    await raise_security_version(db, account_id=account_id, now=now)
