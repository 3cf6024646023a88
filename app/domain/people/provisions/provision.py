"""A provision (对外提供): what personal data went to whom outside, why, on which ground, how much, when.

Records of what is provided or entrusted to others are kept for three years at least (网络数据安全管理条例,
article 12). A batch for the province is one provision. What an application reads is summed up by scope
and day: a row for each read would outgrow what it tells about. Nothing is ever removed.
"""

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import (
    MOMENT,
    Placed,
    Table,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.sql import Connection


class Recipient(StrEnum):
    """To whom it went."""

    PROVINCE = "province"
    """省级平台"""
    APPLICATION = "application"
    """登记的应用"""
    AUTHORITY = "authority"
    """其他单位：本人同意提供成长档案的接收方"""


class LegalBasis(StrEnum):
    """On which ground."""

    STATUTORY_DUTY = "statutory_duty"
    """履行法定职责 (PIPL, article 13, 3)"""
    CONSENT = "consent"
    """本人同意 (PIPL, articles 13, 1 and 23): a person allowed the application"""
    ENTRUSTMENT = "entrustment"
    """委托处理 (PIPL, article 21): under the agreement that the register names"""


class DataCategory(StrEnum):
    """What kind of personal data it was."""

    IDENTITY = "identity"
    """身份: name, masked number, school"""
    CAREER = "career"
    """任职"""
    ATTENDANCE = "attendance"
    """参训: enrolments, attendance, notes"""
    CREDITS = "credits"
    """学分"""
    ACCOUNT = "account"
    """账号"""


CATEGORIES: dict[Permission, tuple[DataCategory, ...]] = {
    Permission.ACCOUNT_READ: (DataCategory.ACCOUNT,),
    Permission.ATTENDANCE_READ: (DataCategory.IDENTITY, DataCategory.ATTENDANCE),
    Permission.AUDIT_READ: (DataCategory.ACCOUNT,),
    Permission.CAREER_READ: (DataCategory.CAREER,),
    Permission.CHANGE_READ: (
        DataCategory.IDENTITY, DataCategory.CAREER, DataCategory.ATTENDANCE, DataCategory.CREDITS,
    ),
    Permission.CORRECTION_READ: (DataCategory.IDENTITY,),
    Permission.CREDIT_READ: (DataCategory.CREDITS,),
    Permission.FILE_READ: (DataCategory.IDENTITY, DataCategory.ATTENDANCE),
    Permission.GROUP_READ: (DataCategory.IDENTITY,),
    Permission.PROVINCE_EXCHANGE: (DataCategory.CREDITS,),
    Permission.PROVINCE_READ: (DataCategory.IDENTITY, DataCategory.CREDITS),
    Permission.RECORD_OWN: tuple(DataCategory),
    Permission.SUMMARY_READ: (DataCategory.IDENTITY, DataCategory.CREDITS),
    Permission.TEACHER_READ: (DataCategory.IDENTITY,),
    Permission.TRANSFER_READ: (DataCategory.IDENTITY, DataCategory.CAREER),
}  # fmt: skip
"""The scopes with which an application reads what is about people, and what that is."""

IMPERSONAL = frozenset({
    Permission.ACTIVITY_READ, Permission.CLIENT_READ, Permission.GUIDANCE_READ,
    Permission.PACK_READ, Permission.PROVISION_READ, Permission.UNIT_READ,
})  # fmt: skip
"""The scopes that show organisations, rules and what they do."""


def categories_of(scope: Permission) -> tuple[DataCategory, ...]:
    """What is read of people with a scope: nothing, or what is listed; who they are, of any other."""
    listed = CATEGORIES.get(scope)
    if listed is not None or scope in IMPERSONAL or not scope.value.endswith(":read"):
        return listed or ()
    return (DataCategory.IDENTITY,)


class ProvisionFields(BaseModel):
    """To whom, why, on which ground, what, how much and when."""

    recipient: Recipient = Field(description="接收方类型 / recipient", sa_type=text_enum(Recipient))
    recipient_name: str = Field(max_length=200, description="接收方 / who it is")
    purpose: str = Field(max_length=500, description="目的 / what for")
    legal_basis: LegalBasis = Field(
        description="合法性基础 / ground", sa_type=text_enum(LegalBasis)
    )
    categories: list[DataCategory] = Field(description="信息类别 / what", sa_type=ARRAY(Text))
    client_id: UUID | None = Field(
        default=None,
        description="应用 / application",
        foreign_key="account.id",
        sa_type=Uuid,
    )
    scope: Permission | None = Field(
        default=None, description="所用权限范围 / scope that was used", sa_type=Text
    )
    day: date = Field(description="日期 / civil day")
    times: int = Field(description="次数 / how often that day")
    people: int | None = Field(
        default=None, description="涉及人数，应用读取不计 / people; not counted of reads"
    )
    source_id: UUID | None = Field(
        default=None, description="批次或授权 / batch, or release", sa_type=Uuid
    )
    last_at: datetime = Field(description="最近一次 / the last time", sa_type=MOMENT)


class Provision(ProvisionFields, Placed, Table, table=True):
    """A provision, placed by the bureau that answers for it."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("client_id", "scope", "day", "for_person"),
        UniqueConstraint("source_id"),
        Index(None, "city_id", "day", "id"),
        Index(None, "county_id", "day", "id"),
    )

    id: UUID = key()
    for_person: bool | None = None
    """Whether the application read for a person who had allowed it; null for what is no application."""


class ProvisionView(ProvisionFields):
    """A provision as both faces show it."""

    id: UUID = Field(description="标识 / key")
    city_id: UUID = Field(description="所属市 / city")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")


class Reader(NamedTuple):
    """An application that reads: its account, and whether for a person who allowed it."""

    client_id: UUID
    for_person: bool


# What can be refused.


class ProvisionNotFound(NotFound):
    """There is no such record for the one who asks."""

    code = "provision_not_found"
    zh = "未找到该提供记录。"
    en = "There is no such record of a provision."


# What may be asked.

PROVISIONS = Door(
    table=Provision,
    view=ProvisionView,
    read=Permission.PROVISION_READ,
    missing=ProvisionNotFound,
    filters={
        "recipient": col(Provision.recipient),
        "client_id": col(Provision.client_id),
        "since": lambda since: col(Provision.day) >= since,
        "until": lambda until: col(Provision.day) < until,
    },
    sorts={"day": (col(Provision.day),)},
)


async def list_provisions(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    recipient: Recipient | None = None,
    client_id: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """What was provided in the actor's place, the latest first unless sorted otherwise.

    `since` is the first day of a period, `until` the first after it.
    """
    filters = {"recipient": recipient, "client_id": client_id, "since": since, "until": until}
    latest_first = replace(page, sort=page.sort or "-day")
    return await PROVISIONS.page(db, actor, latest_first, filters=filters)
