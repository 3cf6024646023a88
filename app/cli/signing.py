"""`yanxun token`, and whoever does something on this host as an account: the actor that it is now."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import typer

from app.cli.database import existing
from app.domain.access.actors import Actor
from app.domain.access.sign_in import WrongCredentials, actor_of_account, find_account, may_sign_in
from app.domain.errors import NotFound
from app.request.actors import claims_of
from app.security import signing_keys
from app.security.tokens import JoseKey, Keyring
from app.settings import Settings, get_settings
from app.sql import Connection, Row, prepare_connection


class NoSuchAccount(NotFound):
    """Nobody signs in by this name."""

    code = "account_not_found"
    zh = "没有名为 {name} 的账号。"
    en = "There is no account named {name}."


def print_token(name: str) -> None:
    """Print a token of ten minutes for an account, signed with the keys of this host."""
    settings = existing(get_settings())
    typer.echo(asyncio.run(sign_token(settings, name)))


async def sign_token(settings: Settings, name: str) -> str:
    """The token; the account is as it is in the database now."""
    given = settings.signing_keys
    keys = signing_keys.load(
        settings.data_folder / "signing_keys.json",
        None if given is None else given.get_secret_value(),
    )
    keyring = Keyring(
        [JoseKey(each) for each in keys], issuer=settings.issuer, audience=settings.issuer
    )
    now = datetime.now(UTC)
    driver = await asyncpg.connect(settings.session_url)
    try:
        await prepare_connection(driver)
        account, actor = await find_actor(Connection(driver), name, now)
    finally:
        await driver.close()
    return keyring.sign(claims_of(actor, security_version=account["security_version"]))


async def find_actor(db: Connection, name: str, now: datetime) -> tuple[Row, Actor]:
    """The account of that name and the actor that it is now; refused where it may not sign in."""
    account = await find_account(db, name=name)
    if account is None:
        raise NoSuchAccount(name=name)
    if not may_sign_in(account, now=now):
        raise WrongCredentials
    return account, await actor_of_account(db, account=account, now=now)
