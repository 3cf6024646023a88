"""The channels by which people are told outside of this system, as the settings choose them.

There is one, and it is a stand-in: it tells nobody. It writes what would be sent into a file of the data
folder, one JSON object a line; a line whose key has come before would be told nobody again. A deployment
with a gateway of its own adds a class with the same one method, which knows how an account is reached.
"""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.domain.exchange.deliveries import Channel, ChannelDown, Message
from app.settings import Settings

FILE = "messages.jsonl"
"""The file of the stand-in, in the data folder."""
LARGEST = 50_000_000
"""Bytes of it, some 200,000 messages."""

_encode = msgspec.json.Encoder().encode


class RecordedChannel:
    """Writes messages down instead of sending them; once the file is full it begins another.

    Of the file before it keeps one, so that what nobody reads fills no disk.
    """

    def __init__(self, file: Path, *, largest: int = LARGEST) -> None:
        self._file = file
        self._largest = largest

    async def send(self, message: Message) -> None:
        """Write it down."""
        line = {
            "at": datetime.now(UTC),
            "key": str(message.key),
            "account_id": str(message.account_id),
            "channel": message.channel,
            "text": message.text,
        }
        with self._file.open("ab") as written:
            written.write(_encode(line) + b"\n")
            is_full = written.tell() > self._largest
        if is_full:
            with suppress(FileNotFoundError):  # another process was quicker
                self._file.replace(self._file.with_suffix(".old.jsonl"))


class NoChannel:
    """Takes nothing: messages wait, and are given up in the end."""

    async def send(self, message: Message) -> None:
        """Refuse it for now."""
        raise ChannelDown(message.channel)


def open_channel(settings: Settings) -> Channel:
    """The channel that the settings name."""
    if settings.message_channel == "none":
        return NoChannel()
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    return RecordedChannel(settings.data_folder / FILE)
