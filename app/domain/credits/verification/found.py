"""What a verification has read, and the first thing that it finds wrong."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from app.domain.base import Finding


class Verification(Struct):
    """What was read, and the first thing found; nothing found means all is as it was written."""

    people: int = 0
    entries: int = 0
    standings: int = 0
    heads: int = 0
    last_heads: list[str] = []
    """The signature of each city's last head: whoever keeps one outside can show it later."""
    finding: Finding | None = None


class Found(Exception):
    """Ends the reading at the first finding."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.en)


def found(table: str, key: Mapping[str, Any], zh: str, en: str) -> Found:
    """The finding of a row by its key."""
    return Found(Finding(table, {name: str(value) for name, value in key.items()}, zh, en))
