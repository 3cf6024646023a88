"""What a fresh connection of asyncpg is taught: how values go to PostgreSQL and come back."""

from collections.abc import Collection
from decimal import Decimal
from struct import Struct
from uuid import UUID

import asyncpg
import msgspec

_KEY_OID, _KEYS_OID = 2950, 2951
"""PostgreSQL's own types `uuid` and `uuid[]`, the same in every database."""
_ARRAY_HEAD = Struct("!iiiii")
"""Dimensions, whether there are nulls, type of the elements, how many, number of the first."""
_KEY_SIZE, _NULL = (16).to_bytes(4, "big"), (-1).to_bytes(4, "big", signed=True)


def encode_keys(keys: Collection[UUID | None]) -> bytes:
    """A list of keys as PostgreSQL sends and takes `uuid[]`."""
    try:
        parts = [key.bytes for key in keys]  # type: ignore[union-attr]  # a null is the exception
    except AttributeError:
        held = b"".join(_NULL if key is None else _KEY_SIZE + key.bytes for key in keys)
    else:
        held = _KEY_SIZE.join([b"", *parts])
    return _ARRAY_HEAD.pack(1, 1, _KEY_OID, len(keys), 1) + held


def decode_keys(sent: bytes) -> list[UUID | None]:
    """The keys in what PostgreSQL sends of a `uuid[]`."""
    keys: list[UUID | None] = []
    at = _ARRAY_HEAD.size
    while at < len(sent):
        size, at = sent[at : at + 4], at + 4
        if size == _NULL:
            keys.append(None)
        else:
            keys.append(UUID(bytes=sent[at : at + 16]))
            at += 16
    return keys


async def prepare_connection(connection: asyncpg.Connection) -> None:
    """Teach a fresh asyncpg connection jsonb, numeric by its text, and arrays of keys as one piece."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=str, decoder=msgspec.json.decode, format="text"
    )
    await connection.set_type_codec(
        "numeric", schema="pg_catalog", encoder=str, decoder=Decimal, format="text"
    )
    # asyncpg asks of each key whether it is a list, by two abstract base classes: two thirds of the
    # time of an argument. It takes codecs of arrays only below what it has made public.
    settings = connection._protocol.get_settings()  # noqa: SLF001
    settings.add_python_codec(
        _KEYS_OID, "_uuid", "pg_catalog", [], "scalar", encode_keys, decode_keys, "binary"
    )
