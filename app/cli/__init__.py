"""The command `yanxun`: run and serve the application, look after its database, play the story.

A command imports what it alone needs: who asks for a token need not wait until the GraphQL schema is
built.
"""

import gc
import sys
from typing import Annotated, Literal
from uuid import UUID

import typer

from app.cli.accounts import accounts
from app.cli.archive_commands import archive
from app.cli.conformance import conformance
from app.cli.documents import indicator_sheets, rule_packs
from app.cli.exporting import export
from app.cli.feed import feed
from app.cli.importing import import_file, save_template
from app.cli.keeping import backup, doctor, restore, restored, slow, verify
from app.cli.key_commands import all_keys
from app.cli.login import login
from app.cli.oneroster import import_oneroster
from app.cli.output import console, errors, tell
from app.cli.province import province
from app.cli.province_simulator import simulate
from app.cli.sandbox import sandbox
from app.cli.tour import tour
from app.cli.webhooks import webhooks
from app.domain.errors import DomainError
from app.security.secret_file import UnusableSecret

__all__ = ["commands", "main"]

commands = typer.Typer(
    name="yanxun",
    help="研训：市、县、校三级校本研修平台 / school-based teacher training in one city",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
audit = typer.Typer(help="审计记录 / the audit trail", no_args_is_help=True)
demo = typer.Typer(help="演示市 / the demo city", no_args_is_help=True)


@commands.command()
def run() -> None:
    """启动全部（数据库、应用；空库载入演示市） / everything here; an empty database gets the demo city."""
    # Importing all of it takes seconds, in which somebody who has just typed the command sees nothing.
    console.print("载入应用 / loading the application")
    # Nothing of it is garbage, and looking for some takes a third of them (`tidy_memory` starts it again).
    gc.disable()
    from app.cli import serving

    serving.run()


@commands.command()
def serve() -> None:
    """仅启动应用（数据库须已就绪） / the application alone, on a database that is migrated."""
    gc.disable()
    from app.cli import serving

    serving.serve()


@commands.command()
def work() -> None:
    """执行后台作业，直至停止 / do background work until stopped, beside a server or alone."""
    from app.cli import working

    working.work()


@commands.command()
def migrate() -> None:
    """迁移数据库 / bring the database to the newest revision."""
    from app.cli import data

    data.migrate()


@commands.command()
def found(
    name: Annotated[str, typer.Argument(metavar="NAME", help="市教育局名称 / the city's bureau")],
    administrator: Annotated[
        str, typer.Option("--admin", help="管理员登录名 / sign-in name of its administrator")
    ] = "city.admin",
    code: Annotated[
        str | None, typer.Option(help="行政区划代码（六位） / division code, GB/T 2260")
    ] = None,
) -> None:
    """建市及其首个管理员 / a city of your own, and its first administrator."""
    from app.cli import founding

    founding.found(name, code, administrator)


@commands.command()
def forms() -> None:
    """为各市补发随附的活动样式 / publish the shipped forms that a city has not got yet."""
    from app.cli import forms as publishing

    publishing.forms()


@audit.command()
def seal() -> None:
    """封存待封存的审计记录 / seal what waits; a running server does it by itself."""
    from app.cli import auditing

    auditing.seal()


@audit.command(name="head")
def show_head() -> None:
    """显示审计链头，供外部留存 / where the audit chain ends, to be kept outside."""
    from app.cli import auditing

    auditing.head()


@commands.command("compare-notes")
def compare_notes() -> None:
    """比较全部研修笔记，列出雷同线索 / find the notes that are nearly the same among all there are."""
    from app.cli import comparing

    comparing.compare()


@commands.command()
def recount(
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="依台账全部重算 / rebuild all standings from the ledger")
    ] = False,
    failures: Annotated[
        bool, typer.Option(help="只列出未能计算的教师 / only list who could not be counted")
    ] = False,
) -> None:
    """重新判定到期的学分状况（每晚执行） / judge anew what fell due; for every night."""
    from app.cli import recounting

    if failures:
        recounting.list_failures()
    else:
        recounting.recount(everything=everything)


@commands.command()
def doubts(
    days: Annotated[
        int, typer.Option(min=1, help="查看最近几天的登记 / of how many last days")
    ] = 2,
) -> None:
    """查找考勤疑点（每晚执行） / put up doubts about attendance; for every night."""
    from app.cli import doubting

    doubting.find_doubts(days)


@commands.command()
def contract() -> None:
    """写出接口契约 / write docs/openapi.json and app/graphql/schema.graphql."""
    from app.cli.contract import write_contract

    write_contract()


@demo.command()
def load(
    scale: Annotated[Literal["demo", "city"], typer.Option(help="规模 / how large")] = "demo",
) -> None:
    """载入演示市（已有数据时不作改动） / the demo city, into a database without any unit."""
    from app.cli import data

    data.load(scale)


@commands.command()
def retention(
    *, dry_run: Annotated[bool, typer.Option(help="仅统计 / only say how much")] = False
) -> None:
    """删除超过保存期限的个人信息 / erase what is kept longer than it may be; for every night."""
    from app.cli import personal_data

    personal_data.retain(dry_run=dry_run)


@commands.command()
def token(name: Annotated[str, typer.Argument(metavar="ACCOUNT")]) -> None:
    """签发访问令牌（十分钟有效） / an access token of ten minutes, signed on this host."""
    from app.cli import signing

    signing.print_token(name)


@province.command()
def admit(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="应用标识 / its client_id")],
    city: Annotated[UUID, typer.Argument(metavar="CITY", help="市标识 / key of the city")],
) -> None:
    """授予省平台应用对另一市的权限（运维） / the role `province` over a further city."""
    from app.cli import province_admission

    province_admission.admit(client, city)


commands.command("province-simulator")(simulate)
for each in (verify, backup, restore, restored, doctor, slow):
    commands.command()(each)
commands.command()(accounts)
commands.command()(login)
commands.command(name="import")(import_file)
commands.command("import-oneroster")(import_oneroster)
commands.command(name="import-template")(save_template)
commands.command()(export)
commands.command()(sandbox)
commands.command()(conformance)
commands.command()(tour)
commands.add_typer(archive, name="archive")
commands.add_typer(audit, name="audit")
commands.add_typer(demo, name="demo")
commands.add_typer(feed, name="feed")
commands.add_typer(webhooks, name="webhooks")
commands.add_typer(rule_packs, name="packs")
commands.add_typer(indicator_sheets, name="sheets")
commands.add_typer(province, name="province")
commands.add_typer(all_keys, name="keys")


def main() -> None:
    """Run the command that the arguments name; a refusal is told in two sentences, not in a trace."""
    try:
        commands()
    except DomainError as refusal:
        tell(refusal)
        sys.exit(1)
    except UnusableSecret as problem:
        errors.print(str(problem), markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
