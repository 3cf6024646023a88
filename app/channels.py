"""The channels by which people are told outside of this system, as the settings choose them.

There is one, and it is a stand-in: it tells nobody. It writes what would be sent into a file of the data
folder, one JSON object a line, and keeps the keys that it has seen, as a real channel does. A deployment
with a gateway of its own adds a class with the same one method, which knows how an account is reached.
"""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.domain.exchange.deliveries import Channel, ChannelDown, Message
from app.settings import Settings

FILE = "messages.jsonl"
"""The file of the stand-in, in the data folder."""

_encode = msgspec.json.Encoder().encode


class RecordedChannel:
    """Writes messages down instead of sending them; one that comes again is marked `again`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen = {str(line["key"]) for line in read_messages(file)}

    async def send(self, message: Message) -> None:
        """Write it down."""
        line = {
            "at": datetime.now(UTC),
            "key": str(message.key),
            "again": str(message.key) in self._seen,
            "account_id": str(message.account_id),
            "channel": message.channel,
            "text": message.text,
        }
        with self._file.open("ab") as written:
            written.write(_encode(line) + b"\n")
        self._seen.add(str(message.key))


class NoChannel:
    """Takes nothing: messages wait, and are given up in the end."""

    async def send(self, message: Message) -> None:
        """Refuse it for now."""
        raise ChannelDown(message.channel)


def read_messages(file: Path) -> list[dict[str, object]]:
    """What the stand-in has written down."""
    if not file.exists():
        return []
    return [msgspec.json.decode(line) for line in file.read_bytes().splitlines()]


def open_channel(settings: Settings) -> Channel:
    """The channel that the settings name."""
    if settings.message_channel == "none":
        return NoChannel()
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    return RecordedChannel(settings.data_folder / FILE)
