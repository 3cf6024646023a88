"""Check-in codes: what the organiser shows in the room, and what a teacher there types in.

A code is signed with the session's secret (HMAC-SHA256) and holds for one step of time; a new one
comes with every step. It is 40 bits in eight characters of base 32 (A–Z, 2–7), which have none that
are easily taken for another.
"""

from base64 import b32encode
from datetime import UTC, datetime, timedelta
from hmac import compare_digest, digest
from uuid import UUID

STEP = timedelta(seconds=30)
"""How long a code is shown. The code before is still accepted, for those who type slowly."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _step_at(moment: datetime) -> int:
    return (moment - _EPOCH) // STEP


def _code(secret: bytes, session_id: UUID, step: int) -> str:
    signed = digest(secret, session_id.bytes + step.to_bytes(8, "big"), "sha256")
    return b32encode(signed[:5]).decode()


def code_at(secret: bytes, session_id: UUID, moment: datetime) -> str:
    """The code that is shown at this moment."""
    return _code(secret, session_id, _step_at(moment))


def end_of_step(moment: datetime) -> datetime:
    """The moment at which the code of this moment gives way to the next."""
    return _EPOCH + (_step_at(moment) + 1) * STEP


def is_current(code: str, secret: bytes, session_id: UUID, moment: datetime) -> bool:
    """Whether this is the code of this moment or the one before; case and spaces do not matter."""
    given = _normal(code)
    step = _step_at(moment)
    valid = (_code(secret, session_id, each).encode() for each in (step, step - 1))
    return any(compare_digest(given, each) for each in valid)


def shown_at(
    code: str, secret: bytes, session_id: UUID, moment: datetime, tolerance: timedelta
) -> datetime | None:
    """When this code began to be shown, if that was so near to the moment; None if it never was.

    A code is valid in its step alone: whoever has one had it from the room, then or later.
    """
    given = _normal(code)
    first, last = _step_at(moment - tolerance - STEP), _step_at(moment + tolerance)
    for step in range(first, last + 1):
        if compare_digest(given, _code(secret, session_id, step).encode()):
            return _EPOCH + step * STEP
    return None


def _normal(code: str) -> bytes:
    return "".join(code.split()).upper().encode()
