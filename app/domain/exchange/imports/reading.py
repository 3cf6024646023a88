"""Reading (识读): from the cells of a row to what the row says, or to the reasons why it says nothing.

Pure. Headers are known in Chinese and in English, with or without blanks and marks; words stand for the
values of the domain; dates are written in many ways.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from app.domain.errors import DomainError, Unfit
from app.domain.exchange.imports.kind import Draft, Ground, ImportColumn, ImportKind
from app.domain.exchange.imports.reasons import ColumnNeeded, ColumnUnfit, reason_of
from app.tabular import ROW, UnreadableCell, date_of

_MARKS = re.compile(r"[\s*＊_]|[（(].*?[）)]")
_BETWEEN = re.compile(r"[、，,；;\s]+")


def plain_header(header: str) -> str:
    """A header as it is compared: without blanks, marks and what stands in brackets."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", header)).casefold()


def known_headers(kind: ImportKind) -> dict[str, ImportColumn]:
    """Every header of a kind, as it is compared, with its column."""
    return {
        plain_header(name): column
        for column in kind.columns
        for name in (column.field, column.zh, column.en, column.zh + column.field, *column.also)
    }


def fields_of(kind: ImportKind, headers: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Header to the field that it fills, and the headers that are not understood."""
    known = known_headers(kind)
    found: dict[str, str] = {}
    unknown: list[str] = []
    for header in headers:
        column = known.get(plain_header(header))
        if column is not None and column.field not in found.values():
            found[header] = column.field
        elif header.strip():
            # JSON can spell a character that no text of the database has.
            unknown.append(header[:100].replace("\0", ""))
    return found, unknown


def given_of(fields: Mapping[str, str], cells: Mapping[str, str]) -> dict[str, str]:
    """What the cells of a row say, by field; an empty cell says nothing."""
    return {
        name: text
        for header, name in fields.items()
        if (text := cells.get(header, "").replace("\x00", "").strip())
    }


def read_draft(kind: ImportKind, draft: Draft, ground: Ground) -> None:
    """Let a draft say what it says, or have the reasons why it cannot; once."""
    if draft.said is not None or draft.refused:
        return
    values: dict[str, Any] = {}
    for name, text in draft.given.items():
        column = kind.column(name)
        if len(text) > column.longest:
            draft.refuse(_unfit(column), column=column.zh)
            continue
        if column.is_plain:
            values[name] = text
            continue
        try:
            values[name] = _value(column, text)
        except UnreadableCell as fault:
            draft.reasons.append(_fault(fault, column.zh))
    if len(values) < len(draft.given):
        return
    try:
        draft.said = kind.row.model_validate(values)
        if draft.key is None:
            draft.key, draft.label = kind.identify(draft.said, ground)
    except ValidationError as problem:
        refuse_unfit(kind, draft, problem)
        draft.said = None
    except DomainError as refusal:
        draft.refuse(refusal)
        draft.said = None


def refuse_unfit(kind: ImportKind, draft: Draft, problem: ValidationError) -> None:
    """Refuse a draft for whatever its command finds wrong with it."""
    for error in problem.errors(include_input=False, include_url=False):
        draft.reasons.append(_reason(kind, error))


def _value(column: ImportColumn, text: str) -> Any:
    if column.day:
        return date_of(text)
    if column.many:
        return [column.words(each) for each in _BETWEEN.split(text) if each]
    return column.words(text) if column.words else text


def _fault(fault: UnreadableCell, column: str | None) -> dict[str, Any]:
    """What is wrong with a cell itself, as the reason of a row."""
    words = {"code": fault.code, "zh": fault.zh, "en": fault.en}
    return words | {"column": column, "note": False}


def add_faults(draft: Draft, fields: Mapping[str, str], faults: Mapping[str, str]) -> None:
    """Let a draft be refused for what its cells are; what is in other columns does not matter."""
    for header, code in faults.items():
        if header in fields or header == ROW:
            draft.reasons.append(_fault(UnreadableCell(code), header or None))


def _unfit(column: ImportColumn) -> ColumnUnfit:
    words = "、".join(column.words)
    return ColumnUnfit(
        column=column.zh,
        allowed_zh=f"可填：{words}。" if words else "",
        allowed_en=f"It may be: {words}." if words else "",
    )


def _reason(kind: ImportKind, error: Any) -> dict[str, Any]:
    """What pydantic finds wrong, without what was given."""
    said = error.get("ctx", {}).get("error")
    if isinstance(said, Unfit):
        return {
            "code": "import_row_unfit",
            "zh": said.zh,
            "en": said.en,
            "column": None,
            "note": False,
        }
    name = error["loc"][0] if error["loc"] else None
    column = next((each for each in kind.columns if each.field == name), None)
    if column is None:
        column = kind.columns[0]
    refusal = ColumnNeeded(column=column.zh) if error["type"] == "missing" else _unfit(column)
    return reason_of(refusal, column=column.zh)
