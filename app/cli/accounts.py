"""`yanxun accounts` and `yanxun token`: who can try the demo city, and a token on this host."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import asyncpg
import msgspec
import typer
from rich.cells import cell_len, set_cell_size

from app.cli.database import existing
from app.cli.output import console
from app.demo.listed import FILE, Account, kept_accounts
from app.domain.access.actors import Actor
from app.domain.access.sign_in import WrongCredentials, actor_of_account, find_account, may_sign_in
from app.domain.errors import NotFound
from app.request.actors import claims_of
from app.security import signing_keys
from app.security.tokens import JoseKey, Keyring
from app.settings import Settings, get_settings
from app.sql import Connection, Row, prepare_connection


class NoAccounts(NotFound):
    """No demo city was loaded with this data folder."""

    code = "no_demo_accounts"
    zh = "{folder} 中没有演示账号：该数据文件夹尚未载入演示市。"
    en = "There are no demo accounts in {folder}: no demo city was loaded with this data folder."


class NoSuchAccount(NotFound):
    """Nobody signs in by this name."""

    code = "account_not_found"
    zh = "没有名为 {name} 的账号。"
    en = "There is no account named {name}."


_HEADINGS = {
    "name": "账号 / account",
    "secret": "密码 / secret",
    "kind": "类型 / kind",
    "role": "角色 / role",
    "unit": "单位 / unit",
}
_SHOWN = ("name", "kind", "role", "unit")


def accounts(
    *, as_json: Annotated[bool, typer.Option("--json", help="JSON 格式 / as JSON")] = False
) -> None:
    """列出有密码的演示账号 / the demo accounts that have a password, with role and unit."""
    folder = get_settings().data_folder
    try:
        found = kept_accounts(folder / FILE)
    except FileNotFoundError:
        raise NoAccounts(folder=folder) from None
    if as_json:
        shown = [{name: getattr(each, name) for name in _SHOWN} for each in found]
        typer.echo(msgspec.json.format(msgspec.json.encode(shown)))
        return
    _print_table(found, _SHOWN)
    console.print(f"\n密码保存在 / the passwords are in {folder / FILE}")


def show_new_accounts(made: Sequence[Account]) -> None:
    """Print the passwords of accounts that a load has just made."""
    if made:
        console.print(
            "演示账号（密码仅此一次显示） / demo accounts, their passwords shown this once"
        )
        _print_table(made, ("name", "secret", "role", "unit"))


def token(name: Annotated[str, typer.Argument(metavar="ACCOUNT")]) -> None:
    """签发访问令牌（十分钟有效） / an access token of ten minutes, signed on this host."""
    settings = existing(get_settings())
    typer.echo(asyncio.run(_sign_token(settings, name)))


async def _sign_token(settings: Settings, name: str) -> str:
    given = settings.signing_keys
    keys = signing_keys.load(
        settings.data_folder / "signing_keys.json",
        None if given is None else given.get_secret_value(),
    )
    keyring = Keyring(
        [JoseKey(each) for each in keys], issuer=settings.issuer, audience=settings.issuer
    )
    now = datetime.now(UTC)
    driver = await asyncpg.connect(settings.database_url)
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


def _print_table(found: Sequence[Account], fields: Sequence[str]) -> None:
    """Columns as wide as what is in them: a password that is cut short is of no use."""
    rows = [
        [_HEADINGS[field] for field in fields],
        *([getattr(each, field) for field in fields] for each in found),
    ]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (set_cell_size(text, width) for text, width in zip(row, widths, strict=True))
        console.print("  ".join(cells).rstrip(), markup=False)
