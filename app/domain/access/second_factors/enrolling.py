"""Enrolling an authenticator (绑定验证器): begun with a password, in force once it has shown a code."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict, SecretStr
from sqlalchemy import BigInteger, LargeBinary, Uuid, bindparam, delete, null, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.accounts import Account, raise_security_version
from app.domain.access.actors import Actor, is_administrator
from app.domain.access.second_factors.codes import matching_step, setup_address
from app.domain.access.second_factors.factor import (
    RecoveryCode,
    SecondFactor,
    SecondFactorView,
    WrongSecondFactor,
    read_second_factor,
    second_factor_context,
)
from app.domain.access.sign_in import WrongPassword, admit_account, lock_account
from app.domain.access.sign_ins import stop_sign_ins
from app.domain.base import MOMENT, Command, SecretCipher
from app.domain.errors import Conflict
from app.sql import Connection, Row, Statement, new_id

ISSUER = "Yanxun"
"""How an authenticator calls us."""
ENROLMENT_LASTS = timedelta(minutes=15)


class OwnProof(Command):
    """That it is oneself who asks: the password, and a code where there is a second factor."""

    model_config = ConfigDict(str_strip_whitespace=False)

    password: SecretStr = Field(max_length=256, description="当前密码 / one's password")
    code: SecretStr | None = Field(
        default=None,
        max_length=40,
        description="验证码或恢复码，已启用两步验证者必填"
        " / code of the authenticator or a recovery code, where there is a second factor",
    )


class SecondFactorCode(Command):
    """The first code of an authenticator."""

    code: str = Field(min_length=1, max_length=40, description="验证码 / code")


class SecondFactorEnrolmentView(BaseModel):
    """What an authenticator is told; it is shown this once."""

    secret: str = Field(description="密钥（base32），手工输入用 / the secret, to be typed")
    address: str = Field(description="otpauth 地址，可生成二维码 / for a QR code")
    expires_at: datetime = Field(description="须在此前确认 / to be confirmed before")


class ConfirmedView(SecondFactorView):
    """A second factor that has just come into force, with its recovery codes."""

    recovery_codes: list[str] = Field(
        description="恢复码，每个可用一次，仅显示一次 / each good for one use; shown this once"
    )


# What can be refused.


class EnrolmentOver(Conflict):
    """No enrolment was begun, or a quarter of an hour ago."""

    code = "enrolment_over"
    zh = "未开始绑定验证器，或已超过十五分钟，请重新开始。"
    en = "No enrolment was begun, or its quarter of an hour is over: begin again."


class NoSecondFactor(Conflict):
    """There is nothing to remove."""

    code = "no_second_factor"
    zh = "该账号未启用两步验证。"
    en = "This account has no second factor."


class SecondFactorRequired(Conflict):
    """Administrators keep a second factor here; they replace it by enrolling another."""

    code = "second_factor_required"
    zh = "管理员须启用两步验证，不能移除；如需更换请重新绑定。"
    en = "Administrators keep a second factor here: enrol another to replace it."


# What may be done.

_NEXT = insert(SecondFactor).values(
    account_id=bindparam("account_id", type_=Uuid),
    used_step=0,
    next_secret_sealed=bindparam("sealed", type_=LargeBinary),
    next_until=bindparam("until", type_=MOMENT),
)
_BEGIN = Statement(
    _NEXT.on_conflict_do_update(
        index_elements=[col(SecondFactor.account_id)],
        set_={
            "next_secret_sealed": _NEXT.excluded.next_secret_sealed,
            "next_until": _NEXT.excluded.next_until,
        },
    )
)
_OF_ACCOUNT = bindparam("account_id", type_=Uuid)
_CONFIRM = Statement(
    update(SecondFactor)
    .where(col(SecondFactor.account_id) == _OF_ACCOUNT)
    .values(
        secret_sealed=bindparam("sealed", type_=LargeBinary),
        used_step=bindparam("step", type_=BigInteger),
        next_secret_sealed=null(),
        next_until=null(),
    )
)
_SINCE = Statement(
    update(Account)
    .where(col(Account.id) == _OF_ACCOUNT)
    .values(second_factor_since=bindparam("since", type_=MOMENT))
)
_FORGET_CODES = Statement(delete(RecoveryCode).where(col(RecoveryCode.account_id) == _OF_ACCOUNT))
_FORGET = Statement(delete(SecondFactor).where(col(SecondFactor.account_id) == _OF_ACCOUNT))


async def enrol_second_factor(
    db: Connection, actor: Actor, *, account: Row, secret: str, cipher: SecretCipher, now: datetime
) -> Row:
    """Begin to enrol an authenticator with this secret; until it is confirmed nothing changes.

    `account` is the actor's, as it was when its password (and a code, if it had a second factor)
    was checked.
    """
    actor.require_in_person()
    actor.require_own_password()
    if await admit_account(db, account=account, now=now) is None:
        raise WrongPassword
    account_id, until = actor.account_id, now + ENROLMENT_LASTS
    sealed = cipher.seal(secret, context=second_factor_context("next_secret", account_id))
    await db.run(_BEGIN, account_id=account_id, sealed=sealed, until=until)
    address = setup_address(secret, name=account["name"], issuer=ISSUER)
    return {"secret": secret, "address": address, "expires_at": until}


async def confirm_second_factor(
    db: Connection,
    actor: Actor,
    *,
    given: str,
    recovery_hashes: Sequence[bytes],
    cipher: SecretCipher,
    now: datetime,
) -> Row:
    """Let the authenticator that shows this plain code be the second factor from now on.

    Recovery codes of before are worth nothing any more, and every sign-in ends: whoever signs in
    next gives a code.
    """
    actor.require_in_person()
    actor.require_own_password()
    account_id = actor.account_id
    await lock_account(db, account_id=account_id)
    factor = await read_second_factor(db, account_id=account_id)
    if factor is None or factor["next_until"] is None or factor["next_until"] <= now:
        raise EnrolmentOver
    context = second_factor_context("next_secret", account_id)
    secret = cipher.open(factor["next_secret_sealed"], context=context)
    step = matching_step(secret, given, now=now, after=0)
    if step is None:
        raise WrongSecondFactor
    sealed = cipher.seal(secret, context=second_factor_context("secret", account_id))
    await db.run(_CONFIRM, account_id=account_id, sealed=sealed, step=step)
    await db.run(_FORGET_CODES, account_id=account_id)
    codes = [
        {"id": new_id(), "account_id": account_id, "code_hash": each} for each in recovery_hashes
    ]
    await db.insert_all(RecoveryCode, codes)
    await _set_since(db, account_id, now, now=now)
    return {"since": now, "recovery_codes_left": len(codes)}


async def remove_second_factor(
    db: Connection, actor: Actor, *, account: Row, is_demanded: bool, now: datetime
) -> Row:
    """Do without one's second factor; every sign-in ends.

    `account` is as in `enrol_second_factor`. Where administrators are demanded to have one they
    cannot.
    """
    actor.require_in_person()
    actor.require_own_password()
    if await admit_account(db, account=account, now=now) is None:
        raise WrongPassword
    if account["second_factor_since"] is None:
        raise NoSecondFactor
    if is_demanded and is_administrator(actor.grants):
        raise SecondFactorRequired
    await drop_second_factor(db, account_id=actor.account_id, now=now)
    return {"since": None, "recovery_codes_left": 0}


async def drop_second_factor(db: Connection, *, account_id: UUID, now: datetime) -> None:
    """Forget the second factor of an account, which the caller has locked; every sign-in ends."""
    await db.run(_FORGET_CODES, account_id=account_id)
    await db.run(_FORGET, account_id=account_id)
    await _set_since(db, account_id, None, now=now)


async def _set_since(
    db: Connection, account_id: UUID, since: datetime | None, *, now: datetime
) -> None:
    await db.run(_SINCE, account_id=account_id, since=since)
    await stop_sign_ins(db, account_id=account_id, now=now)
    await raise_security_version(db, account_id=account_id, now=now)
