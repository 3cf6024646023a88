"""The keys that a role has met, by which noun they are keys of.

A key drawn at random is never the key of anything, and all that would ever be looked at is how things
are not found. What an answer tells is kept here instead, under the name by which requests ask for it:
`teacher_id`, `unit_id`.
"""

import re
from collections.abc import Iterator
from typing import Any

KEPT = 40
"""How many keys of one noun are kept: the first ones, so that a run stays what its seed says."""

KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_IRREGULAR = {"summaries": "summary", "classes": "class", "cases": "case", "courses": "course"}


def singular(noun: str) -> str:
    """`activities` are of an `activity`: as far as addresses need it."""
    last = noun.rpartition("_")[2]
    if last in _IRREGULAR:
        return noun.removesuffix(last) + _IRREGULAR[last]
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    for ending in ("sses", "xes", "ches", "shes"):
        if noun.endswith(ending):
            return noun[:-2]
    return noun.removesuffix("s")


def noun_of(path: str) -> str:
    """What the things are that an address answers with: the last word of it that stands for things."""
    words = [part for part in path.split("/") if part and "{" not in part]
    return singular(words[-1].replace("-", "_")) if words else ""


class Keys:
    """The keys met so far."""

    def __init__(self) -> None:
        self._of: dict[str, list[str]] = {}
        self._all: dict[str, None] = {}
        self._avoided: set[str] = set()

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __contains__(self, key: object) -> bool:
        return key in self._all

    def avoid(self, keys: set[str]) -> None:
        """Never draw these."""
        self._avoided |= keys

    def learn(self, path: str, content: Any) -> None:
        """Keep what an answer of this address holds."""
        for name, key in _found(noun_of(path), content):
            kept = self._of.setdefault(name, [])
            if key not in kept and key not in self._avoided and len(kept) < KEPT:
                kept.append(key)
                self._all[key] = None

    def draw(self, name: str, number: int) -> str | None:
        """A key for a field of this name; of anything where none is known of its noun."""
        noun = name.removesuffix("s") if name.endswith("_ids") else name
        kept = self._of.get(noun) or self._of.get(
            noun.rpartition("_")[0].rpartition("_")[2] + "_id"
        )
        if not kept:
            kept = list(self._all)
        return kept[number % len(kept)] if kept else None

    def of(self, name: str) -> list[str]:
        """The keys for a field of this name."""
        return self._of.get(name, [])


def _found(noun: str, content: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Each key in what was answered, with the name by which a request would ask for it."""
    if isinstance(content, dict):
        for name, value in content.items():
            if name == "id" and isinstance(value, str) and KEY.fullmatch(value):
                inner = singular(field) if field and field != "items" else noun
                yield f"{inner}_id", value
            else:
                yield from _found(noun, value, name)
    elif isinstance(content, list):
        for each in content[:KEPT]:
            yield from _found(noun, each, field)
    elif isinstance(content, str) and field.endswith(("_id", "_ids")) and KEY.fullmatch(content):
        yield field.removesuffix("s") if field.endswith("_ids") else field, content
