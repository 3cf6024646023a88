"""Accounts (账号): who can sign in, people and machine clients alike.

A person signs in with a name and a password, a client (接口客户端) with its name and a secret. What an
account may do is in its grants alone. `security_version` rises whenever that changes or the account
is suspended: every token issued before is then refused.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints, model_validator
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKeyConstraint,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    bindparam,
    func,
    select,
    update,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import SUBJECT, Permission, Role, SubjectKind
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

LOCKED_AFTER = 10
"""Wrong passwords in a row after which an account is locked."""
LOCKED_FOR = timedelta(minutes=15)
FIRST_PASSWORD_LASTS = timedelta(days=14)
"""For how long a password works that its owner has not chosen: until then it is to be changed."""


class AccountKind(StrEnum):
    """Who signs in."""

    PERSON = "person"
    CLIENT = "client"


AccountName = Annotated[
    str, StringConstraints(min_length=3, max_length=60, pattern=r"^[a-z0-9][a-z0-9._-]+$")
]


class AccountFields(BaseModel):
    """What is shown of an account."""

    name: AccountName = Field(description="登录名 / sign-in name", max_length=60)
    kind: AccountKind = Field(
        default=AccountKind.PERSON,
        description="个人或接口客户端 / person or machine client",
        sa_type=text_enum(AccountKind),
    )
    display_name: str = Field(min_length=1, max_length=60, description="显示名称 / display name")


class Account(AccountFields, Placed, Table, table=True):
    """An account, placed where it is administered; `teacher_id` is the teacher whose account it is."""

    __table_args__ = (
        *place_constraints(),
        # A teacher's account lies where the teacher does, after a transfer too.
        ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            onupdate="CASCADE",
        ),
        CheckConstraint("teacher_id IS NULL OR school_id IS NOT NULL", name="teacher_has_school"),
        UniqueConstraint("name"),
        UniqueConstraint("teacher_id"),
    )

    id: UUID = key()
    teacher_id: UUID | None = Field(default=None, sa_type=Uuid)
    secret: bytes | None = Field(default=None, sa_type=LargeBinary)
    """A person's Argon2id hash as text in bytes, or SHA-256 of a client's secret."""
    security_version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    wrong_secrets: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    locked_until: datetime | None = Field(default=None, sa_type=MOMENT)
    suspended_at: datetime | None = Field(default=None, sa_type=MOMENT)
    first_password_until: datetime | None = Field(default=None, sa_type=MOMENT)
    """Until when a password works that a superior has handed over; null once its owner chose one."""
    second_factor_since: datetime | None = Field(default=None, sa_type=MOMENT)
    """Since when a code of an authenticator is asked for besides the password; null for never."""
    security_changed_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": func.now()}
    )
    created_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": func.now()})


class AccountView(AccountFields):
    """An account as both faces show it; never its secret."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID | None = Field(description="教师本人 / the teacher whose account it is")
    city_id: UUID = Field(description="所属市 / city")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    school_id: UUID | None = Field(description="学校 / school, null above")
    suspended_at: datetime | None = Field(description="停用时间 / suspended since")
    first_password_until: datetime | None = Field(
        description="初始密码有效期，本人修改后为空"
        " / until when the first password works; null once its owner has changed it"
    )
    second_factor_since: datetime | None = Field(
        description="两步验证启用时间，未启用为空 / second factor since; null where there is none"
    )


class NewAccount(AccountFields, Command):
    """An account to be created below the actor, with its first role."""

    role: Role = Field(description="首个角色 / first role")
    subject_id: UUID = Field(description="首个角色的授权对象 / subject of the first role")

    @model_validator(mode="after")
    def _role_fits_kind(self) -> "NewAccount":
        if self.kind is AccountKind.CLIENT and SUBJECT[self.role] is SubjectKind.SELF:
            raise Unfit("接口客户端不能是教师本人。", "A machine client is no teacher.")
        return self


# What can be refused.


class AccountNotFound(NotFound):
    """There is no such account for the one who asks."""

    code = "account_not_found"
    zh = "未找到该账号。"
    en = "There is no such account."


