"""The commands by which a deployment is kept: `verify`, `backup`, `restore`, `restored`, `doctor`, `slow`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer


def verify(
    what: Annotated[
        Literal["all", "ledger", "funds", "audit", "files"],
        typer.Argument(help="核验什么 / what is verified"),
    ] = "all",
    head: Annotated[
        str | None, typer.Option(help="此前留存的审计链头 / an audit head that was kept outside")
    ] = None,
    kept: Annotated[
        str | None,
        typer.Option(help="此前留存的台账日签 / a signed head of the ledger that was kept outside"),
    ] = None,
    *,
    json: Annotated[
        bool, typer.Option("--json", help="以 JSON 输出（仅台账） / as JSON; of the ledger alone")
    ] = False,
) -> None:
    """核验台账、经费账、审计记录与文件 / rebuild the ledger, the books, the trail; read the files.

    退出码：0 一致，1 不一致，2 用法有误 / exits with 0 if all is as it was written, 1 if not, 2 for a
    wrong use.
    """
    from app.cli import auditing, books, data, filing

    if json and what != "ledger":
        raise typer.BadParameter("--json: yanxun verify ledger --json")
    if what in {"all", "ledger"}:
        data.verify(kept, as_json=json)
    if what in {"all", "funds"}:
        books.verify()
    if what in {"all", "audit"}:
        auditing.verify(head)
    if what in {"all", "files"}:
        filing.verify()


def backup(
    target: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="备份存放处 / where backups lie")
    ],
    keys: Annotated[
        Path | None,
        typer.Option(help="密钥另存处 / where the keys go instead, apart from the data"),
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="只保留最近几份 / how many of the newest are kept")
    ] = None,
    *,
    database: Annotated[
        bool, typer.Option(help="是否包括数据库 / whether the database is in it")
    ] = True,
) -> None:
    """备份数据库、密钥与文件（运行中亦可） / copy database, keys and files, also while it serves."""
    from app.cli import backups

    backups.backup(target, keys=keys, keep=keep, database=database)


def restore(
    source: Annotated[Path, typer.Argument(metavar="BACKUP", help="一份备份 / one of the backups")],
    keys: Annotated[
        Path | None, typer.Option(help="另存的密钥 / the keys, where they are kept apart")
    ] = None,
    log: Annotated[
        Path | None, typer.Option(help="归档日志 / the archived log (YANXUN_LOG_ARCHIVE)")
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"],
            help="恢复到哪一时刻（北京时间） / up to which moment, in Beijing; needs --log",
        ),
    ] = None,
) -> None:
    """由备份恢复到空的数据文件夹 / make an empty data folder (YANXUN_DATA_FOLDER) out of a backup."""
    from app.cli import backups

    if until is not None and log is None:
        raise typer.BadParameter("--until: --log")
    backups.restore(source, keys=keys, log_archive=log, until=until)


def doctor(
    backups: Annotated[
        Path | None, typer.Option(help="备份存放处 / where the backups lie, to look at their age")
    ] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出 / as JSON")] = False,
) -> None:
    """体检：磁盘、密钥、数据库、作业、时钟 / what is the matter; docs/operation.md says what to do.

    退出码：0 无异常，1 有异常 / exits with 1 where something is bad.
    """
    from app.cli.examining import examine

    examine(backups, as_json=json)


def restored() -> None:
    """从备份恢复之后执行 / after a restore from a copy: readers of the change feed begin anew."""
    from app.cli import data

    data.restored()


def slow(
    most: Annotated[int, typer.Option(min=1, max=500, help="多少条 / how many")] = 20,
    order: Annotated[
        Literal["total", "mean", "longest", "calls"],
        typer.Option(help="按总时间、平均、最长或次数 / by what they are put in order"),
    ] = "total",
    *,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出 / as JSON")] = False,
) -> None:
    """数据库语句耗时（不含参数值） / which statements take the time; values are not shown."""
    from app.cli.slowness import show_slow_statements

    show_slow_statements(order, most, as_json=json)
