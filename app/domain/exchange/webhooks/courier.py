"""A courier (投递器): by whom a message is carried to an address, as far as the domain knows."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.domain.errors import Invalid


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is carried where: the key of the message, its body, and the secrets that sign it."""

    message_id: UUID
    url: str
    body: str
    secrets: tuple[str, ...]
    """The present one first; while a secret is being replaced the one before too."""


@dataclass(frozen=True, slots=True)
class Carried:
    """How an attempt ended: an answer's status, or a problem by a stable word."""

    status: int | None
    problem: str | None
    milliseconds: int
    excerpt: str | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the receiver said that it has the message."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_unwanted(self) -> bool:
        """Whether the receiver said that there is nobody any more (410)."""
        return self.status == 410


class WebhookAddressRefused(Invalid):
    """The address is none that this server calls: it is private, of this machine, or not https."""

    code = "webhook_address_refused"
    zh = "该接收地址不可用：须为可公开访问的 https 地址。"
    en = "This address is not called: it has to be a public one, by https."


class Courier(Protocol):
    """What the domain needs in order to tell an application something."""

    async def check(self, url: str) -> None:
        """Refuse (`WebhookAddressRefused`) an address that `carry` would not call."""

    async def carry(self, parcel: Parcel) -> Carried:
        """Bring a message to its address; whatever goes wrong is an outcome."""
