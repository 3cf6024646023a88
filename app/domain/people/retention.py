"""Retention (保存期限): how long each kind of personal data is kept, from when on, and on which ground.

「个人信息的保存期限应当为实现处理目的所必要的最短时间」 (PIPL, article 19); people are told (article 17). A
period that no source names is an assumption of the system and says so.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, Field
from sqlalchemy import Date, Integer, bindparam, delete, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import civil_date, holds_on
from app.domain.people.facts.engagement import GONE, TeacherState
from app.domain.people.optional_data import TeacherPhone
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Row, Statement


class KeptData(StrEnum):
    """A kind of data that has a period of its own."""

    RECORD = "record"
    """师训档案: identity, career, attendance, notes, credits"""
    PHONE = "phone"
    CORRECTION = "correction"
    LOOK = "look"
    AUDIT = "audit"
    PROVISION = "provision"
    DATA_CONSENT = "data_consent"
    SIGN_IN = "sign_in"


class Ending(StrEnum):
    """What becomes of it at the end."""

    KEPT = "kept"
    """长期保存: nothing here removes it"""
    ERASED_AT_ONCE = "erased_at_once"
    """立即删除: with what ends it, in the same transaction"""
    ERASED_BY_OPERATOR = "erased_by_operator"
    """运维命令删除: `yanxun retention`"""


class RetentionPeriod(BaseModel):
    """How long one kind of data is kept."""

    data: KeptData = Field(description="信息类别 / kind of data")
    what: str = Field(description="包括什么 / what it is")
    least_months: int | None = Field(
        description="至少保存月数 / months at least, null for none named"
    )
    most_months: int | None = Field(description="至多保存月数 / months at most, null for no end")
    counted_from: str = Field(description="起算 / from when on")
    ending: Ending = Field(description="到期处理 / what becomes of it")
    basis: str = Field(description="依据 / document and article")
    assumed: bool = Field(
        description="无明文规定、由本系统设定 / whether no source names the period"
    )


PHONE_MONTHS: Final = 12
"""Months after somebody has retired or left until the telephone number is erased."""

_PIPL = "个人信息保护法（Personal Information Protection Law）"

PERIODS: Final = (
    RetentionPeriod(
        data=KeptData.RECORD,
        what="身份、任职、报名、考勤、研修笔记、学分台账 / identity, career, training, credits",
        least_months=None, most_months=None,
        counted_from="登记之日 / entry",
        ending=Ending.KEPT,
        basis=f"{_PIPL} 13（二）（三）、19：履行法定职责；学分台账只增不改，须可追溯核验",
        assumed=True,
    ),
    RetentionPeriod(
        data=KeptData.PHONE,
        what="手机号（密文） / telephone number, sealed",
        least_months=None, most_months=PHONE_MONTHS,
        counted_from="退休或调离之日；撤回同意即时删除 / retirement or leaving; at once with the consent",
        ending=Ending.ERASED_BY_OPERATOR,
        basis=f"{_PIPL} 19、47",
        assumed=True,
    ),
    RetentionPeriod(
        data=KeptData.CORRECTION,
        what="更正申请中的敏感内容（密文） / what a request states, where it is sealed",
        least_months=None, most_months=0,
        counted_from="处理完毕 / decision",
        ending=Ending.ERASED_AT_ONCE,
        basis=f"{_PIPL} 19、46",
        assumed=True,
    ),
    RetentionPeriod(
        data=KeptData.LOOK,
        what="查阅记录 / who saw what is sealed",
        least_months=6, most_months=None,
        counted_from="查阅之日 / the look",
        ending=Ending.KEPT,
        basis="网络安全法（Cybersecurity Law）21：日志留存不少于六个月",
        assumed=False,
    ),
    RetentionPeriod(
        data=KeptData.AUDIT,
        what="审计记录 / audit trail",
        least_months=6, most_months=None,
        counted_from="操作之日 / the act",
        ending=Ending.KEPT,
        basis="网络安全法（Cybersecurity Law）21：日志留存不少于六个月",
        assumed=False,
    ),
    RetentionPeriod(
        data=KeptData.PROVISION,
        what="对外提供记录 / provisions to others",
        least_months=36, most_months=None,
        counted_from="提供之日 / the provision",
        ending=Ending.KEPT,
        basis="网络数据安全管理条例（Network Data Security Regulations）12：至少保存3年",
        assumed=False,
    ),
    RetentionPeriod(
        data=KeptData.DATA_CONSENT,
        what="同意与撤回的记录 / consents given and taken back",
        least_months=None, most_months=None,
        counted_from="同意之日 / the consent",
        ending=Ending.KEPT,
        basis=f"{_PIPL} 14、15：须能说明何时取得、何时撤回",
        assumed=True,
    ),
    RetentionPeriod(
        data=KeptData.SIGN_IN,
        what="登录记录（网络地址、客户端） / sign-ins: address, program",
        least_months=6, most_months=None,
        counted_from="登录之日 / the sign-in",
        ending=Ending.KEPT,
        basis="网络安全法（Cybersecurity Law）21：日志留存不少于六个月",
        assumed=False,
    ),
)  # fmt: skip
"""Every period, as both faces tell it."""


# What may be asked.


async def list_retention_periods(
    db: Connection,  # noqa: ARG001  the periods are code, and shown as they are
    actor: Actor,  # noqa: ARG001  whoever is signed in may know them
) -> list[Row]:
    """How long what is kept."""
    return [period.model_dump() for period in PERIODS]


_DAY = bindparam("day", type_=Date)
_LONG_GONE = (
    select(col(TeacherState.teacher_id))
    .where(
        holds_on(TeacherState, _DAY),
        is_among(col(TeacherState.state), GONE),
        col(TeacherState.valid_from)
        <= _DAY - func.make_interval(0, bindparam("months", type_=Integer)),
    )
    .scalar_subquery()
)
_OVERDUE = Statement(
    select(func.count())
    .select_from(TeacherPhone)
    .where(col(TeacherPhone.teacher_id).in_(_LONG_GONE))
)


async def count_overdue(db: Connection, *, now: datetime) -> int:
    """How many telephone numbers are kept longer than they may be."""
    return int(await db.value(_OVERDUE, day=civil_date(now), months=PHONE_MONTHS))


# What may be done.

_ERASE = Statement(delete(TeacherPhone).where(col(TeacherPhone.teacher_id).in_(_LONG_GONE)))


async def erase_overdue(db: Connection, *, now: datetime) -> int:
    """Erase the telephone numbers of those who retired or left long enough ago; how many it were."""
    return await db.run(_ERASE, day=civil_date(now), months=PHONE_MONTHS)
