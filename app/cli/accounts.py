"""`yanxun accounts`: who can try the demo city."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
import typer
from rich.cells import cell_len, set_cell_size

from app.cli.output import console
from app.demo.listed import FILE, Account, kept_accounts
from app.domain.errors import NotFound
from app.settings import get_settings


class NoAccounts(NotFound):
    """No demo city was loaded with this data folder."""

    code = "no_demo_accounts"
    zh = "{folder} 中没有演示账号：该数据文件夹尚未载入演示市。"
    en = "There are no demo accounts in {folder}: no demo city was loaded with this data folder."


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
