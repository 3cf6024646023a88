"""How alike two texts are: pure, without a database.

A text is taken as the set of its shingles: each three characters in a row, of what remains when width,
case, spaces and punctuation are laid aside (Chinese has no words to go by). Two texts are alike by the
share of shingles they have in common (Jaccard). A fingerprint finds those that may be alike without
comparing each with each: `BANDS` numbers of which texts with a share s have at least one in common
with a chance of 1 − (1 − s⁴)²⁰, which is 0.996 for s = 0.7, 0.94 for 0.6 and 0.15 for 0.3.

A. Broder, On the resemblance and containment of documents (1997); P. Li, A. Owen and C.-H. Zhang, One
permutation hashing (2012), by which each shingle is hashed once.
"""

from decimal import ROUND_DOWN, Decimal
from hashlib import blake2b

from app.domain.plain_text import plain_text

BANDS = 20
_ROWS = 4
_BINS = BANDS * _ROWS
_LENGTH = 3

FEWEST = 30
"""With fewer shingles a text says too little to be another's."""

ALIKE = Decimal("0.6")
"""From this share on two notes are worth a look."""


def shingles_of(text: str) -> frozenset[str]:
    """Each three characters in a row, of the letters, characters and digits of a text."""
    plain = plain_text(text)
    return frozenset(plain[at : at + _LENGTH] for at in range(len(plain) - _LENGTH + 1))


def share_of(one: frozenset[str], other: frozenset[str]) -> Decimal:
    """The share of shingles in common, to three places and never rounded up."""
    if not one or not other:
        return Decimal("0.000")
    common = len(one & other)
    share = Decimal(common) / Decimal(len(one) + len(other) - common)
    return share.quantize(Decimal("0.001"), ROUND_DOWN)


def bands_of(shingles: frozenset[str]) -> list[int]:
    """The fingerprint: as many numbers as there are bands; none where the text says too little."""
    if len(shingles) < FEWEST:
        return []
    least: list[int | None] = [None] * _BINS
    for shingle in shingles:
        value, at = divmod(_number(shingle.encode()), _BINS)
        held = least[at]
        if held is None or value < held:
            least[at] = value
    filled = _borrowed(least)
    return [
        _number(repr((band, filled[band * _ROWS : (band + 1) * _ROWS])).encode())
        for band in range(BANDS)
    ]


def _number(content: bytes) -> int:
    """63 bits, which a bigint of the database holds."""
    return int.from_bytes(blake2b(content, digest_size=8).digest()) >> 1


def _borrowed(least: list[int | None]) -> list[tuple[int, int]]:
    """What each bin holds; an empty one has that of the next that is not, and how far off it was."""
    filled: list[tuple[int, int]] = [(0, 0)] * _BINS
    nearest, distance = 0, 0
    for at in reversed(range(2 * _BINS)):  # twice around, so that the last borrow from the first
        held = least[at % _BINS]
        nearest, distance = (nearest, distance + 1) if held is None else (held, 0)
        filled[at % _BINS] = (nearest, distance)
    return filled
