"""What a consumer asks of a collection, in the grammar of OneRoster 1.2: which part, order, which things.

A filter is `field predicate 'value'`, or two of these joined once by AND or OR; the predicates are
= != > >= < <= and ~ (contains, whatever the case).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.domain.errors import Invalid

MOST = 5000
"""Things in one answer at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The query of a collection, as it was sent."""

    limit: int = 100
    offset: int = 0
    sort: str | None = None
    """A field; the key, so that pages do not shift, where none is named."""
    descending: bool = False
    filter: str | None = None
    fields: str | None = None
    """Names of fields, by commas; all where none are named."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was read: its parts as field and predicate, their values, and how they are joined."""

    parts: tuple[tuple[str, str], ...] = ()
    values: tuple[str, ...] = ()
    is_either: bool = False


# What can be refused.


class UnknownRosterField(Invalid):
    """`fields` names nothing, or something that these things do not have."""

    code = "unknown_roster_field"
    zh = "参数 fields 为空或含有未知的字段，可用：{allowed}。"
    en = "The parameter 'fields' is blank or names an unknown field; there are: {allowed}."


class UnknownRosterSort(Invalid):
    """`sort` names what these things cannot be sorted by."""

    code = "unknown_roster_sort"
    zh = "不能按所给字段排序，可用：{allowed}。"
    en = "These things cannot be sorted so; they can be by: {allowed}."


class BadRosterFilter(Invalid):
    """The filter is not of the grammar, or its field cannot be filtered by."""

    code = "bad_roster_filter"
    zh = (
        "筛选条件无效。格式：字段、谓词（= != > >= < <= ~）、单引号内的值，可用 AND 或 OR 连接一次；"
        "可用字段：{allowed}。"
    )
    en = (
        "The filter cannot be read: field, predicate (= != > >= < <= ~), value in single quotes, at most"
        " two of them joined by AND or OR; the fields are: {allowed}."
    )


class BadRosterValue(Invalid):
    """A value in a filter is not of its field's kind: no date, no moment, no key."""

    code = "bad_roster_value"
    zh = "筛选条件中 {field} 的值无效。"
    en = "The value of {field} in the filter is not valid."


# What may be asked.

_PART = r"([A-Za-z]{1,40}(?:\.[A-Za-z]{1,40})?)\s*(!=|>=|<=|=|>|<|~)\s*'([^'\x00]{0,200})'"
_FILTER = re.compile(rf"\s*{_PART}(?:\s+(AND|OR)\s+{_PART})?\s*")


def read_filter(text: str | None) -> Filter | None:
    """The filter in this text, an empty one where there is no text; None where it cannot be read."""
    if text is None:
        return Filter()
    found = _FILTER.fullmatch(text)
    if found is None:
        return None
    field, predicate, value, joint, other, other_predicate, other_value = found.groups()
    if joint is None:
        return Filter(((field, predicate),), (value,))
    parts = ((field, predicate), (other, other_predicate))
    return Filter(parts, (value, other_value), is_either=joint == "OR")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_READERS: Mapping[type[Any], Callable[[str], Any]] = {
    UUID: UUID,
    date: date.fromisoformat,
    datetime: _moment,
    str: str,
}


def read_value(field: str, kind: type[Any], text: str) -> Any:
    """A value of a filter as its column has it; a moment without an offset is in UTC."""
    try:
        return _READERS[kind](text)
    except (ValueError, OverflowError):
        raise BadRosterValue(field=field) from None
