"""Grants (授权): an account's roles, each over a subject and for a period.

Nobody grants what they do not hold: every permission of the role, except those that belong to the
person alone, must be held by the granter at the subject's place. A role over a group, a department or
oneself never reaches the whole school.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Date, Index, Uuid, bindparam, select, text, update
from sqlmodel import Field, col

from app.domain.access.accounts import (
    ACCOUNTS,
    Account,
    AccountNotFound,
    check_may_hold,
    raise_security_version,
)
from app.domain.access.actors import Actor, require_role
from app.domain.access.administrators import (
    ADMINISTERING,
    check_administrators_stay,
    hold_administered,
)
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import AT_SCHOOLS, SUBJECT, Permission, Role, SubjectKind
from app.domain.access.subjects import (
    SubjectEnded,
    SubjectNotFound,
    check_schools_reached,
    hold_subject,
    holder_of_assignment,
    place_of_subject,
)
from app.domain.base import (
    MOMENT,
    Command,
    Dated,
    Table,
    civil_date,
    dated_constraints,
    key,
    text_enum,
)
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.sql import Connection, Row, Statement, new_id

MOST_GRANTS = 16
"""Grants that an account may have at a time: they must all fit into its access token."""


class GrantFields(BaseModel):
    """Which role, over what."""

    role: Role = Field(description="角色 / role", sa_type=text_enum(Role))
    subject_id: UUID = Field(description="授权对象，依角色而定 / subject, by role", sa_type=Uuid)


class RoleGrant(GrantFields, Dated, Table, table=True):
    """A role granted to an account from a day on."""

    __table_args__ = (
        *dated_constraints(),
        Index(
            "uq_role_grant_open", "account_id", "role", "subject_id", unique=True,
            postgresql_where=text("superseded_at IS NULL AND valid_to IS NULL"),
        ),
        Index(None, "account_id", postgresql_where=text("superseded_at IS NULL")),
        Index(None, "subject_id", postgresql_where=text("superseded_at IS NULL")),
    )  # fmt: skip

    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    subject: SubjectKind = Field(sa_type=text_enum(SubjectKind))
    granted_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class GrantView(GrantFields):
    """A grant as both faces show it."""

    id: UUID = Field(description="标识 / key")
    account_id: UUID = Field(description="账号 / account")
    subject: SubjectKind = Field(description="授权对象类型 / kind of subject")
    valid_from: date = Field(description="起始日 / first day")
    valid_to: date | None = Field(
        description="终止日（不含） / first day on which it no longer holds"
    )


class NewGrant(GrantFields, Command):
    """A role to be granted, from today unless said otherwise."""

    valid_from: date | None = Field(default=None, description="起始日 / first day")
    valid_to: date | None = Field(default=None, description="终止日（不含） / end, exclusive")


# What can be refused.


class GrantNotFound(NotFound):
    """There is no such grant for the one who asks."""

    code = "grant_not_found"
    zh = "未找到该授权。"
    en = "There is no such grant."


class GrantExists(Conflict):
    """The account has this role over this subject already, on some day of the period."""

    code = "grant_exists"
    zh = "该账号已拥有此授权。"
    en = "The account has this grant already."


class GrantEnded(Conflict):
    """The grant has ended already: what is past is not changed."""

    code = "grant_ended"
    zh = "该授权已终止。"
    en = "This grant has ended already."


class GrantNotHolder(Invalid):
    """Whoever answers for schools is named by the assignment; nobody else is given its rights."""

    code = "grant_not_holder"
    zh = "包片包校的权限只能授予该安排的责任人。"
    en = "The role over an assignment is for its holder alone: assign somebody else instead."


class GrantPeriodEmpty(Invalid):
    """A grant ends after it begins, and not in the past."""

    code = "grant_period_empty"
    zh = "终止日必须晚于起始日和今天。"
    en = "The end must lie after the first day and after today."


class TooManyGrants(Conflict):
    """The account has as many grants as a token can carry."""

    code = "too_many_grants"
    zh = "一个账号最多有 {limit} 项授权。"
    en = "An account has at most {limit} grants."


# What may be asked.

GRANTS = Door(
    table=RoleGrant,
    view=GrantView,
    read=Permission.ACCOUNT_READ,
    missing=GrantNotFound,
    places={name: col(getattr(Account, name)) for name in PLACE},
    joined=RoleGrant.__table__.join(  # type: ignore[attr-defined]
        Account.__table__,  # type: ignore[attr-defined]
        (col(RoleGrant.account_id) == col(Account.id)) & col(RoleGrant.superseded_at).is_(None),
    ),
    sorts={"created": ()},
)
"""Grants as they are known today, placed by their account."""
_GRANT = Statement(
    select(*(col(getattr(RoleGrant, name)) for name in GrantView.model_fields)).where(
        col(RoleGrant.id) == bindparam("grant_id", type_=Uuid),
        col(RoleGrant.superseded_at).is_(None),
    )
)


async def list_grants(db: Connection, actor: Actor, *, account_id: UUID) -> list[Row]:
    """The grants of one account that the actor may see."""
    await ACCOUNTS.get(db, actor, account_id)
    return (await grants_of(db, actor, account_ids=[account_id]))[account_id]


async def grants_of(
    db: Connection, actor: Actor, *, account_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The grants of many accounts; nothing for those that the actor may not see."""
    return await GRANTS.rows_of(db, actor, col(RoleGrant.account_id), account_ids, columns=columns)


