"""The chain (链): each entry carries a hash over itself and the entry before it. Pure.

The hash is SHA-256 over the hash of the person's entry before (32 zero bytes before the first),
followed by the entry's canonical form: a JSON array, without spaces and in UTF-8, of the columns in
`HASHED` in that order. UUIDs are in lower case, days ISO 8601, moments ISO 8601 in UTC with a `Z`,
amounts text with two places, what is absent null. Whoever has the rows can check them.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from app.domain.credits.entries.table import CreditEntryFields
from app.domain.credits.rules.facts import ZERO
from app.sql import Row

HASHED = ("id", "city_id", *CreditEntryFields.model_fields, "recorded_by")
"""The columns of an entry that its hash covers: all that it says."""

BEGINNING = bytes(32)
"""The hash before a person's first entry."""

_encode = msgspec.json.Encoder().encode


class Head(NamedTuple):
    """Where a person's chain ends: the last entry's sequence and hash."""

    sequence: int = 0
    hash: bytes = BEGINNING


def canonical_form(entry: Mapping[str, Any]) -> bytes:
    """The bytes of an entry that its hash covers, from a row as it was inserted or read."""
    values = [entry[name] for name in HASHED]
    values[_RECORDED_AT] = values[_RECORDED_AT].astimezone(UTC)
    return _encode(values)


_RECORDED_AT = HASHED.index("recorded_at")


def hash_of(previous_hash: bytes, entry: Mapping[str, Any]) -> bytes:
    """The hash of an entry that follows the one with `previous_hash`."""
    return sha256(previous_hash + canonical_form(entry)).digest()


def chained(entries: Iterable[Row], heads: dict[UUID, Head]) -> list[Row]:
    """The entries with their sequences and hashes, each put at the end of its person's chain.

    `heads` is moved along, so that it tells afterwards where each chain ends. Amounts get their two places,
    as the database keeps them: 8 and 8.00 are one amount and not one text, and -0 is 0.00.
    """
    rows = []
    for entry in entries:
        head = heads.get(entry["teacher_id"], Head())
        row = entry | {
            "sequence": head.sequence + 1,
            "previous_hash": head.hash,
            "hours": entry["hours"] + ZERO,
            "credits": entry["credits"] + ZERO,
        }
        row["hash"] = hash_of(head.hash, row)
        heads[entry["teacher_id"]] = Head(row["sequence"], row["hash"])
        rows.append(row)
    return rows