class RoleNotForPeople(Invalid):
    """The province is an application, and nobody who works at a bureau."""

    code = "role_not_for_people"
    zh = "省平台角色只能授予登记的应用，不能授予个人。"
    en = "The role of the province is for an application alone, never for a person."


class AccountNameTaken(Conflict):
    """Sign-in names are unique in the whole deployment."""

    code = "account_name_taken"
    zh = "该登录名已被使用。"
    en = "This sign-in name is taken."


class PasswordNotTheirs(Conflict):
    """An application has no password, and one's own is changed by who knows the old one."""

    code = "password_not_reset"
    zh = "不能重置应用的密钥或本人的密码；本人密码请自行修改。"
    en = "Neither an application's secret nor one's own password is reset: change your own."


class TeacherHasAccount(Conflict):
    """A teacher has one account."""

    code = "teacher_has_account"
    zh = "该教师已有账号。"
    en = "This teacher has an account already."


def check_may_hold(kind: str, role: Role) -> None:
    """Refuse the role of an application to a person."""
    if role is Role.PROVINCE and kind != AccountKind.CLIENT:
        raise RoleNotForPeople


# What may be asked.

ACCOUNTS = Door(
    table=Account,
    view=AccountView,
    read=Permission.ACCOUNT_READ,
    missing=AccountNotFound,
    filters={"kind": col(Account.kind), "school_id": col(Account.school_id)},
    sorts={"name": (col(Account.name),), "created": ()},
)


async def get_account(db: Connection, actor: Actor, *, account_id: UUID) -> Row:
    """One account within the actor's reach."""
    return await ACCOUNTS.get(db, actor, account_id)


async def list_accounts(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    kind: AccountKind | None = None,
    school_id: UUID | None = None,
) -> Page:
    """The accounts that the actor may see, by name unless sorted otherwise."""
    return await ACCOUNTS.page(db, actor, page, filters={"kind": kind, "school_id": school_id})


# What may be done.


async def insert_account(
    db: Connection,
    *,
    new: AccountFields,
    place: Row,
    teacher_id: UUID | None,
    secret: bytes | None,
    first_password_until: datetime | None = None,
) -> UUID:
    """Write an account whose role and place have been checked; its key."""
    account_id = new_id()
    row = {
        "id": account_id,
        **new.model_dump(include=set(AccountFields.model_fields)),
        **{name: place[name] for name in ("city_id", "county_id", "school_id")},
        "teacher_id": teacher_id,
        "secret": secret,
        "first_password_until": first_password_until,
    }
    try:
        await db.insert(Account, row)
    except UniqueViolationError as error:
        if error.constraint_name == "uq_account_teacher_id":
            raise TeacherHasAccount from None
        raise AccountNameTaken from None
    return account_id


_RAISE_VERSION = Statement(
    update(Account)
    .where(col(Account.id) == bindparam("account_id", type_=Uuid))
    .values(
        security_version=col(Account.security_version) + 1,
        security_changed_at=bindparam("now", type_=MOMENT),
    )
    .returning(col(Account.security_version))
)
_NOTIFY = Statement(select(func.pg_notify("security", bindparam("message", type_=Text))))
_ENDED = func.unnest(bindparam("subject_ids", type_=ARRAY(Uuid)))
_NOTIFY_ENDED = Statement(select(func.pg_notify("security", func.concat(_ENDED, " 1"))))


async def raise_security_version(db: Connection, *, account_id: UUID, now: datetime) -> None:
    """Make every token that the account holds invalid, in every process, once this commits."""
    version = await db.value(_RAISE_VERSION, account_id=account_id, now=now)
    await db.value(_NOTIFY, message=f"{account_id} {version}")


async def announce_security(db: Connection, *, subject_ids: Sequence[UUID]) -> None:
    """Make every token that names one of these (a sign-in that ended) invalid, once this commits."""
    await db.run(_NOTIFY_ENDED, subject_ids=list(subject_ids))
