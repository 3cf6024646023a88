"""The archived write-ahead log: what an embedded server writes down to be brought to any moment later."""

import shlex
from datetime import datetime
from pathlib import Path

import msgspec

_SEGMENT = 16 * 1024 * 1024
_WHERE_A_LOG_ENDS = 1 << 32


def archiving(archive: Path) -> dict[str, str]:
    """The settings by which a server keeps its log there: whole pieces, none later than in a minute.

    A piece that is there already and the same counts as kept: the server may have ended before it
    took note of it. One that differs is never replaced: two servers would share an archive.
    """
    folder = shlex.quote(str(archive)).replace("%", "%%")
    piece, unfinished = f"{folder}/%f", f"{folder}/.%f.part"
    command = (
        f'if test -e {piece}; then cmp -s "%p" {piece}; '
        f'else cp "%p" {unfinished} && sync {unfinished} && mv {unfinished} {piece}; fi'
    )
    return {"archive_mode": "on", "archive_timeout": "60", "archive_command": command}


def following(archive: Path, until: datetime | None) -> dict[str, str]:
    """The settings by which a server that recovers reads what was kept, to its end or up to a moment.

    Until it has got there it takes no connections: one that may be read meanwhile calls itself ready.
    """
    folder = shlex.quote(str(archive)).replace("%", "%%")
    settings = {
        "restore_command": f'cp {folder}/%f "%p"',
        "recovery_target_action": "promote",
        "hot_standby": "off",
    }
    if until is not None:
        settings["recovery_target_time"] = until.isoformat(sep=" ")
    return settings


def first_needed(manifest: Path) -> str:
    """The name of the first piece that a copy with this manifest needs; older ones need not be kept."""
    first = msgspec.json.decode(manifest.read_bytes())["WAL-Ranges"][0]
    high, low = (int(part, 16) for part in first["Start-LSN"].split("/"))
    number = (high * _WHERE_A_LOG_ENDS + low) // _SEGMENT
    each = _WHERE_A_LOG_ENDS // _SEGMENT
    return f"{first['Timeline']:08X}{number // each:08X}{number % each:08X}"
