"""A list that can be exported: what reads it, what its rows show, and what may be asked of it."""

import inspect
import typing
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from app.domain.errors import Invalid
from app.domain.paging import Page
from app.sql import Row
from app.tabular import Column, column_of_field

_GIVEN = frozenset({"db", "actor", "page", "now", "today", "for_file"})
"""What every list is handed, whoever asks for what."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_LARGEST = 2**31 - 1
_LONGEST = 200


class ExportParameterWrong(Invalid):
    """The list has no such parameter, needs another, or the value is none of this one's."""

    code = "export_parameter_wrong"
    zh = "清单 {list} 的参数 {parameter} 缺失、重复、未知或取值无效；可用参数：{allowed}。"
    en = (
        "The parameter {parameter} of {list} is missing, repeated, unknown or has no valid value;"
        " there are: {allowed}."
    )


class ExportColumnUnknown(Invalid):
    """The things of this list have no such field."""

    code = "export_column_unknown"
    zh = "清单 {list} 没有这样的列；可用列：{allowed}。"
    en = "The list {list} has no such column; there are: {allowed}."


@dataclass(frozen=True, eq=False)
class Listed:
    """A list, by the very function that both faces answer with: so an export shows what it shows."""

    read: Callable[..., Awaitable[Page | Sequence[Row]]]
    view: type[BaseModel]

    @property
    def name(self) -> str:
        """The operation's id, which is the function's name."""
        return self.read.__name__

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """What is shown of each thing, in its order."""
        fields = self.view.model_fields.items()
        return tuple(column_of_field(name, field.description) for name, field in fields)

    @cached_property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """By what the list is chosen and filtered."""
        signature = inspect.signature(self.read).parameters
        return {name: each for name, each in signature.items() if name not in _GIVEN}

    @property
    def required(self) -> list[str]:
        """Those without which there is no list."""
        empty = inspect.Parameter.empty
        return [name for name, each in self.parameters.items() if each.default is empty]

    @cached_property
    def given(self) -> frozenset[str]:
        """What else the function wants to be handed."""
        return _GIVEN & inspect.signature(self.read).parameters.keys()

    @cached_property
    def _adapters(self) -> Mapping[str, TypeAdapter[Any]]:
        hints = typing.get_type_hints(self.read)
        return {name: TypeAdapter(hints[name]) for name in self.parameters}

    def arguments(self, given: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """The arguments that parameters mean, which come as text from an address or a form."""
        texts = dict(given)
        if len(texts) < len(given):
            twice = next(name for name, _ in given if [n for n, _ in given].count(name) > 1)
            raise self._wrong(twice)
        for name in texts:
            if name not in self.parameters:
                raise self._wrong("?")
        for name in self.required:
            if name not in texts:
                raise self._wrong(name)
        return {name: self._value(name, text) for name, text in texts.items()}

    def _value(self, name: str, text: str) -> Any:
        if len(text) > _LONGEST or "\0" in text:
            raise self._wrong(name)
        try:
            value = self._adapters[name].validate_python(text)
        except ValidationError:
            raise self._wrong(name) from None
        if isinstance(value, datetime) and value.tzinfo is None:
            raise self._wrong(name)
        if isinstance(value, date) and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            raise self._wrong(name)
        if isinstance(value, int) and abs(value) > _LARGEST:
            raise self._wrong(name)
        return value

    def _wrong(self, name: str) -> ExportParameterWrong:
        allowed = ", ".join(self.parameters) or "-"
        return ExportParameterWrong(list=self.name, parameter=name, allowed=allowed)

    def chosen(self, names: Sequence[str] | None) -> tuple[Column, ...]:
        """The columns with these names, in this order; all without."""
        if names is None:
            return self.columns
        known = {each.name: each for each in self.columns}
        if not names or not known.keys() >= set(names):
            raise ExportColumnUnknown(list=self.name, allowed=", ".join(known))
        return tuple(known[name] for name in dict.fromkeys(names))
