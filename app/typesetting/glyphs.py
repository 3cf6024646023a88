"""For which characters fonts have a glyph, read from their tables (OpenType, `cmap` format 12)."""

from collections.abc import Iterable
from pathlib import Path
from struct import iter_unpack, unpack_from

_FORMAT = 12
"""Segmented coverage: the one form that holds characters beyond the basic plane."""


def characters_of(fonts: Iterable[Path]) -> frozenset[int]:
    """The code points that one of these fonts can set."""
    found: set[int] = set()
    for font in fonts:
        for first, last in _segments(font.read_bytes()):
            found.update(range(first, last + 1))
    return frozenset(found)


def _segments(font: bytes) -> Iterable[tuple[int, int]]:
    (tables,) = unpack_from(">H", font, 4)
    records = iter_unpack(">4sIII", font[12 : 12 + 16 * tables])
    [start] = [offset for tag, _, offset, _ in records if tag == b"cmap"]
    (subtables,) = unpack_from(">H", font, start + 2)
    for _, _, offset in iter_unpack(">HHI", font[start + 4 : start + 4 + 8 * subtables]):
        here = start + offset
        if unpack_from(">H", font, here)[0] != _FORMAT:
            continue
        (groups,) = unpack_from(">I", font, here + 12)
        for first, last, _ in iter_unpack(">III", font[here + 16 : here + 16 + 12 * groups]):
            yield first, last
