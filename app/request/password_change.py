"""Changing a password: the check of the old one and the hash of the new one, for both faces."""

from app.database.pool import Pool
from app.domain.access.accounts import AccountKind
from app.domain.access.actors import Actor
from app.domain.access.profile import PasswordChange, WrongPassword, check_new_password
from app.domain.access.sign_in import may_sign_in, read_credentials, record_wrong_secret
from app.request import now
from app.security import passwords


async def check_password_change(
    pool: Pool, actor: Actor, change: PasswordChange
) -> tuple[bytes, bytes]:
    """The stored hash of the old password and the one to store, for `profile.change_password`.

    No connection is held while passwords are hashed: that takes long on purpose. A wrong old password
    counts like one at sign-in, in a transaction of its own, so that the refusal does not undo it.
    """
    actor.require_in_person()
    async with pool.connection() as db:
        account = await read_credentials(db, account_id=actor.account_id)
    if account is None or account["kind"] != AccountKind.PERSON or account["secret"] is None:
        raise WrongPassword
    old: bytes = account["secret"]
    right, _ = await passwords.verify_password(change.old.get_secret_value(), old.decode())
    if not right:
        async with pool.transaction() as db:
            await record_wrong_secret(db, account_id=actor.account_id, now=now())
    if not right or not may_sign_in(account, now=now()):
        raise WrongPassword
    check_new_password(change, name=account["name"])
    return old, (await passwords.hash_password(change.new.get_secret_value())).encode()
