"""A second factor as it is kept: its secret, which of its codes were used, its recovery codes."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    BigInteger,
    LargeBinary,
    UniqueConstraint,
    Uuid,
    bindparam,
    func,
    select,
    update,
)
from sqlmodel import Field, col

from app.domain.access.second_factors.codes import is_one_time, matching_step
from app.domain.base import MOMENT, SecretCipher, Table, key
from app.domain.errors import Invalid
from app.sql import Connection, Row, Statement


class SecondFactor(Table, table=True):
    """The authenticator of an account, and the one that may take its place once it is confirmed.

    Since when the account is asked for its codes is told by the account's own row, which every
    sign-in reads.
    """

    account_id: UUID = Field(primary_key=True, sa_type=Uuid, foreign_key="account.id")
    secret_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    used_step: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    """The period of the last code that was used: it and those before it are used up."""
    next_secret_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    next_until: datetime | None = Field(default=None, sa_type=MOMENT)


class RecoveryCode(Table, table=True):
    """A code on paper for the day on which the authenticator is lost, by its hash; used once."""

    __table_args__ = (UniqueConstraint("account_id", "code_hash"),)

    id: UUID = key()
    account_id: UUID = Field(sa_type=Uuid, foreign_key="account.id")
    code_hash: bytes = Field(sa_type=LargeBinary)
    used_at: datetime | None = Field(default=None, sa_type=MOMENT)


class SecondFactorView(BaseModel):
    """How one's own sign-in is guarded."""

    since: datetime | None = Field(
        description="启用时间，未启用为空 / asked for since; null where there is none"
    )
    recovery_codes_left: int = Field(description="剩余恢复码数 / recovery codes not yet used")


# What can be refused.


class SecondFactorNeeded(Invalid):
    """The password is right, and the account has a second factor: its code is missing."""

    code = "second_factor_needed"
    zh = "该账号已启用两步验证，请同时提供验证码。"
    en = "This account has a second factor: give the code of the authenticator as well."


class WrongSecondFactor(Invalid):
    """The code is wrong, too old, or was used before."""

    code = "wrong_second_factor"
    zh = "验证码错误、已过期或已被使用。"
    en = "The code is wrong, too old, or was used before."


# What may be asked.


def second_factor_context(column: str, account_id: UUID) -> str:
    """The place for which a secret of an account is sealed."""
    return f"second_factor|{column}|{account_id}"


_FACTOR = Statement(
    select(
        col(SecondFactor.secret_sealed),
        col(SecondFactor.used_step),
        col(SecondFactor.next_secret_sealed),
        col(SecondFactor.next_until),
    ).where(col(SecondFactor.account_id) == bindparam("account_id", type_=Uuid))
)
_LEFT = Statement(
    select(func.count()).where(
        col(RecoveryCode.account_id) == bindparam("account_id", type_=Uuid),
        col(RecoveryCode.used_at).is_(None),
    )
)


async def read_second_factor(db: Connection, *, account_id: UUID) -> Row | None:
    """The sealed secrets of an account, or None."""
    return await db.one(_FACTOR, account_id=account_id)


async def count_recovery_codes(db: Connection, *, account_id: UUID) -> int:
    """How many recovery codes of an account are not used yet."""
    return int(await db.value(_LEFT, account_id=account_id))


# What may be done.

_USE_STEP = Statement(
    update(SecondFactor)
    .where(
        col(SecondFactor.account_id) == bindparam("account_id", type_=Uuid),
        col(SecondFactor.used_step) < bindparam("step", type_=BigInteger),
    )
    .values(used_step=bindparam("step", type_=BigInteger))
)
_USE_RECOVERY_CODE = Statement(
    update(RecoveryCode)
    .where(
        col(RecoveryCode.account_id) == bindparam("account_id", type_=Uuid),
        col(RecoveryCode.code_hash) == bindparam("code_hash", type_=LargeBinary),
        col(RecoveryCode.used_at).is_(None),
    )
    .values(used_at=bindparam("now", type_=MOMENT))
)


async def use_second_factor(
    db: Connection,
    *,
    account_id: UUID,
    given: str,
    code_hash: bytes,
    cipher: SecretCipher,
    now: datetime,
) -> bool:
    """Use up a plain code of an account, of its authenticator or a recovery code; whether it was one.

    `code_hash` is the hash of the code. Of two who bring the same code at the same moment one is
    let in: the database decides who.
    """
    if not is_one_time(given):
        used = await db.run(_USE_RECOVERY_CODE, account_id=account_id, code_hash=code_hash, now=now)
        return used == 1
    factor = await db.one(_FACTOR, account_id=account_id)
    if factor is None or factor["secret_sealed"] is None:
        return False
    context = second_factor_context("secret", account_id)
    secret = cipher.open(factor["secret_sealed"], context=context)
    step = matching_step(secret, given, now=now, after=factor["used_step"])
    if step is None:
        return False
    return await db.run(_USE_STEP, account_id=account_id, step=step) == 1
