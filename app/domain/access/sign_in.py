"""Signing in: from a name and a secret to an actor.

Before sign-in there is no actor, so these functions take none. A wrong secret must be remembered
although the answer is a refusal: the face commits the count first and refuses then.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Date,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlmodel import col

from app.domain.access.accounts import LOCKED_AFTER, LOCKED_FOR, Account
from app.domain.access.actors import Actor, Grant, is_administrator
from app.domain.access.doors import PLACE
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import AT_SCHOOLS, SUBJECT, Duty, Role, SubjectKind
from app.domain.access.subjects import PLACES, schools_of_subject
from app.domain.base import MOMENT, civil_date, in_force
from app.domain.errors import Invalid, Unauthenticated
from app.sql import Connection, Row, Statement

# What can be refused.


class WrongCredentials(Unauthenticated):
    """The name or the secret is wrong, or the account is shut for now: which is not told.

    It is locked or suspended, or its first password was not changed in time.
    """

    code = "wrong_credentials"
    zh = "登录名或密码错误，或账号已被锁定、停用，或初始密码已过期。"
    en = (
        "The name or the secret is wrong, the account is locked or suspended, or its first password"
        " has run out."
    )


class WrongPassword(Invalid):
    """The old password is not right, or too many wrong ones came before."""

    code = "wrong_password"
    zh = "当前密码错误，或因多次错误已被暂时锁定。"
    en = (
        "The old password is wrong, or the account is locked for a while after too many wrong ones."
    )


# What may be asked.

_ACCOUNT = [
    col(getattr(Account, name))
    for name in ("id", "name", "kind", "secret", "teacher_id", "security_version",
                 "wrong_secrets", "locked_until", "suspended_at", "first_password_until",
                 "display_name", "second_factor_since")
]  # fmt: skip
_BY_NAME = Statement(select(*_ACCOUNT).where(col(Account.name) == bindparam("name")))
_BY_ID = select(*_ACCOUNT).where(col(Account.id) == bindparam("account_id", type_=Uuid))
_READ = Statement(_BY_ID)
_LOCKED = Statement(_BY_ID.with_for_update(key_share=True))


# Three kinds of subjects lie in the tree, and nearly every grant is over one of them; what lies beside
# it is read only where there is such a grant, so that nobody else's sign-in takes longer.
_BESIDE = {kind: each.alias() for kind, each in PLACES.items() if "valid_to" in each.c}


def _grants_of_account() -> Statement:
    of = {kind: places.alias() for kind, places in PLACES.items() if kind not in _BESIDE}
    granted, day = RoleGrant.__table__, bindparam("today", type_=Date)  # type: ignore[attr-defined]
    joined = granted
    for kind, places in of.items():
        found = and_(granted.c.subject == kind, places.c.id == granted.c.subject_id)
        joined = joined.outerjoin(places, found)
    query = select(
        *(granted.c[name] for name in ("role", "subject", "subject_id")),
        *(func.coalesce(*(places.c[name] for places in of.values())).label(name) for name in PLACE),
    )
    return Statement(
        query.select_from(joined).where(
            granted.c.account_id == bindparam("account_id", type_=Uuid),
            granted.c.superseded_at.is_(None),
            in_force(granted.c, day),
        )
    )


def _subjects_beside() -> Statement:
    day, keys = bindparam("today", type_=Date), bindparam("subject_ids", type_=ARRAY(Uuid))
    schools = (
        func.array(schools_of_subject(places.c.id, lambda c: in_force(c, day)).scalar_subquery())
        if kind in {SUBJECT[role] for role in AT_SCHOOLS}
        else cast(null(), ARRAY(Uuid))
        for kind, places in _BESIDE.items()
    )
    return Statement(
        union_all(
            *(
                select(
                    places.c.id,
                    *(places.c[name] for name in PLACE),
                    places.c.get("duties", cast(null(), ARRAY(Text))).label("duties"),
                    found.label("schools"),
                ).where(places.c.id == any_(keys), in_force(places.c, day))
                for places, found in zip(_BESIDE.values(), schools, strict=True)
            )
        )
    )


_GRANTS = _grants_of_account()
_SUBJECTS_BESIDE = _subjects_beside()


async def find_account(db: Connection, *, name: str) -> Row | None:
    """The account that signs in by this name, with its secret's hash, or None."""
    return await db.one(_BY_NAME, name=name)


async def read_credentials(db: Connection, *, account_id: UUID) -> Row | None:
    """An account by its key, with its secret's hash, or None."""
    return await db.one(_READ, account_id=account_id)


async def lock_account(db: Connection, *, account_id: UUID) -> Row | None:
    """The same as it is now, locked until the transaction ends."""
    return await db.one(_LOCKED, account_id=account_id)


