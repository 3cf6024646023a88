"""The commands `yanxun packs`: documents are looked at, and published."""

from pathlib import Path
from typing import Annotated

import typer

rule_packs = typer.Typer(help="规则包 / rule packs", no_args_is_help=True)


_Account = Annotated[
    str | None,
    typer.Option("--as", metavar="ACCOUNT", help="以该账号查看已发布的 / what this account sees"),
]


@rule_packs.command("list")
def list_packs(
    *,
    account: _Account = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / tell it as JSON")] = False,
) -> None:
    """列出随附的规则包，或账号所在地已发布的 / the packs that are shipped, or those published."""
    from app.cli import packs, publishing

    if account is None:
        packs.list_packs(as_json=as_json)
    else:
        publishing.list_published(account, as_json=as_json)


@rule_packs.command()
def show(
    pack: Annotated[str, typer.Argument(metavar="ID[@VERSION]", help="规则包 / the pack")],
    *,
    account: _Account = None,
) -> None:
    """输出规则包全文（JSON） / the whole document of a shipped pack, or of a published one."""
    from app.cli import publishing

    publishing.show(pack, account)


@rule_packs.command()
def publish(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="规则包或县级细化 / the document")],
    *,
    account: Annotated[
        str, typer.Option("--as", metavar="ACCOUNT", help="发布人账号 / who publishes it")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / tell it as JSON")] = False,
) -> None:
    """发布规则包（退出码：0 已发布，1 文件有误，2 无法读取，3 被拒绝） / put a document in force."""
    from app.cli import publishing

    publishing.publish(file, account, as_json=as_json)


@rule_packs.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="规则包或县级细化 / the document")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / tell it as JSON")] = False,
) -> None:
    """逐处检查规则包（退出码：0 有效，1 有误，2 无法读取） / say where a document is wrong, by line."""
    from app.cli import packs

    packs.check(file, as_json=as_json)
