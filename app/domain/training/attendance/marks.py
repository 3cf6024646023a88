"""Marks: what came from one device, or from one program at one address, is told apart by nothing else.

A mark is keyed with the session's secret (HMAC-SHA256, 128 bits kept), so that it leads back to no
address or device, and the marks of one device at two sessions are not alike. It is kept beside the
record of attendance, shown to nobody, and compared within its session alone (`doubts`).
"""

from hmac import digest

from app.domain.access.audit import Provenance

_BYTES = 16


def mark_of_device(secret: bytes, device: str | None) -> bytes | None:
    """The mark of the device that a client's program says it runs on; None where it says nothing."""
    return None if device is None else _mark(secret, "device", device)


def mark_of_origin(secret: bytes, provenance: Provenance | None) -> bytes | None:
    """The mark of an address and of how the program there names itself; None where it is not known.

    A school shares one address: it says little by itself.
    """
    if provenance is None or provenance.address is None:
        return None
    return _mark(secret, "origin", f"{provenance.address}\n{provenance.agent or ''}")


def _mark(secret: bytes, kind: str, value: str) -> bytes:
    return digest(secret, f"{kind}\n{value}".encode(), "sha256")[:_BYTES]
