"""Signing a person in, for the token endpoint and for the pages: the check that comes before all else."""

import asyncio
import time
from datetime import timedelta

from starlette.types import Scope

from app.domain.access import sign_in
from app.domain.access.accounts import AccountKind
from app.domain.access.actors import Actor
from app.domain.access.attempts import count_attempt
from app.domain.access.audit import record_refusal
from app.domain.access.sign_in import WrongCredentials
from app.request import Resources, now
from app.request.addresses import attempt_key, who_asks
from app.request.recording import SIGN_IN, provenance
from app.request.second_factor import check_second_factor
from app.security import passwords
from app.sql import Connection, Row

REFUSED_AFTER = 0.15
"""Seconds after which a wrong name or password is refused, so that the time does not tell which."""


async def check_person(
    held: Resources, scope: Scope, *, name: str, secret: str, code: str | None
) -> Row:
    """The account of this name if the password is right; to be admitted in a transaction.

    Where it has a second factor, `code` has to be right too: that is told once the password was.
    Raises `WrongCredentials`, which does not tell why, and `TooManyAttempts`. Every try counts for
    the address, a wrong one for the account too: in a transaction of its own, so that the refusal
    undoes neither the count nor the record of it. No connection is held while the password is hashed:
    that takes long on purpose.
    """
    begun = time.monotonic()
    try:
        account = await _check(held, scope, name=name, secret=secret)
        await check_second_factor(held, account, code, came_from=provenance(scope))
        return account
    except WrongCredentials:
        # What is counted and recorded of an account that there is takes time, too.
        await asyncio.sleep(begun + REFUSED_AFTER - time.monotonic())
        raise


async def _check(held: Resources, scope: Scope, *, name: str, secret: str) -> Row:
    async with held.pool.connection() as db:
        await count_try(held, db, scope, what="sign in")
        account = await sign_in.find_account(db, name=name)
    is_person = account is not None and account["kind"] == AccountKind.PERSON
    stored = account["secret"] if account is not None and is_person else None
    right, _ = await passwords.verify_password(secret, None if stored is None else stored.decode())
    moment = now()
    if account is None or not is_person:
        raise WrongCredentials
    may = sign_in.may_sign_in(account, now=moment)
    if not right or not may:
        async with held.pool.transaction() as db:
            if may:
                await sign_in.record_wrong_secret(db, account_id=account["id"], now=moment)
            await record_refusal(
                db,
                Actor(account_id=account["id"], grants=()),
                operation=SIGN_IN,
                target_id=None,
                refusal=WrongCredentials.code,
                provenance=provenance(scope),
            )
        raise WrongCredentials
    return account


async def count_try(held: Resources, db: Connection, scope: Scope, *, what: str) -> None:
    """Count a try of something from where this request comes, over all processes together."""
    settings = held.settings
    await count_attempt(
        db,
        key=attempt_key(what, who_asks(scope)),
        at_once=settings.attempts_at_once,
        every=timedelta(minutes=1) / settings.attempts_per_minute,
        now=now(),
    )
