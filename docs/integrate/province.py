"""The provincial platform as a client: read what changed, answer submissions, tell, doubt, and close.

    export YANXUN_URL=https://yanxun.example YANXUN_CLIENT_ID=… YANXUN_CLIENT_SECRET=…
    python docs/integrate/province.py province.db told.jsonl

The application has the role `province` over its cities (docs/province.md). `province.db` is what it keeps.
`told.jsonl` is what its own system has for the cities, one object a line: an arrival as
`POST /province/arrivals` takes it, or a doubt, which has a `question` and is raised about one record. Each has
the platform's own number, under which it is told once however often this runs.
"""

import json
import sys
from pathlib import Path
from typing import Any

from application import Application, Mirror, Refused

KINDS = ["unit", "teacher", "credit_entry"]
MOST_RECEIPTS = 200


def judge(record: dict[str, Any], mirror: Mirror) -> dict[str, Any]:
    """What the platform decides of one record: here, that the feed knows of it too. Yours asks more."""
    if record["kind"] in ("credit", "reversal"):
        _, _, entry = record["key"].partition(":")
        if not mirror.holds("credit_entry", entry):
            return {"state": "rejected", "code": "entry_unknown", "reason": "变更流中没有该记录"}
    return {"state": "accepted", "number": f"P-{record['key']}"[:80]}


def answer_submissions(platform: Application, mirror: Mirror) -> dict[str, int]:
    """Give a receipt for each record that waits for one; how many of each."""
    said = {"accepted": 0, "rejected": 0}
    for submission in platform.every("/province/submissions"):
        if submission["state"] == "settled":
            continue
        path = f"/province/submissions/{submission['id']}"
        receipts = [
            {"key": record["key"], **judge(record, mirror)}
            for state in ("waiting", "pending")
            for record in platform.every(f"{path}/records", state=state, limit=100)
        ]
        for begin in range(0, len(receipts), MOST_RECEIPTS):
            some = receipts[begin : begin + MOST_RECEIPTS]
            # A receipt stands: sent again it says the same, so that no key need be kept for it.
            platform.ask("POST", f"{path}/acknowledge", json={"receipts": some})
        for receipt in receipts:
            said[receipt["state"]] += 1
    return said


def tell(platform: Application, told: dict[str, Any]) -> str:
    """Hand in one arrival, or raise one doubt; what became of it."""
    is_doubt = "question" in told
    path = "/province/challenges" if is_doubt else "/province/arrivals"
    number = told["reference"] if is_doubt else told["number"]
    try:
        answer = platform.ask("POST", path, json=told, key=f"province-{number}")
    except Refused as refused:
        # One that was told before is known by its number; anything else somebody has to look at.
        return str(refused.code)
    return str(answer["state"])


def close_answered(platform: Application) -> list[str]:
    """Take note of what the bureaus answered; the doubts that are closed by it."""
    closed = []
    for challenge in platform.every("/province/challenges"):
        if challenge["state"] in ("upheld", "put_right", "refused"):
            platform.ask("POST", f"/province/challenges/{challenge['id']}/close")
            closed.append(f"{challenge['reference']} {challenge['state']}")
    return closed


def main(keep: str, told: str | None = None) -> None:
    """One round; started again it goes on where the last one ended."""
    platform = Application.of_environment()
    shared = platform.ask("GET", "/province/catalogue")
    print("shared:", " ".join(sorted({line["name"] for line in shared})))

    mirror = Mirror(keep)
    print("changes:", mirror.follow(platform, KINDS))
    print("teachers:", sum(1 for _ in mirror.rows("teacher")))

    said = answer_submissions(platform, mirror)
    print(f"receipts: {said['accepted']} accepted, {said['rejected']} rejected")

    if told is not None:
        with Path(told).open(encoding="utf-8") as lines:
            for line in lines:
                print("told:", tell(platform, json.loads(line)))
    print("closed:", ", ".join(close_answered(platform)) or "none")


if __name__ == "__main__":
    main(*sys.argv[1:])
