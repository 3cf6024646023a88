"""A plan is run level by level: each field once for all things of its level.

A level is a list of rows. Each field of its selection becomes a column as long as the level: leaves
are written at once; an edge is one read with the keys of all rows, and what it leads to is the next
level. When all columns are there they are put together into the things of the answer.

What cannot be done for one row is an error at that row's place; if the field must be there, the row
has failed, and whoever led to it decides whether null may stand in its stead.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import Any

from graphql import GraphQLError, GraphQLList, GraphQLNonNull, located_error

from app.graphql.execution.leaves import write_leaf
from app.graphql.execution.places import NULLED, Errors, Level
from app.graphql.execution.plan import Field, Plan, Selection
from app.graphql.execution.sources import Column, Sources


class Run:
    """One run of a plan."""

    def __init__(self, plan: Plan, sources: Sources, errors: Errors) -> None:
        self._plan = plan
        self._sources = sources
        self._errors = errors

    async def data(self) -> dict[str, Any] | None:
        """The data of the answer, root field after root field."""
        data: dict[str, Any] = {}
        for field in self._plan.root.fields:
            top = Level()
            column = await self._column(field, [None], top)
            if top.failed:
                return None
            data[field.key] = column[0]
        return data

    async def _things(self, selection: Selection, rows: Column, level: Level) -> Column:
        """What is shown of each row, or `NULLED`."""
        if not rows:
            return []
        columns = [await self._column(field, rows, level) for field in selection.fields]
        shown = list(map(selection.thing, *columns)) if columns else [selection.thing()] * len(rows)
        for index in level.failed:
            shown[index] = NULLED
        return shown

    async def _column(self, field: Field, rows: Column, level: Level) -> Column:
        """One field of all rows."""
        if field.constant is not None:
            return [field.constant] * len(rows)
        values = await self._sources.values(field, rows, level)
        if field.write is not None:
            return self._leaves(field, values, level)
        if field.many:
            return await self._many(field, values, level)
        return await self._one(field, values, level)

    def _leaves(self, field: Field, values: Column, level: Level) -> Column:
        assert field.write is not None  # noqa: S101  the caller has looked
        try:
            return field.write(values)
        except Exception:  # noqa: BLE001  it is one value's; again, one by one
            column: Column = [None] * len(values)
        assert field.definition is not None  # noqa: S101  only a constant has none
        for index, value in enumerate(values):
            if index not in level.failed:
                path = [*level.path(index), field.key]
                try:
                    column[index] = self._leaf(field, field.definition.type, value, path)
                except GraphQLError as error:
                    self._errors.add(field, error, path)
                    level.failed.add(index)
        return column

    def _leaf(self, field: Field, kind: Any, value: Any, path: list[str | int]) -> Any:
        """One value, its errors recorded at their places; raises where null may not stand."""
        required = isinstance(kind, GraphQLNonNull)
        bare = kind.of_type if required else kind
        try:
            if value is None:
                return _required(field) if required else None
            if not isinstance(bare, GraphQLList):
                return write_leaf(bare, value)
            return [
                self._leaf(field, bare.of_type, item, [*path, position])
                for position, item in enumerate(_as_list(field, value))
            ]
        except Exception as error:
            if required:
                raise located_error(error, field.nodes, path) from error
            self._errors.add(field, error, path)
            return None

    async def _one(self, field: Field, values: Column, level: Level) -> Column:
        """Each row leads to one thing, or to none."""
        if type(None) not in set(map(type, values)):
            present: Sequence[int] = range(len(values))
            things = values
        else:
            present = [index for index, value in enumerate(values) if value is not None]
            things = [values[index] for index in present]
        shown = await self._typed(field, things, level.singles(field.key, present))
        if len(present) == len(values) and not self._errors.found:
            return shown
        column: Column = [None] * len(values)
        for index, thing in zip(present, shown, strict=True):
            if thing is not NULLED:
                column[index] = thing
            elif field.required:
                level.failed.add(index)
        if field.required and len(present) < len(values):
            self._require(field, values, level)
        return column

    async def _many(self, field: Field, values: Column, level: Level) -> Column:
        """Each row leads to a list of things."""
        if set(map(type, values)) != {list}:
            values = self._lists(field, values, level)
        sizes = [len(value) if value is not None else 0 for value in values]
        things = list(chain.from_iterable(filter(None, values)))
        shown = await self._items(field, things, level.lists(field.key, sizes))
        column: Column = []
        start = 0
        for index, (value, size) in enumerate(zip(values, sizes, strict=True)):
            part = None if value is None else shown[start : start + size]
            start += size
            if part and self._errors.found and any(thing is NULLED for thing in part):
                part = self._without(field, part, index, level)
            column.append(part)
        return column

    def _lists(self, field: Field, values: Column, level: Level) -> Column:
        """The values, each of them a list or None."""
        if field.required:
            self._require(field, values, level)
        lists: Column = []
        for index, value in enumerate(values):
            try:
                lists.append(None if value is None else _as_list(field, value))
            except GraphQLError as error:
                self._errors.fail(field, error, index, level)
                lists.append(None)
        return lists

    async def _items(self, field: Field, things: Column, level: Level) -> Column:
        """What is shown of the items of all lists; `NULLED` where one is missing that may not be."""
        if type(None) not in set(map(type, things)):
            return await self._typed(field, things, level)
        present = [index for index, thing in enumerate(things) if thing is not None]
        found = await self._typed(field, [things[n] for n in present], level.part(present))
        shown: Column = [None] * len(things)
        for index, thing in zip(present, found, strict=True):
            shown[index] = thing
        if field.item_required:
            for index, thing in enumerate(things):
                if thing is None:
                    self._errors.add(field, _missing(field), level.path(index))
                    shown[index] = NULLED
        return shown

    def _without(self, field: Field, part: Column, index: int, level: Level) -> Column | None:
        """A list some of whose things cannot be shown: with null in their stead, or no list."""
        if not field.item_required:
            return [None if thing is NULLED else thing for thing in part]
        if field.required:
            level.failed.add(index)
        return None

    async def _typed(self, field: Field, rows: Column, level: Level) -> Column:
        """What is shown of rows, each by the selection of its own type."""
        selections = field.selections
        assert selections is not None  # noqa: S101  a field without leaves leads to things
        if not field.abstract:
            (selection,) = selections.values()
            return await self._things(selection, rows, level)
        shown: Column = [NULLED] * len(rows)
        kinds = [row.get("__typename") if isinstance(row, Mapping) else None for row in rows]
        for kind in dict.fromkeys(kinds):
            indices = [index for index, each in enumerate(kinds) if each == kind]
            if kind is None or kind not in selections:
                for index in indices:
                    unknown = TypeError(f"{field.parent}.{field.name} is of no type it can be.")
                    self._errors.add(field, unknown, level.path(index))
                continue
            part = await self._things(
                selections[kind], [rows[index] for index in indices], level.part(indices)
            )
            for index, thing in zip(indices, part, strict=True):
                shown[index] = thing
        return shown

    def _require(self, field: Field, values: Column, level: Level) -> None:
        """An error at each row whose value is missing."""
        for index, value in enumerate(values):
            if value is None:
                self._errors.fail(field, _missing(field), index, level)


def _required(field: Field) -> None:
    raise _missing(field)


def _missing(field: Field) -> TypeError:
    return TypeError(f"Cannot return null for non-nullable field {field.parent}.{field.name}.")


def _as_list(field: Field, value: Any) -> Collection[Any]:
    if isinstance(value, list | tuple):
        return value
    raise GraphQLError(f"Expected a list for field {field.parent}.{field.name}.")
