"""The provincial platform (省平台) as far as this system knows it: what is handed to it and asked of it.

The interface of a real platform is not public; whoever connects one writes a class with these methods.
Each of them may be repeated: what the platform has taken under a key it takes once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from app.domain.exchange.submissions.record import RecordState


class Receipt(NamedTuple):
    """What the platform says of one record."""

    key: str
    state: RecordState
    code: str | None = None
    reason: str | None = None
    number: str | None = None


class Held(NamedTuple):
    """A record as the platform holds it."""

    key: str
    digest: str
    state: RecordState


class HeldPage(NamedTuple):
    """A part of what the platform holds, in the order of the keys (by code point)."""

    records: list[Held]
    more: bool


class ArrivalPage(NamedTuple):
    """A part of what the platform has for a city, and the number up to which it reaches."""

    arrivals: list[Mapping[str, Any]]
    reached: int


class PlatformDown(Exception):
    """Nothing is known of what became of it: ask again later, under the same keys."""

    code = "platform_down"

    def __init__(self, code: str = code, retry_after: float | None = None) -> None:
        self.code, self.retry_after = code, retry_after
        super().__init__(code)


class PlatformRefused(Exception):
    """The platform will never take the submission as a whole, and says why."""

    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(code)


class Platform(Protocol):
    """What the domain needs of the provincial platform."""

    async def open(self, submission_id: UUID, manifest: bytes, signature: str) -> None:
        """Announce a submission; raise `PlatformDown` or `PlatformRefused`."""

    async def hand_over(
        self, submission_id: UUID, records: Sequence[Mapping[str, Any]]
    ) -> list[Receipt]:
        """Hand over records of it; what was handed over before gets the same receipt again."""

    async def receipts(self, submission_id: UUID, keys: Sequence[str]) -> list[Receipt]:
        """What has become of records that were under review."""

    async def held(self, city_id: UUID, *, after: str, limit: int) -> HeldPage:
        """What it holds of a city, after a key."""

    async def arrivals(self, city_id: UUID, *, after: int, limit: int) -> ArrivalPage:
        """What it has for a city, after a number."""

    async def close(self) -> None:
        """Give back what it holds open."""


class ManifestSigner(Protocol):
    """The key that signs manifests."""

    def sign(self, payload: bytes) -> str:
        """Return `payload` as a compact JWS whose header names this key."""

    def public(self) -> dict[str, str]:
        """Return the public half as a JSON Web Key with its name, `kid`."""


@dataclass(frozen=True, slots=True)
class DeliveryWindow:
    """The hours of the day (Asia/Shanghai) in which the platform takes anything; over midnight, too."""

    begins: time
    ends: time

    @classmethod
    def parse(cls, text: str) -> "DeliveryWindow":
        """From `22:00-06:00`; raises ValueError for anything else."""
        begins, dash, ends = text.partition("-")
        if not dash:
            raise ValueError("a window is written 22:00-06:00")
        return cls(time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip()))

    def is_open(self, at: time) -> bool:
        """Whether a time of the day lies within; the end does not. Equal ends mean the whole day."""
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends
