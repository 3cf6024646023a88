"""The catalogue of shared data (共享数据目录): what is shared with others, by which fields and on which ground.

It is made from what the code sends and shows, so that it cannot say something else: the contents of
records for the province, and what a registered application is shown with each scope.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field

from app.domain.access.actors import Actor
from app.domain.access.roles import PERMISSIONS, Permission, Role
from app.domain.credits.certificates import CertificateView
from app.domain.credits.entries import CreditEntryView
from app.domain.exchange.arrivals import ArrivalFields
from app.domain.exchange.challenges import ChallengeView
from app.domain.exchange.submissions.contents import (
    CertificateContent,
    CertificateEndContent,
    CreditContent,
    TeacherContent,
    TeacherEndContent,
)
from app.domain.organisation.units import UnitView
from app.domain.people.provisions import DataCategory, LegalBasis, Recipient
from app.domain.people.teachers import TeacherView
from app.sql import Connection, Row


class SharingWay(StrEnum):
    """How it is shared (共享方式)."""

    SUBMITTED = "submitted"
    """推送：随报送交付"""
    READ = "read"
    """接口读取"""
    TAKEN_IN = "taken_in"
    """接收：由对方提供"""


class SharedField(BaseModel):
    """One field of what is shared."""

    name: str = Field(description="字段 / name")
    description: str = Field(description="说明 / what it says")


class SharedDataView(BaseModel):
    """One kind of thing that is shared."""

    name: str = Field(description="数据资源 / resource")
    way: SharingWay = Field(description="共享方式 / how it is shared")
    recipient: Recipient = Field(description="接收或提供方 / with whom")
    scope: Permission | None = Field(description="所需权限范围 / scope by which it is read")
    basis: LegalBasis = Field(description="合法性基础 / ground")
    ground: str = Field(description="依据 / where the ground stands")
    categories: list[DataCategory] = Field(description="个人信息类别 / categories of personal data")
    fields: list[SharedField] = Field(description="字段 / fields")


_DUTY = "个人信息保护法第十三条第一款第三项；政务数据共享条例（2025-08-01起施行）"
_IDENTITY, _CREDITS = DataCategory.IDENTITY, DataCategory.CREDITS
_SENT: tuple[tuple[str, type[BaseModel], tuple[DataCategory, ...]], ...] = (
    ("teacher", TeacherContent, (_IDENTITY, DataCategory.CAREER)),
    ("teacher_end", TeacherEndContent, (_IDENTITY, DataCategory.CAREER)),
    ("credit", CreditContent, (_CREDITS,)),
    ("reversal", CreditContent, (_CREDITS,)),
    ("certificate", CertificateContent, (_CREDITS,)),
    ("certificate_end", CertificateEndContent, (_CREDITS,)),
)
_READ: tuple[tuple[str, type[BaseModel], Permission, tuple[DataCategory, ...]], ...] = (
    ("unit", UnitView, Permission.UNIT_READ, ()),
    ("teacher", TeacherView, Permission.TEACHER_READ, (_IDENTITY,)),
    ("credit_entry", CreditEntryView, Permission.CREDIT_READ, (_CREDITS,)),
    ("certificate", CertificateView, Permission.CERTIFICATE_READ, (_IDENTITY, _CREDITS)),
    ("challenge", ChallengeView, Permission.PROVINCE_READ, (_IDENTITY,)),
)


def _fields(model: type[BaseModel]) -> list[Row]:
    return [
        {"name": name, "description": each.description or ""}
        for name, each in model.model_fields.items()
    ]


def _line(
    name: str,
    model: type[BaseModel],
    way: SharingWay,
    categories: Sequence[DataCategory],
    scope: Permission | None = None,
) -> dict[str, Any]:
    return {
        "name": name,
        "way": way,
        "recipient": Recipient.PROVINCE,
        "scope": scope,
        "basis": LegalBasis.STATUTORY_DUTY,
        "ground": _DUTY,
        "categories": list(categories),
        "fields": _fields(model),
    }


CATALOGUE: tuple[dict[str, Any], ...] = (
    *(_line(name, model, SharingWay.SUBMITTED, what) for name, model, what in _SENT),
    *(
        _line(name, model, SharingWay.READ, what, scope)
        for name, model, scope, what in _READ
        if scope in PERMISSIONS[Role.PROVINCE]
    ),
    _line("arrival", ArrivalFields, SharingWay.TAKEN_IN, (_IDENTITY, _CREDITS)),
)
"""All of it, in the order in which it is shown."""


# What may be asked.


async def list_shared_data(
    db: Connection,  # noqa: ARG001  the catalogue is code; every read has the same form
    actor: Actor,
    *,
    way: SharingWay | None = None,
) -> list[Row]:
    """The catalogue, for whoever is signed in: whom data are about may know where they go."""
    actor.require_free()
    return [dict(line) for line in CATALOGUE if way in {None, line["way"]}]