def may_stay(account: Row, *, now: datetime) -> bool:
    """Whether the account is not suspended, and its first password has not run out.

    That is all that is asked of whoever has signed in already: the wrong passwords that somebody
    else tries lock the door, and throw nobody out who is in.
    """
    first_until = account["first_password_until"]
    return account["suspended_at"] is None and (first_until is None or first_until > now)


def may_sign_in(account: Row, *, now: datetime) -> bool:
    """The same, and that wrong passwords have not locked the account."""
    locked_until = account["locked_until"]
    return may_stay(account, now=now) and (locked_until is None or locked_until <= now)


async def actor_of_account(db: Connection, *, account: Row, now: datetime) -> Actor:
    """The actor that an account is today: its grants, with the places and the schools of today."""
    today = civil_date(now)
    rows = await db.all(_GRANTS, account_id=account["id"], today=today)
    beside = [row["subject_id"] for row in rows if row["subject"] in _BESIDE]
    subjects: dict[UUID, Row] = {}
    if beside:
        found = await db.all(_SUBJECTS_BESIDE, subject_ids=beside, today=today)
        subjects = {row["id"]: row for row in found}
    # A subject that is no more, or is yet to be, permits nothing.
    placed = ((row, subjects.get(row["subject_id"], row)) for row in rows)
    grants = tuple(
        Grant(
            role=Role(row["role"]),
            subject=SubjectKind(row["subject"]),
            subject_id=row["subject_id"],
            city_id=place["city_id"],
            county_id=place["county_id"],
            school_id=place["school_id"],
            schools=tuple(place.get("schools") or ()),
            duties=tuple(map(Duty, place.get("duties") or ())),
        )
        for row, place in placed
        if place["city_id"] is not None
    )
    return Actor(account_id=account["id"], grants=grants, teacher_id=account["teacher_id"])


async def actor_signing_in(
    db: Connection, *, account: Row, is_demanded: bool, now: datetime
) -> Actor:
    """The actor that an account is once it has signed in: with a first password, nobody yet.

    Then it may do nothing but give itself another password. Where a second factor `is_demanded` of
    administrators, one without may do nothing but enrol it.
    """
    if account["first_password_until"] is not None:
        return Actor(account_id=account["id"], grants=(), must_change_password=True)
    actor = await actor_of_account(db, account=account, now=now)
    guarded = account["second_factor_since"] is not None or not is_demanded
    if guarded or not is_administrator(actor.grants):
        return actor
    return Actor(account_id=account["id"], grants=(), must_enrol_second_factor=True)


_SECURITY_CHANGES = Statement(
    select(col(Account.id), col(Account.security_version)).where(
        col(Account.security_changed_at) >= bindparam("since", type_=MOMENT)
    )
)


async def security_versions(db: Connection, *, since: datetime) -> dict[UUID, int]:
    """The security versions that were raised since a moment, for a process that starts."""
    rows = await db.all(_SECURITY_CHANGES, since=since)
    return {row["id"]: row["security_version"] for row in rows}


# What may be done.

_COUNT_WRONG = Statement(
    update(Account)
    .where(
        col(Account.id) == bindparam("account_id", type_=Uuid),
        or_(
            col(Account.locked_until).is_(None),
            col(Account.locked_until) <= bindparam("now", type_=MOMENT),
        ),
    )
    .values(
        wrong_secrets=case(
            (col(Account.wrong_secrets) + 1 >= LOCKED_AFTER, 0),
            else_=col(Account.wrong_secrets) + 1,
        ),
        locked_until=case(
            (col(Account.wrong_secrets) + 1 >= LOCKED_AFTER, bindparam("until", type_=MOMENT)),
            else_=col(Account.locked_until),
        ),
    )
)
_FORGIVE = Statement(
    update(Account)
    .where(col(Account.id) == bindparam("account_id", type_=Uuid))
    .values(wrong_secrets=0)
)


async def record_wrong_secret(db: Connection, *, account_id: UUID, now: datetime) -> None:
    """Count a wrong secret; the tenth in a row locks the account for a quarter of an hour.

    What comes while the account is locked does not count.
    """
    await db.run(_COUNT_WRONG, account_id=account_id, now=now, until=now + LOCKED_FOR)


async def admit_account(db: Connection, *, account: Row, now: datetime) -> Row | None:
    """The account as it is now, locked until the transaction ends; None where it may not sign in.

    `account` is what was found before its secret was checked. That takes long on purpose, and the
    account may have been locked, suspended or given another secret or a second factor meanwhile. The
    count of wrong secrets ends.
    """
    present = await lock_account(db, account_id=account["id"])
    if present is None or any(
        present[name] != account[name] for name in ("secret", "second_factor_since")
    ):
        return None
    if not may_sign_in(present, now=now):
        return None
    if present["wrong_secrets"]:
        await db.run(_FORGIVE, account_id=account["id"])
    return present