# What may be done.


async def check_grantable(db: Connection, actor: Actor, *, role: Role, subject_id: UUID) -> Row:
    """The subject's place, if the actor may grant this role there; refused otherwise."""
    place, has_ended = await hold_subject(db, kind=SUBJECT[role], subject_id=subject_id)
    if not actor.reach.covers(place):
        raise SubjectNotFound
    require_role(actor, role, place)
    if has_ended:
        raise SubjectEnded
    return place


async def grant_role(
    db: Connection, actor: Actor, *, account_id: UUID, new: NewGrant, now: datetime
) -> Row:
    """Grant a role to an account that the actor administers."""
    administer, by = Permission.ACCOUNT_WRITE, actor.account_id
    account = await ACCOUNTS.get(db, actor, account_id, permission=administer, lock=True)
    await check_grantable(db, actor, role=new.role, subject_id=new.subject_id)
    check_may_hold(account["kind"], new.role)
    if SUBJECT[new.role] is SubjectKind.SELF and new.subject_id != account["teacher_id"]:
        raise NotAllowed(administer.value)
    held = (await grants_of(db, actor, account_ids=[account_id]))[account_id]
    _check_room(new, held, today=civil_date(now))
    grant_id = await insert_grant(db, account_id=account_id, new=new, granted_by=by, now=now)
    await raise_security_version(db, account_id=account_id, now=now)
    (granted,) = await db.all(_GRANT, grant_id=grant_id)
    return granted


def _check_room(new: NewGrant, held: Sequence[Row], *, today: date) -> None:
    """Refuse a grant without a day on which it holds, one that is held already, and one too many."""
    begins, ends = new.valid_from or today, new.valid_to or date.max
    if ends <= max(begins, today):
        raise GrantPeriodEmpty
    lasting = [row for row in held if (row["valid_to"] or date.max) > today]
    for row in lasting:
        same = (row["role"], row["subject_id"]) == (new.role, new.subject_id)
        if same and row["valid_from"] < ends and begins < (row["valid_to"] or date.max):
            raise GrantExists
    if len(lasting) >= MOST_GRANTS:
        raise TooManyGrants(limit=MOST_GRANTS)


async def insert_grant(
    db: Connection, *, account_id: UUID, new: NewGrant, granted_by: UUID | None, now: datetime
) -> UUID:
    """Write a grant that has been checked; its key."""
    if SUBJECT[new.role] is SubjectKind.ASSIGNMENT:
        holder = await holder_of_assignment(db, assignment_id=new.subject_id)
        if account_id != holder:
            raise GrantNotHolder
    grant_id = new_id()
    row = {
        "id": grant_id,
        "account_id": account_id,
        "role": new.role,
        "subject": SUBJECT[new.role],
        "subject_id": new.subject_id,
        "valid_from": new.valid_from or civil_date(now),
        "valid_to": new.valid_to,
        "recorded_at": now,
        "granted_by": granted_by,
    }
    await db.insert(RoleGrant, row)
    if new.role in AT_SCHOOLS:
        await check_schools_reached(db, account_ids=[account_id], today=civil_date(now))
    return grant_id


_ends = col(RoleGrant.valid_to)
_END = Statement(
    update(RoleGrant)
    .where(
        col(RoleGrant.id) == bindparam("grant_id", type_=Uuid),
        col(RoleGrant.superseded_at).is_(None),
        _ends.is_(None) | (_ends > bindparam("today", type_=Date)),
    )
    .values(superseded_at=bindparam("now", type_=MOMENT))
)


async def revoke_grant(db: Connection, actor: Actor, *, grant_id: UUID, now: datetime) -> Row:
    """End a grant today; tokens that carry it are refused from now on.

    What has held stays on record until yesterday; a grant that never held ends where it began.
    """
    row = await db.one(_GRANT, grant_id=grant_id)
    if row is None:
        raise GrantNotFound
    role, ending = Role(row["role"]), {"account_id": row["account_id"], "grant_id": grant_id}
    administers = role in ADMINISTERING and await hold_administered(db, **ending, now=now)
    try:
        await ACCOUNTS.get(
            db, actor, row["account_id"], permission=Permission.ACCOUNT_WRITE, lock=True
        )
    except AccountNotFound:
        raise GrantNotFound from None
    place = await place_of_subject(db, kind=SUBJECT[role], subject_id=row["subject_id"])
    require_role(actor, role, place)
    today = civil_date(now)
    if administers:
        await check_administrators_stay(db, **ending, now=now)
    if not await db.run(_END, grant_id=grant_id, today=today, now=now):
        raise GrantEnded
    await raise_security_version(db, account_id=row["account_id"], now=now)
    if row["valid_from"] >= today:
        return {**row, "valid_to": row["valid_from"]}
    ended = {**row, "id": new_id(), "valid_to": today}
    await db.insert(RoleGrant, {**ended, "recorded_at": now, "granted_by": actor.account_id})
    return ended
