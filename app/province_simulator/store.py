"""What the simulated platform knows: submissions, records and arrivals, kept in an append-only journal.

Every line is written and synchronised before it takes effect in memory, so that a killed simulator knows
after its start what it had answered. A line that was cut off by the end is left out.
"""

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

JOURNAL = "journal.jsonl"


class Unfit(Exception):
    """What was handed over cannot be taken, with a code and a reason."""

    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(code)


@dataclass
class KeptRecord:
    """A record as the platform holds it."""

    city_id: str
    key: str
    submission_id: str
    attempt: int
    digest: str
    state: str
    number: str
    code: str | None = None
    reason: str | None = None

    @property
    def receipt(self) -> dict[str, Any]:
        """What is answered for it."""
        names = ("key", "state", "code", "reason", "number")
        return {name: getattr(self, name) for name in names}


@dataclass
class Store:
    """The whole of it; one process writes, one request after the other."""

    folder: Path
    submissions: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: dict[tuple[str, str], KeptRecord] = field(default_factory=dict)
    arrivals: list[dict[str, Any]] = field(default_factory=list)
    effects: Counter[str] = field(default_factory=Counter)
    """How often a record took effect, by its key: more than once would be a doubled credit."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / JOURNAL
        whole = 0
        if path.exists():
            for line in path.read_bytes().splitlines(keepends=True):
                if not line.endswith(b"\n"):
                    break
                self._apply(json.loads(line))
                whole += len(line)
        self._journal = path.open("ab")
        self._journal.truncate(whole)

    def _keep(self, **event: Any) -> None:
        self._journal.write(json.dumps(event, ensure_ascii=False).encode() + b"\n")
        self._journal.flush()
        os.fsync(self._journal.fileno())
        self._apply(event)

    def _apply(self, event: dict[str, Any]) -> None:
        match event.pop("event"):
            case "submission":
                self.submissions[event["submission_id"]] = event["manifest"]
            case "record":
                record = KeptRecord(**event)
                self.records[record.city_id, record.key] = record
                self.effects[record.key] += record.state == "accepted"
            case "decision":
                record = self.records[event["city_id"], event["key"]]
                record.state, record.code = event["state"], event["code"]
                self.effects[record.key] += record.state == "accepted"
            case "arrival":
                self.arrivals.append(event["arrival"])
            case "forgotten":
                del self.records[event["city_id"], event["key"]]
                self.effects.pop(event["key"], None)

    def close(self) -> None:
        """Give back the journal."""
        self._journal.close()

    def open(self, submission_id: str, manifest: dict[str, Any]) -> None:
        """Take a manifest once; the same again is no other."""
        known = self.submissions.get(submission_id)
        if known is None:
            self._keep(event="submission", submission_id=submission_id, manifest=manifest)
        elif known != manifest:
            raise Unfit("manifest_differs", "another manifest was announced under this key")

    def take(
        self, submission_id: str, record: dict[str, Any], *, state: str, code: str | None
    ) -> KeptRecord:
        """Take a record once; what was taken under its key is answered again, whatever is asked now.

        Only what was rejected can come again, as a later attempt.
        """
        manifest = self.submissions.get(submission_id)
        if manifest is None:
            raise Unfit("submission_unknown", "announce the submission first")
        city_id, key = str(manifest["city_id"]), str(record["key"])
        known = self.records.get((city_id, key))
        if known is not None and (known.state != "rejected" or known.attempt >= record["attempt"]):
            return known
        state, code, reason = self._judged(city_id, record, state, code)
        self._keep(
            event="record",
            city_id=city_id,
            key=key,
            submission_id=submission_id,
            attempt=record["attempt"],
            digest=record["digest"],
            state=state,
            number=f"S{len(self.records) + 1:08}",
            code=code,
            reason=reason,
        )
        return self.records[city_id, key]

    def _judged(
        self, city_id: str, record: dict[str, Any], state: str, code: str | None
    ) -> tuple[str, str | None, str | None]:
        """The state of a record that is new: what does not fit is rejected, whatever was meant for it."""
        content = record["content"]
        if digest_of(content) != record["digest"]:
            return "rejected", "digest_wrong", "the content is not what its digest says"
        earlier = next((content[n] for n in ("reverses", "ends") if content.get(n)), None)
        known = None if earlier is None else self.records.get((city_id, earlier))
        if earlier is not None and (known is None or known.state == "rejected"):
            return "rejected", "original_unknown", f"{earlier} was not taken here"
        reason = "rejected on demand" if state == "rejected" else None
        return state, code, reason

    def decide(self, state: str, code: str | None = None) -> int:
        """Decide all that is under review; how many there were."""
        waiting = [each for each in self.records.values() if each.state == "pending"]
        for each in waiting:
            self._keep(event="decision", city_id=each.city_id, key=each.key, state=state, code=code)
        return len(waiting)

    def add_arrival(self, arrival: dict[str, Any]) -> int:
        """Have something for a city; its place among all arrivals."""
        sequence = len(self.arrivals) + 1
        self._keep(event="arrival", arrival=arrival | {"sequence": sequence})
        return sequence

    def forget(self, city_id: str, key: str) -> None:
        """Lose a record, as no platform should: for trying out a reconciliation."""
        if (city_id, key) in self.records:
            self._keep(event="forgotten", city_id=city_id, key=key)


def digest_of(content: Any) -> str:
    """SHA-256 of a content in its canonical form: JSON with sorted keys, without blanks, in UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
