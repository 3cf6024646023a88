"""The signed-in person's own profile: the account, its roles, and what they permit."""

from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.roles import PERMISSIONS, Permission, Role, SubjectKind
from app.domain.errors import Unauthenticated
from app.sql import Connection, Row, Statement


class ProfileGrant(BaseModel):
    """One role as the token carries it, with what it permits."""

    role: Role = Field(description="角色 / role")
    subject: SubjectKind = Field(description="授权对象类型 / kind of subject")
    subject_id: UUID = Field(description="授权对象 / subject")
    city_id: UUID = Field(description="所属市 / city")
    county_id: UUID | None = Field(description="主管教育局 / bureau in charge")
    school_id: UUID | None = Field(description="学校 / school")
    permissions: list[Permission] = Field(description="权限 / permissions")


class ProfileView(BaseModel):
    """Who is signed in, and what they may do where."""

    account_id: UUID = Field(description="账号 / account")
    name: str = Field(description="登录名 / sign-in name")
    display_name: str = Field(description="显示名称 / display name")
    teacher_id: UUID | None = Field(description="教师本人 / the teacher whose account it is")
    grants: list[ProfileGrant] = Field(description="授权 / grants")


_ACCOUNT = Statement(
    select(
        col(Account.id).label("account_id"),
        col(Account.name),
        col(Account.display_name),
        col(Account.teacher_id),
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
            "permissions": sorted(PERMISSIONS[grant.role]),
        }
        for grant in actor.grants
    ]
    return {**account, "grants": grants}
