"""The second factor at the edge: its code is checked where a password is, and counts as one does."""

from typing import NamedTuple

from app.database.pool import Pool
from app.domain.access.accounts import AccountKind
from app.domain.access.actors import Actor
from app.domain.access.audit import Provenance, record_refusal
from app.domain.access.second_factors import (
    OwnProof,
    SecondFactorNeeded,
    WrongSecondFactor,
    plain_code,
    use_second_factor,
)
from app.domain.access.sign_in import (
    WrongCredentials,
    WrongPassword,
    lock_account,
    may_sign_in,
    read_credentials,
    record_wrong_secret,
)
from app.request import Resources, now
from app.request.recording import SIGN_IN
from app.security import passwords
from app.sql import Row

RECOVERY_CODES = 10
"""How many recovery codes come with a second factor."""


class RecoveryCodes(NamedTuple):
    """New recovery codes, and what is stored of them."""

    shown: list[str]
    hashes: list[bytes]


def new_recovery_codes() -> RecoveryCodes:
    """Recovery codes for one second factor."""
    shown = [passwords.new_recovery_code() for _ in range(RECOVERY_CODES)]
    return RecoveryCodes(shown, [passwords.hash_secret(plain_code(each)) for each in shown])


async def check_own_password(pool: Pool, actor: Actor, given: str) -> Row:
    """The actor's account as it was when this was its password; raises `WrongPassword`.

    No connection is held while passwords are hashed: that takes long on purpose. A wrong password
    counts like one at sign-in, in a transaction of its own, so that the refusal does not undo it.
    """
    actor.require_in_person()
    async with pool.connection() as db:
        account = await read_credentials(db, account_id=actor.account_id)
    if account is None or account["kind"] != AccountKind.PERSON or account["secret"] is None:
        raise WrongPassword
    right, _ = await passwords.verify_password(given, account["secret"].decode())
    if not right:
        async with pool.transaction() as db:
            await record_wrong_secret(db, account_id=actor.account_id, now=now())
    if not right or not may_sign_in(account, now=now()):
        raise WrongPassword
    return account


async def check_second_factor(
    held: Resources, account: Row, code: str | None, *, came_from: Provenance | None = None
) -> None:
    """Use up the code of an account whose password was right; nothing where it has no second factor.

    Raises `SecondFactorNeeded`, `WrongSecondFactor`, and `WrongCredentials` for an account that was
    shut meanwhile. Wrong codes count like wrong passwords, one after the other: the account is locked
    while its code is looked at, in a transaction of its own, which the refusal does not undo. With
    `came_from` a wrong code is recorded as a sign-in that was refused.
    """
    if account["second_factor_since"] is None:
        return
    given = plain_code(code or "")
    if not given:
        raise SecondFactorNeeded
    account_id, moment = account["id"], now()
    async with held.pool.transaction() as db:
        present = await lock_account(db, account_id=account_id)
        may = present is not None and may_sign_in(present, now=moment)
        right = may and await use_second_factor(
            db,
            account_id=account_id,
            given=given,
            code_hash=passwords.hash_secret(given),
            cipher=held.cipher,
            now=moment,
        )
        if may and not right:
            await record_wrong_secret(db, account_id=account_id, now=moment)
            if came_from is not None:
                await record_refusal(
                    db,
                    Actor(account_id=account_id, grants=()),
                    operation=SIGN_IN,
                    target_id=None,
                    refusal=WrongSecondFactor.code,
                    provenance=came_from,
                )
    if not may:
        raise WrongCredentials
    if not right:
        raise WrongSecondFactor


async def check_own_proof(held: Resources, actor: Actor, proof: OwnProof) -> Row:
    """The actor's account, once its password and, where it has one, its second factor are right."""
    account = await check_own_password(held.pool, actor, proof.password.get_secret_value())
    code = None if proof.code is None else proof.code.get_secret_value()
    await check_second_factor(held, account, code)
    return account
