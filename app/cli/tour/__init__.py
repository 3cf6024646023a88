"""`yanxun tour`: a story in three acts, over HTTP.

The first follows one activity from its announcement to the province, the second shows who may see
and do what, the third is a semester of one school. The tour needs nothing of the server but its
address and the accounts' passwords, so it can be read as an example of a client. Each run makes what
it needs: it can be played again and again.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.accounts import NoAccounts
from app.cli.output import console, errors
from app.cli.tour.hierarchy import play_hierarchy
from app.cli.tour.semester import play_semester
from app.cli.tour.stage import Stage, Unexpected
from app.cli.tour.story import play
from app.demo.listed import FILE, kept_accounts
from app.settings import get_settings

ACTS = (play, play_hierarchy, play_semester)
"""In the order in which they are played; none of them needs another."""


def tour(
    url: Annotated[
        str | None,
        typer.Option(
            envvar="YANXUN_URL", help="服务地址 / the server's address; this host's by default"
        ),
    ] = None,
    accounts: Annotated[
        Path | None,
        typer.Option(help="账号文件 / file with the accounts; the data folder's by default"),
    ] = None,
    act: Annotated[
        int | None,
        typer.Option(
            min=1, max=len(ACTS), help="只演这一幕 / one act alone; all of them by default"
        ),
    ] = None,
) -> None:
    """全程演示 / a story over HTTP with an account for each role; a surprise ends it with status 1."""
    settings = get_settings()
    file = accounts or settings.data_folder / FILE
    try:
        cast = {account.name: account for account in kept_accounts(file)}
    except FileNotFoundError:
        raise NoAccounts(folder=file.parent) from None
    try:
        with Stage(url or f"http://127.0.0.1:{settings.port}", cast, console) as stage:
            for each in ACTS if act is None else (ACTS[act - 1],):
                each(stage)
    except Unexpected as surprise:
        errors.print(f"\n意外结果 / unexpected: {surprise}", style="red", markup=False)
        sys.exit(1)
    console.print("\n[green]全部如预期 / everything went as it should[/green]")
