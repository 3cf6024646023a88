"""A nightly sync: hand in what one's own system knows of people, then keep up with what became of it.

    export YANXUN_URL=https://yanxun.example YANXUN_CLIENT_ID=… YANXUN_CLIENT_SECRET=…
    export YANXUN_UNIT=…                      # the unit below which the file may change anything
    python docs/integrate/nightly.py mirror.db people.csv
    python docs/integrate/nightly.py mirror.db --keys       # what is held, one key a line

For cron: it says what it did, and ends with 0 where every row is in, with 3 where rows were refused (they are
in `people.csv.refused.jsonl`, for somebody to look at), and with 1 where it could not work. Nothing is entered
if more than a twentieth of the rows were refused: such a file is broken and not the people in it.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from application import Application, Mirror, Refused

KINDS = ["unit", "teacher", "group", "group_member"]
REFUSED = 3
PATIENCE = 4 * 3600  # seconds: the night is over


def follow_work(server: Application, run: dict[str, Any]) -> dict[str, Any]:
    """The import once the work on it is over; the server goes on with it whatever happens here."""
    until = time.monotonic() + PATIENCE
    while run["finished_at"] is None:
        if time.monotonic() > until:
            raise SystemExit(f"import {run['id']}: not over after {PATIENCE} seconds")
        time.sleep(0.5)
        run = server.ask("GET", f"/imports/{run['id']}")
    if run["state"] != "done":
        raise SystemExit(f"import {run['id']}: {run['failure_zh']} / {run['failure_en']}")
    return run


def hand_in(server: Application, file: Path, unit: str) -> dict[str, Any]:
    """Have a file checked, and enter it unless it looks broken; the import.

    The very file that was entered last is answered with the import that it was, and writes nothing.
    """
    asked = {"subject": "people", "unit_id": unit, "file_name": file.name}
    run = server.ask("POST", "/imports", params=asked, content=file.read_bytes())
    run = follow_work(server, run)
    rows = run["creates"] + run["changes"] + run["unchanged"] + run["rejects"]
    if run["rejects"] * 20 > rows:
        raise SystemExit(f"{run['rejects']} of {rows} rows are refused: nothing was entered")
    if run["stage"] == "checked":
        run = follow_work(server, server.ask("POST", f"/imports/{run['id']}/apply"))
    return run


def main(keep: str, file: str) -> int:
    """One night; the exit code."""
    mirror = Mirror(keep)
    if file == "--keys":
        print("\n".join(mirror.keys()))
        return 0
    server, path = Application.of_environment(), Path(file)
    run = hand_in(server, path, os.environ["YANXUN_UNIT"])
    print(f"entered: {run['applied']}, unchanged: {run['unchanged']}, refused: {run['rejects']}")
    if run["rejects"]:
        rows = server.every(f"/imports/{run['id']}/rows", action="reject", limit=100)
        refused = path.with_name(f"{path.name}.refused.jsonl")
        refused.touch(mode=0o600)
        with refused.open("w", encoding="utf-8") as lines:
            for row in rows:
                said = {"number": row["number"], "reasons": row["reasons"]}
                lines.write(json.dumps(said, ensure_ascii=False) + "\n")
    print("changes:", mirror.follow(server, KINDS))
    print("teachers:", sum(1 for _ in mirror.rows("teacher")))
    return REFUSED if run["rejects"] else 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except Refused as refused:
        sys.exit(str(refused))
