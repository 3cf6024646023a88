"""Revealing (查看明文): what is sealed of one teacher is shown in full, for a reason, so often a day.

「采取相应的加密、去标识化等安全技术措施」「合理确定个人信息处理的操作权限」 (PIPL, article 51).
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Text, Uuid, bindparam, cast, func, literal_column, select
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, SHANGHAI, Command, civil_date
from app.domain.errors import TooMany
from app.domain.people.identity import IdKind, PersonalDataCipher
from app.domain.people.optional_data import TeacherPhone, phone_context
from app.domain.people.personal_data.looks import Look, LookKind, PersonalDatum, record_looks
from app.domain.people.teachers import TEACHERS, Teacher
from app.sql import Connection, Row, Statement

REVEALS_A_DAY = 50
"""How often one account may see somebody unmasked on one civil day."""


class RevealRequest(Command):
    """What is to be shown, and why."""

    data: list[PersonalDatum] = Field(
        min_length=1, max_length=3, description="信息项 / what is to be shown"
    )
    reason: str = Field(
        min_length=4, max_length=200, description="理由，本人可见 / the person sees it"
    )


class RevealedView(BaseModel):
    """What was asked for, in full; whatever was not is null."""

    teacher_id: UUID = Field(description="教师 / teacher")
    id_kind: IdKind | None = Field(description="证件类型 / kind of document")
    id_number: str | None = Field(description="证件号码 / ID number")
    birth_date: date | None = Field(description="出生日期 / date of birth")
    phone: str | None = Field(description="手机号，未登记为空 / number, null where none is kept")
    left_today: int = Field(description="今日剩余次数 / how many more today")


# What can be refused.


class RevealsUsedUp(TooMany):
    """The account has looked as often today as one may."""

    code = "reveals_used_up"
    zh = "今日查看明文已达 {limit} 次上限，请明天再试。"
    en = "You have looked {limit} times today, which is the most: try again tomorrow."


# What may be done.

_ACCOUNT = bindparam("account_id", type_=Uuid)
_LOCK = Statement(
    select(literal_column("1")).select_from(Account).where(col(Account.id) == _ACCOUNT)
    .with_for_update(key_share=True)
)  # fmt: skip
_USED = Statement(
    select(func.count()).where(
        col(Look.account_id) == _ACCOUNT,
        col(Look.at) >= bindparam("since", type_=MOMENT),
        cast(col(Look.kind), Text) == literal_column(f"'{LookKind.REVEALED}'"),
    )
)
_SEALED = Statement(
    select(
        col(Teacher.id_kind),
        col(Teacher.id_number_sealed),
        col(Teacher.birth_date),
        col(TeacherPhone.phone_sealed),
    )
    .join_from(Teacher, TeacherPhone, col(TeacherPhone.teacher_id) == col(Teacher.id), isouter=True)
    .where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
)


async def reveal_personal_data(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    request: RevealRequest,
    cipher: PersonalDataCipher,
    now: datetime,
) -> Row:
    """What is sealed of a teacher, in full; the look is in the transaction of the answer.

    Nobody sees it through an application. A teacher may see the own data in the same way.
    """
    actor.require_in_person()
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.PERSONAL_DATA_REVEAL)
    left = await _count_down(db, actor, now)
    wanted = list(dict.fromkeys(request.data))
    await record_looks(
        db,
        actor,
        teacher_ids=[teacher_id],
        kind=LookKind.REVEALED,
        data=wanted,
        reason=request.reason,
        now=now,
    )
    sealed = await db.one(_SEALED, teacher_id=teacher_id) or {}
    opened = {datum: _opened(datum, teacher_id, sealed, cipher) for datum in wanted}
    return {
        "teacher_id": teacher_id,
        "id_kind": sealed["id_kind"] if PersonalDatum.ID_NUMBER in opened else None,
        **{datum.value: opened.get(datum) for datum in PersonalDatum},
        "left_today": left,
    }


def _opened(datum: PersonalDatum, teacher_id: UUID, row: Row, cipher: PersonalDataCipher) -> Any:
    if datum is PersonalDatum.BIRTH_DATE:
        return row["birth_date"]
    if datum is PersonalDatum.ID_NUMBER:
        return cipher.open(row["id_number_sealed"], context=f"teacher|id_number|{teacher_id}")
    sealed = row["phone_sealed"]
    return None if sealed is None else cipher.open(sealed, context=phone_context(teacher_id))


async def _count_down(db: Connection, actor: Actor, now: datetime) -> int:
    """How many more the account may see today after this one; refused where there is none left.

    The account is locked first, so that of two requests at once the second counts the first.
    """
    midnight = datetime.combine(civil_date(now), time(), SHANGHAI)
    await db.value(_LOCK, account_id=actor.account_id)
    left = REVEALS_A_DAY - int(await db.value(_USED, account_id=actor.account_id, since=midnight))
    if left <= 0:
        tomorrow = midnight + timedelta(days=1)
        wait = int((tomorrow - now).total_seconds()) + 1
        raise RevealsUsedUp(limit=REVEALS_A_DAY, retry_after=wait)
    return left - 1
