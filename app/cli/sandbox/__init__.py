"""`yanxun sandbox`: the demo city in a folder of its own, with scenarios and with time that can be moved."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.output import console
from app.cli.sandbox.scenarios import SCENARIOS


def sandbox(
    folder: Annotated[
        Path, typer.Option(file_okay=False, help="数据文件夹，仅供沙箱 / of the sandbox alone")
    ] = Path(".yanxun-sandbox"),
    scenario: Annotated[
        list[str] | None,
        typer.Option(help="场景，可多个；all 为全部 / scenarios, repeatable; all of them"),
    ] = None,
    *,
    show: Annotated[bool, typer.Option("--list", help="仅列出场景 / only list them")] = False,
) -> None:
    """启动沙箱：演示市、场景、时间旅行 / a demo city to try clients on, with scenarios and time travel.

    请求头 X-Yanxun-Now 指定当前时刻 / X-Yanxun-Now says what time it is for a request.
    """
    if show:
        for each in SCENARIOS.values():
            console.print(f"{each.name}\n  {each.zh}\n  {each.en}", markup=False)
        return
    from app.cli.sandbox import serving

    serving.serve(folder, _chosen(scenario or []))


def _chosen(names: list[str]) -> list[str]:
    """The names of scenarios, in their order; refused where there is no such one."""
    unknown = [name for name in names if name != "all" and name not in SCENARIOS]
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: {', '.join(['all', *SCENARIOS])}")
    return [name for name in SCENARIOS if name in names or "all" in names]
