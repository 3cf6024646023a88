"""The signed-in person's own profile: the account, its roles and what they permit, the password."""

import unicodedata
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, SecretStr
from sqlalchemy import LargeBinary, Uuid, bindparam, null, select, update
from sqlmodel import Field, col

from app.domain.access.accounts import Account, raise_security_version
from app.domain.access.actors import Actor
from app.domain.access.identities import IdentityView, list_own_identities
from app.domain.access.roles import Permission, Role, SubjectKind
from app.domain.access.second_factors import SecondFactorView, count_recovery_codes
from app.domain.access.sign_in import WrongPassword, admit_account
from app.domain.access.sign_ins import stop_sign_ins
from app.domain.base import Command
from app.domain.errors import Invalid, Unauthenticated
from app.sql import Connection, Row, Statement


class ProfileGrant(BaseModel):
    """One role as the token carries it, with what it permits."""

    role: Role = Field(description="角色 / role")
    subject: SubjectKind = Field(description="授权对象类型 / kind of subject")
    subject_id: UUID = Field(description="授权对象 / subject")
    city_id: UUID = Field(description="所属市 / city")
    county_id: UUID | None = Field(description="主管教育局 / bureau in charge")
    school_id: UUID | None = Field(description="学校 / school")
    permissions: list[Permission] = Field(
        description="对授权对象的权限 / permissions at the subject, and below it where it is a unit"
    )
    permissions_beyond: list[Permission] = Field(
        description="对所辖学校或教育局的权限 / permissions at its schools, or in its bureau's place"
    )
    schools: list[UUID] = Field(
        description="片区、包片包校所含学校 / the schools for which the subject stands"
    )


class ProfileView(BaseModel):
    """Who is signed in, and what they may do where."""

    account_id: UUID = Field(description="账号 / account")
    name: str = Field(description="登录名 / sign-in name")
    display_name: str = Field(description="显示名称 / display name")
    teacher_id: UUID | None = Field(description="教师本人 / the teacher whose account it is")
    must_change_password: bool = Field(
        description="须先修改初始密码 / the first password has to be changed before anything else"
    )
    must_enrol_second_factor: bool = Field(
        description="须先启用两步验证 / a second factor has to be enrolled before anything else"
    )
    second_factor: SecondFactorView = Field(description="两步验证 / second factor")
    on_behalf_of: UUID | None = Field(
        description="代何账号操作 / account on whose behalf this token acts"
    )
    identities: list[IdentityView] = Field(description="外部身份 / linked identities")
    grants: list[ProfileGrant] = Field(description="授权 / grants")


class PasswordChange(Command):
    """A new password for one's own account. Blanks at either end are part of a password."""

    model_config = ConfigDict(str_strip_whitespace=False)

    old: SecretStr = Field(max_length=256, description="当前密码 / the password until now")
    new: SecretStr = Field(
        min_length=10,
        max_length=256,
        description="新密码，至少 10 个字符，不得与登录名或当前密码相同"
        " / the new one: at least 10 characters, neither the sign-in name nor the old password",
    )


# What can be refused.


class PasswordUnfit(Invalid):
    """The new password is the sign-in name or the old password."""

    code = "password_unfit"
    zh = "新密码不得与登录名或当前密码相同。"
    en = "The new password must be neither the sign-in name nor the old password."


# What may be asked.

_ACCOUNT = Statement(
    select(
        col(Account.id).label("account_id"),
        col(Account.name),
        col(Account.display_name),
        col(Account.teacher_id),
        col(Account.second_factor_since),
    ).where(col(Account.id) == bindparam("account_id", type_=Uuid))
)


async def get_profile(db: Connection, actor: Actor) -> Row:
    """The profile of the one who asks, with the rights of the token that was sent."""
    account = await db.one(_ACCOUNT, account_id=actor.account_id)
    if account is None:
        raise Unauthenticated
    grants = [
        {
            "role": grant.role,
            "subject": grant.subject,
            "subject_id": grant.subject_id,
            "city_id": grant.city_id,
            "county_id": grant.county_id,
            "school_id": grant.school_id,
            "permissions": sorted(filter(actor.allows, grant.permissions)),
            "permissions_beyond": sorted(
                filter(actor.allows, set().union(*(each[2] for each in grant.reaches[1:])))
            ),
            "schools": list(grant.schools),
        }
        for grant in actor.grants
    ]
    since, left = account.pop("second_factor_since"), 0
    if since is not None:
        left = await count_recovery_codes(db, account_id=actor.account_id)
    return {
        **account,
        "must_change_password": actor.must_change_password,
        "must_enrol_second_factor": actor.must_enrol_second_factor,
        "second_factor": {"since": since, "recovery_codes_left": left},
        "on_behalf_of": actor.on_behalf_of,
        # Who somebody is elsewhere is nothing to an application.
        "identities": [] if actor.client_id else await list_own_identities(db, actor),
        "grants": grants,
    }


# What may be done.


def check_new_password(change: PasswordChange, *, name: str) -> None:
    """Refuse a new password that is the sign-in name or the old password, however it is typed."""
    new, old = (_plain(each.get_secret_value()) for each in (change.new, change.old))
    if new == old or new.casefold() == _plain(name).casefold():
        raise PasswordUnfit


def _plain(text: str) -> str:
    # Full-width letters are the same password, so they are the same name too.
    return unicodedata.normalize("NFKC", text)


_SET = Statement(
    update(Account)
    .where(col(Account.id) == bindparam("account_id", type_=Uuid))
    .values(secret=bindparam("new", type_=LargeBinary), first_password_until=null())
)


async def change_password(
    db: Connection, actor: Actor, *, account: Row, new: bytes, now: datetime
) -> Row:
    """Give one's own account another password: `new` is its hash.

    `account` is the actor's, as it was when the password until now was checked.

    Every token that the account holds ends, also the one that was sent with this: who knows the new
    password signs in with it.
    """
    actor.require_in_person()
    if await admit_account(db, account=account, now=now) is None:
        raise WrongPassword
    await db.run(_SET, account_id=actor.account_id, new=new)
    await stop_sign_ins(db, account_id=actor.account_id, now=now)
    await raise_security_version(db, account_id=actor.account_id, now=now)
    return {**await get_profile(db, actor), "must_change_password": False}
