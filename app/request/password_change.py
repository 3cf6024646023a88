"""Changing a password: the check of the old one and the hash of the new one, for both faces."""

from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.access.profile import PasswordChange, check_new_password
from app.request.second_factor import check_own_password
from app.security import passwords
from app.sql import Row


async def check_password_change(
    pool: Pool, actor: Actor, change: PasswordChange
) -> tuple[Row, bytes]:
    """The account whose old password was right, and the hash to store, for `change_password`."""
    account = await check_own_password(pool, actor, change.old.get_secret_value())
    check_new_password(change, name=account["name"])
    return account, (await passwords.hash_password(change.new.get_secret_value())).encode()
