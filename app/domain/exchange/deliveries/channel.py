"""A channel (消息渠道): by what people are told outside of this system, as far as this system knows."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class ChannelKind(StrEnum):
    """By what somebody is told (消息渠道)."""

    SMS = "sms"
    """短信"""
    WECOM = "wecom"
    """企业微信"""
    EMAIL = "email"
    """电子邮件"""


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel is handed: a key, an account, a few words.

    The words name nobody and nothing. Where the account is reached is the channel's to know.
    """

    key: UUID
    """The same however often this message is handed over: a channel that keeps it tells nobody twice."""
    account_id: UUID
    channel: ChannelKind
    text: str


class MessageRefused(Exception):
    """The channel will never deliver this: the account has no address there, or does not want it."""


class ChannelDown(Exception):
    """The channel did not take it now; later it may."""


class Channel(Protocol):
    """What the domain needs in order to tell somebody something."""

    async def send(self, message: Message) -> None:
        """Take over a message; raise `MessageRefused` or `ChannelDown`."""
