"""The same files written by the database: the cells of a query as its COPY gives them, many times faster.

Every byte is as the writers of `writing` have it. What they write otherwise than SQL can say simply
(nested values, numbers of floating point) is left to them: then there is no `Copying`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from app.tabular.columns import Column
from app.tabular.writing import BEGINS_FORMULA


class Lines(Protocol):
    """Makes lines of a file out of what COPY gives."""

    def take(self, piece: bytes) -> tuple[bytes, int]:
        """The bytes for the file, and how many rows end in them."""


@dataclass(frozen=True)
class Copying:
    """How a table is copied: expressions over its columns, options of COPY, what ends the lines."""

    cells: str
    options: Mapping[str, str]
    lines: Callable[[], Lines]


def copied_csv(kinds: Mapping[str, str], columns: Sequence[Column]) -> Copying | None:
    """How columns of these kinds are copied as CSV."""
    names = [each.name for each in columns]
    if len(names) == 1 or not _are_known(kinds, names):
        return None  # of one column alone: whether an empty line is a row, only the writer says
    cells = ", ".join(_CELLS[kinds[name]].format(_quoted(name)) for name in names)
    return Copying(cells, {"format": "csv"}, CsvLines)


def copied_jsonl(kinds: Mapping[str, str], columns: Sequence[Column]) -> Copying | None:
    """How columns of these kinds are copied as JSON Lines."""
    names = [each.name for each in columns]
    if not _are_known(kinds, names):
        return None
    values = ", ".join(
        f"'\"{name}\":' || coalesce({_VALUES[kinds[name]].format(_quoted(name))}, 'null')"
        for name in names
    )
    cells = f"'{{' || concat_ws(',', {values}) || '}}'"
    return Copying(cells, _BARE, JsonLines)


def _are_known(kinds: Mapping[str, str], names: Sequence[str]) -> bool:
    return {kinds.get(name) for name in names} <= _CELLS.keys()


class CsvLines:
    """Lines of CSV with the ends that RFC 4180 gives them; what is within quotes stays as it is."""

    def __init__(self) -> None:
        self._quoted = False

    def take(self, piece: bytes) -> tuple[bytes, int]:
        """The lines, and how many end in the piece."""
        if not self._quoted and b'"' not in piece:
            return piece.replace(b"\n", b"\r\n"), piece.count(b"\n")
        parts, rows = piece.split(b'"'), 0
        # A quote within quotes is written twice: what lies between the two is empty, and outside.
        for n in range(self._quoted, len(parts), 2):
            rows += parts[n].count(b"\n")
            parts[n] = parts[n].replace(b"\n", b"\r\n")
        self._quoted ^= len(parts) % 2 == 0
        return b'"'.join(parts), rows


class JsonLines:
    """Objects a line each, which COPY ends as JSON Lines does."""

    def take(self, piece: bytes) -> tuple[bytes, int]:
        """The piece, and how many rows end in it."""
        return piece, piece.count(b"\n")


def _quoted(name: str) -> str:
    return f'"{name}"'


_ESCAPED: Final = str.maketrans({"\t": "\\t", "\r": "\\r", "\n": "\\n"})


def _disarmed(text: str) -> str:
    """Text as `cell_of` has it; nothing is written of what is empty."""
    begins = "".join(BEGINS_FORMULA).translate(_ESCAPED)
    return (
        f"CASE WHEN {text} = '' THEN NULL"
        f" WHEN strpos(E'{begins}', left({text}, 1)) > 0 THEN '''' || {text} ELSE {text} END"
    )


_MOMENT: Final = (
    "to_char({0} AT TIME ZONE 'UTC', CASE WHEN date_trunc('second', {0}) = {0}"
    ' THEN \'YYYY-MM-DD"T"HH24:MI:SS"Z"\' ELSE \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\' END)'
)
_DAY: Final = "to_char({0}, 'YYYY-MM-DD')"
_TEXT: Final = _disarmed("{0}")
_TEXTS: Final = _disarmed("array_to_string({0}, ';')")
_CELLS: Final[Mapping[str, str]] = {
    "uuid": "{0}", "int2": "{0}", "int4": "{0}", "int8": "{0}", "numeric": "{0}",
    "bool": "CASE WHEN {0} THEN 'true' WHEN NOT {0} THEN 'false' END",
    "text": _TEXT, "varchar": _TEXT, "text[]": _TEXTS, "varchar[]": _TEXTS,
    "date": _DAY, "timestamptz": _MOMENT,
}  # fmt: skip
"""Each kind as a cell of CSV."""
_IN_QUOTES: Final = "'\"' || {0} || '\"'"
_ANY: Final = "to_json({0})::text"
_VALUES: Final[Mapping[str, str]] = {
    "uuid": _IN_QUOTES, "int2": "{0}::text", "int4": "{0}::text", "int8": "{0}::text",
    "numeric": _IN_QUOTES, "bool": "{0}::text", "text": _ANY, "varchar": _ANY, "text[]": _ANY,
    "varchar[]": _ANY, "date": _IN_QUOTES.format(_DAY), "timestamptz": _IN_QUOTES.format(_MOMENT),
}  # fmt: skip
"""Each kind as a value of JSON."""
_BARE: Final = {"format": "csv", "quote": "\x01", "delimiter": "\x02"}
"""COPY without any escapes: in JSON no control character stands as it is."""
