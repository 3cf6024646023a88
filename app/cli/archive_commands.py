"""`yanxun archive`: what is found out of archives and growth files on any computer, without a network."""

from pathlib import Path
from typing import Annotated

import typer

archive = typer.Typer(help="档案 / archives and growth files", no_args_is_help=True)


@archive.command()
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE")],
    keys: Annotated[
        Path, typer.Option("--keys", exists=True, help="签发方公钥 / its did.json, or a JWKS")
    ],
) -> None:
    """离线核验成长档案（JSON）或案卷包（ZIP） / verify a growth file, or a bundle, offline."""
    from app.cli import archives

    archives.verify(file, keys)


@archive.callback()
def archives() -> None:
    """档案 / archives and growth files."""
