"""The commands `yanxun packs` and `yanxun sheets`: documents are looked at, and published."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from app.cli.login import HERE

rule_packs = typer.Typer(help="规则包 / rule packs", no_args_is_help=True)
indicator_sheets = typer.Typer(help="评估指标表 / indicator sheets", no_args_is_help=True)


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
    unit: Annotated[
        UUID | None,
        typer.Option(
            help="市或县标识，缺省为账号所在地 / key of the unit; the account's if left out"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / tell it as JSON")] = False,
) -> None:
    """发布规则包（退出码：0 已发布，1 文件有误，2 无法读取，3 被拒绝） / put a document in force."""
    from app.cli import publishing

    publishing.publish(file, account, unit, as_json=as_json)


@rule_packs.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="规则包或县级细化 / the document")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / tell it as JSON")] = False,
) -> None:
    """逐处检查规则包（退出码：0 有效，1 有误，2 无法读取） / say where a document is wrong, by line."""
    from app.cli import packs

    packs.check(file, as_json=as_json)


@rule_packs.command("what-if")
def what_if(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="规则包或县级细化草案 / the draft")],
    unit: Annotated[
        str | None,
        typer.Option(help="市或县标识，缺省为本单位 / key of the unit; one's own if left"),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="试算日 YYYY-MM-DD，缺省为今天 / the day; today if left out")
    ] = None,
    url: Annotated[str, typer.Option(help="服务地址 / address")] = HERE,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / tell it as JSON")] = False,
) -> None:
    """试算草案：谁将达标、谁将不再达标（令牌取自 YANXUN_TOKEN） / who gains and who falls below."""
    from app.cli import trying

    trying.try_out(file, unit, as_of, url, as_json=as_json)


@indicator_sheets.command("list")
def list_sheets() -> None:
    """列出随附的指标表 / the sheets that are shipped."""
    from app.cli import sheets

    sheets.list_sheets()


_Code = Annotated[str, typer.Argument(metavar="CODE", help="指标表代码 / code of the sheet")]


@indicator_sheets.command("show")
def show_sheet(code: _Code) -> None:
    """输出随附指标表全文（JSON） / the whole of a shipped sheet."""
    from app.cli import sheets

    sheets.show(code)


@indicator_sheets.command("publish")
def publish_sheet(
    code: _Code,
    *,
    account: Annotated[
        str, typer.Option("--as", metavar="ACCOUNT", help="发布人账号 / who publishes it")
    ],
    unit: Annotated[
        UUID | None,
        typer.Option(
            help="教育局标识，缺省为账号所在地 / key of the bureau; the account's if left out"
        ),
    ] = None,
) -> None:
    """发布随附指标表（退出码：0 已发布，3 被拒绝） / publish a shipped sheet for a bureau."""
    from app.cli import sheets

    sheets.publish(code, account, unit)
