"""The commands `yanxun packs`: documents are looked at before they are published."""

from pathlib import Path
from typing import Annotated

import typer

rule_packs = typer.Typer(help="规则包 / rule packs", no_args_is_help=True)


@rule_packs.command("list")
def list_packs() -> None:
    """列出随附的规则包 / the packs that are shipped."""
    from app.cli import packs

    packs.list_packs()


@rule_packs.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="规则包或县级细化 / the document")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / tell it as JSON")] = False,
) -> None:
    """逐处检查规则包（退出码：0 有效，1 有误，2 无法读取） / say where a document is wrong, by line."""
    from app.cli import packs

    packs.check(file, as_json=as_json)
