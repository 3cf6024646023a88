"""Finding a teacher by a whole number (按号查询): by its blind index, within one's own place.

The number stands in the body of a request, never in an address. Who has the number may learn whose it
is, where that person is within reach; how often this may be tried is bounded.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Self

from pydantic import SecretStr, model_validator
from sqlalchemy import LargeBinary, bindparam, func, select, union
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.attempts import count_attempt
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Unfit
from app.domain.people.identity import PersonalDataCipher, normal_id_number
from app.domain.people.optional_data import TeacherPhone, check_phone
from app.domain.people.personal_data.looks import LookKind, PersonalDatum, record_looks
from app.domain.people.teachers import TEACHERS, Teacher
from app.sql import Connection, Row, Statement

AT_ONCE = 50
EVERY = timedelta(minutes=5)
"""How often an account may look for a number: so many together, then one in each such time."""


class NumberSought(Command):
    """One number, and why it is looked for."""

    id_number: SecretStr | None = Field(default=None, description="证件号码 / ID number, whole")
    phone: SecretStr | None = Field(default=None, description="手机号 / telephone number, whole")
    reason: str = Field(
        min_length=4, max_length=200, description="理由，本人可见 / the person sees it"
    )

    @model_validator(mode="after")
    def _is_one_number(self) -> Self:
        if (self.id_number is None) == (self.phone is None):
            raise Unfit(
                "请填写证件号码或手机号之一。", "Give either an ID number or a telephone number."
            )
        return self


# What may be done.

_INDEX = bindparam("index", type_=LargeBinary)
_HAVING = Statement(
    union(
        # By either of the numbers under which somebody was entered twice.
        select(func.coalesce(col(Teacher.merged_into_id), col(Teacher.id)).label("id")).where(
            col(Teacher.id_number_index) == _INDEX
        ),
        select(col(TeacherPhone.teacher_id)).where(col(TeacherPhone.phone_index) == _INDEX),
    )
)


async def find_teachers(
    db: Connection, actor: Actor, *, sought: NumberSought, cipher: PersonalDataCipher, now: datetime
) -> list[Row]:
    """The teachers with this number whose data the actor may see unmasked; mostly one, or none."""
    actor.require_in_person()
    scope = actor.require(Permission.PERSONAL_DATA_REVEAL)
    if sought.id_number is not None:
        datum, number = (
            PersonalDatum.ID_NUMBER,
            normal_id_number(sought.id_number.get_secret_value()),
        )
    else:
        datum, number = (
            PersonalDatum.PHONE,
            check_phone((sought.phone or SecretStr("")).get_secret_value()),
        )
    tried = sha256(b"find_teachers" + actor.account_id.bytes).digest()
    await count_attempt(db, key=tried, at_once=AT_ONCE, every=EVERY, now=now)
    having = [row["id"] for row in await db.all(_HAVING, index=cipher.blind_index(number))]
    seen = await TEACHERS.by_id(db, actor, having)
    found = [
        row
        for row in seen.values()
        if row is not None and scope.covers(row | {"teacher_id": row["id"]})
    ]
    await record_looks(
        db,
        actor,
        teacher_ids=[row["id"] for row in found],
        kind=LookKind.FOUND,
        data=[datum],
        reason=sought.reason,
        now=now,
    )
    return found
