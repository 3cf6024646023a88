"""Checking a document (规则包检查): each problem with the line and column of the value that is wrong."""

from bisect import bisect_right
from dataclasses import asdict, dataclass
from json import JSONDecodeError, JSONDecoder, loads
from typing import Any

from app.domain.credits.packs.document import PackDocument, read_pack
from app.domain.credits.packs.problems import PackRefused, Problem
from app.domain.credits.packs.refinements import Refinement, read_refinement

Path = tuple[str | int, ...]
_DECODER = JSONDecoder()
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Located(Problem):
    """A problem with its place in the file; both count from 1."""

    line: int
    column: int


def check_text(text: str) -> PackDocument | Refinement | tuple[Located, ...]:
    """The pack or the refinement in the text, or what is wrong in it, from the top down."""
    try:
        return _read(text)
    except JSONDecodeError as error:
        return (_unreadable(error.lineno, error.colno),)
    except (ValueError, RecursionError):
        # A number of thousands of digits, or what nests without end: no place is looked for.
        return (_unreadable(1, 1),)


def _read(text: str) -> PackDocument | Refinement | tuple[Located, ...]:
    content = loads(text)
    refines = isinstance(content, dict) and "refines" in content
    try:
        return read_refinement(text) if refines else read_pack(text)
    except PackRefused as refused:
        places = positions_of(text)
        found = [_located(each, places) for each in refused.problems]
        return tuple(sorted(found, key=lambda each: (each.line, each.column)))


def positions_of(text: str) -> dict[Path, tuple[int, int]]:
    """Line and column of every value in a valid JSON text, by its path."""
    lines = [0, *(index + 1 for index, letter in enumerate(text) if letter == "\n")]
    found: dict[Path, tuple[int, int]] = {}

    def after_space(at: int) -> int:
        while text[at] in _SPACE:
            at += 1
        return at

    def value(at: int, path: Path) -> int:
        at = after_space(at)
        line = bisect_right(lines, at)
        found[path] = line, at - lines[line - 1] + 1
        if text[at] not in "{[":
            return _DECODER.raw_decode(text, at)[1]
        closing, index = "}]"["{[".index(text[at])], 0
        at = after_space(at + 1)
        while text[at] != closing:
            part: str | int = index
            if closing == "}":
                part, at = _DECODER.raw_decode(text, at)
                at = after_space(at) + 1
            at = after_space(value(at, (*path, part)))
            at, index = after_space(at + 1) if text[at] == "," else at, index + 1
        return at + 1

    value(0, ())
    return found


def _unreadable(line: int, column: int) -> Located:
    [known] = _refused("{").problems
    return Located(**asdict(known), line=line, column=column)


def _located(each: Problem, places: dict[Path, tuple[int, int]]) -> Located:
    """At the value, or at the nearest part around it that is there."""
    path: Path = tuple(int(part) if part.isdecimal() else part for part in each.path.split("."))
    while path not in places:
        path = path[:-1]
    line, column = places[path]
    known: dict[str, Any] = asdict(each)
    return Located(**known, line=line, column=column)


def _refused(text: str) -> PackRefused:
    try:
        read_pack(text)
    except PackRefused as refused:
        return refused
    raise AssertionError(text)
