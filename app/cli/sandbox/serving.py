"""The sandbox at work: its own embedded database with a clock that requests may set, and its scenarios."""

import asyncio
import json
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from app.cli.accounts import show_new_accounts
from app.cli.data import load_once
from app.cli.database import bring_up_to_date, reached
from app.cli.output import console
from app.cli.remote import Server as Asked
from app.cli.sandbox.scenarios import SCENARIOS, Made
from app.cli.serving import Server, listen
from app.cli.signing import sign_token
from app.database.embedded import EmbeddedServer
from app.database.sandbox import make_sandbox
from app.domain.errors import Conflict
from app.request.logs import configure_logs
from app.settings import Settings, get_settings

_MARK = "sandbox"
"""The file that says of a data folder that it is a sandbox's."""
_MADE = "scenarios.json"
_OF_ANOTHER = ("_url", "_key", "_keys", "_secret", "_bucket")
"""How settings end that name what is a deployment's own: its addresses, keys, secrets, files.

A sandbox that took them would sign tokens that the deployment believes, tell the province of people who
are made up, and tidy away files of the deployment that its own database does not know.
"""


class SandboxNeedsOwnDatabase(Conflict):
    """A database is named, and a sandbox has its own."""

    code = "sandbox_needs_own_database"
    zh = "沙箱只使用自己的数据库：请先取消环境变量 DATABASE_URL。"
    en = "A sandbox has a database of its own: unset DATABASE_URL first."


class FolderNotSandbox(Conflict):
    """There is something in the folder that no sandbox has made."""

    code = "folder_not_sandbox"
    zh = "{folder} 不是沙箱的数据文件夹，未作任何改动。请换一个文件夹。"
    en = "{folder} is not the folder of a sandbox; nothing was changed. Choose another."


def serve(folder: Path, chosen: Sequence[str]) -> None:
    """Start everything, make the scenarios that are not there yet, serve until Ctrl-C."""
    settings = _own(get_settings(), folder)
    configure_logs(settings.log_format, access=settings.access_log)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with listen(settings.host, settings.port) as door, suppress(KeyboardInterrupt):
        console.print("启动沙箱 / starting the sandbox")
        with EmbeddedServer(settings.data_folder, binaries=settings.postgres_binaries) as database:
            settings = reached(settings, database.urls)
            bring_up_to_date(settings)
            asyncio.run(make_sandbox(database.urls.owner))
            show_new_accounts(load_once(settings))
            _serve(settings, door, chosen, lambda: database.alive)


def _own(settings: Settings, folder: Path) -> Settings:
    """The settings with the folder of the sandbox, which is marked as one; refused if it is another's."""
    if settings.database_url:
        raise SandboxNeedsOwnDatabase
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = folder / _MARK
    if not mark.exists():
        if any(folder.iterdir()):
            raise FolderNotSandbox(folder=folder)
        mark.touch(mode=0o600)
    own = {
        name: field.get_default()
        for name, field in Settings.model_fields.items()
        if name.endswith(_OF_ANOTHER)
    }
    return settings.model_copy(update=own | {"data_folder": folder})


def _serve(settings: Settings, door: Any, chosen: Sequence[str], alive: Callable[[], bool]) -> None:
    problems: list[BaseException] = []

    def prepare() -> None:
        try:
            _show(settings, make_scenarios(settings, chosen))
        except BaseException as problem:  # noqa: BLE001  it is raised below, in the main thread
            problems.append(problem)
            server.should_exit = True

    preparing = threading.Thread(target=prepare, name="scenarios", daemon=True)
    server = Server(settings, ready=preparing.start, alive=alive)
    server.run([door])
    if problems:
        raise problems[0]


def make_scenarios(settings: Settings, chosen: Sequence[str]) -> dict[str, Made]:
    """What the scenarios made, those of before included; each is made once in a sandbox."""
    file = settings.data_folder / _MADE
    made: dict[str, Made] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    with ExitStack() as opened:
        players: dict[str, Asked] = {}

        def player(name: str) -> Asked:
            if name not in players:
                token = asyncio.run(sign_token(settings, name))
                players[name] = opened.enter_context(Asked(settings.address, token))
            return players[name]

        for name in chosen:
            if name not in made:
                made[name] = SCENARIOS[name].make(player)
                file.write_text(json.dumps(made, ensure_ascii=False, indent=1), "utf-8")
    return made


def _show(settings: Settings, made: dict[str, Made]) -> None:
    for name, keys in made.items():
        console.print(f"\n{name}  {SCENARIOS[name].zh}", markup=False)
        for key, value in keys.items():
            console.print(f"  {key:12} {value}", markup=False)
    console.print(
        f"\n沙箱已就绪 / the sandbox is ready: {settings.address}\n"
        "  时间旅行 / time travel   X-Yanxun-Now: 2030-12-31T08:00:00+08:00\n"
        f"  账号 / accounts          YANXUN_DATA_FOLDER={settings.data_folder} yanxun accounts\n"
        "Ctrl-C 停止 / stops everything.",
        markup=False,
    )
