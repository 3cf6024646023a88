"""`yanxun import-oneroster`: a roster of another system, read and handed in as imports of ours."""

import os
import signal
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from app.cli.importing import run_import
from app.cli.login import HERE
from app.cli.output import errors
from app.cli.remote import NoCredentials, Server, given
from app.domain.base import civil_date
from app.domain.errors import Invalid
from app.oneroster import (
    Lines,
    Provider,
    Roster,
    Unreadable,
    keep_roster,
    kept_roster,
    lines_of,
    read_bundle,
    read_supplement,
)
from app.tabular import csv_lines

KINDS = ("units", "people", "groups")


class RosterUnreadable(Invalid):
    """What the other system sent is no roster that can be taken over."""

    code = "roster_unreadable"
    zh = "{zh}"
    en = "{en}"


class ProviderCredentialsMissing(NoCredentials):
    """The provider wants to know who asks."""

    code = "provider_credentials_missing"
    zh = "请设置环境变量 YANXUN_ONEROSTER_CLIENT_ID 与 YANXUN_ONEROSTER_CLIENT_SECRET(_FILE)。"
    en = (
        "Set YANXUN_ONEROSTER_CLIENT_ID, and YANXUN_ONEROSTER_CLIENT_SECRET or"
        " YANXUN_ONEROSTER_CLIENT_SECRET_FILE."
    )


Unit = Annotated[str, typer.Option(help="导入范围（单位标识） / key of the unit")]
Bundle = Annotated[
    Path | None, typer.Argument(exists=True, dir_okay=False, help="CSV 压缩包 / bundle of CSV")
]
Base = Annotated[
    str | None, typer.Option(help="…/ims/oneroster/rostering/v1p2 的地址 / its REST interface")
]
TokenUrl = Annotated[
    str | None, typer.Option(help="令牌地址，默认同站 /oauth/token / where tokens are given")
]
Table = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False, help="补充信息表 / table of what the roster does not tell"
    ),
]
Document = Annotated[
    str | None, typer.Option(help="userIds 中证件号码的类型 / type that is the ID number")
]
Root = Annotated[
    str | None, typer.Option(help="对应导入范围的机构 sourcedId / organisation that the unit is")
]
State = Annotated[
    Path | None, typer.Option(dir_okay=False, help="保存名册，供增量包使用 / kept for deltas")
]
Kinds = Annotated[
    list[str] | None, typer.Option(help="只导入这些 / only these: units, people, groups")
]
Url = Annotated[str, typer.Option(help="服务地址 / address")]
Apply = Annotated[
    bool, typer.Option("--apply/--dry-run", help="核对后写入，默认仅核对 / enter, or only look")
]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出 / as JSON")]


def import_oneroster(
    unit: Unit,
    bundle: Bundle = None,
    provider: Base = None,
    token_url: TokenUrl = None,
    supplement: Table = None,
    document: Document = None,
    root: Root = None,
    state: State = None,
    kind: Kinds = None,
    url: Url = HERE,
    *,
    apply: Apply = False,
    as_json: AsJson = False,
) -> None:
    """按 OneRoster 1.2 读取他系统名册并导入 / take another system's roster over (OneRoster 1.2).

    退出码同 yanxun import / exits as `yanxun import` does.
    """
    kinds = kind or list(KINDS)
    if (bundle is None) == (provider is None) or set(kinds) - set(KINDS):
        raise typer.BadParameter("BUNDLE.zip / --provider URL; --kind units|people|groups")
    try:
        roster = kept_roster(state) if state is not None else Roster()
        if bundle is not None:
            read_bundle(bundle, roster)
        elif provider is not None:
            _pull(roster, provider, token_url)
        lines = lines_of(
            roster, {} if supplement is None else read_supplement(supplement),
            root=root, document=document, today=civil_date(datetime.now(UTC)),
        )  # fmt: skip
    except Unreadable as fault:
        raise RosterUnreadable(zh=fault.zh, en=fault.en) from None
    _tell(roster, lines)
    with Server(url) as server:
        code = hand_in(
            lines, kinds, lambda kind, file: run_import(
                server, file, None, apply=apply, as_json=as_json, subject=kind, unit_id=unit
            ),
        )  # fmt: skip
    if state is not None:
        keep_roster(roster, state)
    raise typer.Exit(code)


def _pull(roster: Roster, base: str, token_url: str | None) -> None:
    name = os.environ.get("YANXUN_ONEROSTER_CLIENT_ID")
    secret = given(os.environ, "YANXUN_ONEROSTER_CLIENT_SECRET")
    if not name or secret is None:
        raise ProviderCredentialsMissing
    parts = urlsplit(base)
    tokens = token_url or f"{parts.scheme}://{parts.netloc}/oauth/token"
    with Provider(base, tokens, name, secret) as provider:
        provider.read(roster)


def hand_in(lines: Lines, kinds: list[str], run: Callable[[str, Path], int]) -> int:
    """Hand in a file of each kind that has lines, in order; the highest exit code.

    The files hold ID numbers: nobody else can read their folder, and it is gone afterwards.
    """
    code = 0
    # Whoever asks the process to end gets the same tidy end as the one who presses Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="yanxun-oneroster-") as folder:
        for kind in KINDS:
            table = getattr(lines, kind)
            if kind in kinds and len(table) > 1:
                file = Path(folder) / f"oneroster-{kind}.csv"
                file.write_bytes(csv_lines(table))
                code = max(code, run(kind, file))
    return code


def _tell(roster: Roster, lines: Lines) -> None:
    errors.print(
        f"机构 / orgs {len(roster.orgs)}  人员 / users {len(roster.people)}"
        f"  班组 / classes {len(roster.classes)}  成员 / enrollments {len(roster.enrolments)}"
    )
    if lines.without_number:
        errors.print(f"无证件号码，未导入 / without an ID number: {lines.without_number}")
    if lines.left_out:
        errors.print(f"不在导入范围 / not taken over: {lines.left_out}")
    if roster.left:
        errors.print(f"对方已删除，本系统不删 / deleted there, and not here: {roster.left}")
