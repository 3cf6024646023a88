"""Where the values of a field come from: a column of the rows, an edge, or a resolver at the root."""

from collections.abc import Mapping
from inspect import isawaitable
from operator import itemgetter
from typing import Any

from graphql import GraphQLResolveInfo
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path

from app.graphql.execution.places import Errors, Level
from app.graphql.execution.plan import Field, Link, Plan

Column = list[Any]


async def follow(
    link: Link,
    context: Any,
    keys: Column,
    arguments: Mapping[str, Any],
    columns: frozenset[str] | None,
    known: dict[Any, Any],
) -> Column:
    """What an edge leads to from each key, by one read with all those that are not yet `known`."""
    wanted = dict.fromkeys(keys)
    for key in known if len(known) < len(wanted) else known.keys() & wanted.keys():
        wanted.pop(key, None)
    if wanted:
        found = await link.load(context, list(wanted), arguments, columns)
        known |= wanted
        known |= found
    return list(map(known.__getitem__, keys))


class Sources:
    """The values of the fields of one run."""

    def __init__(
        self, plan: Plan, schema: Any, variables: VariableValues, context: Any, errors: Errors
    ) -> None:
        self._plan = plan
        self._schema = schema
        self._variables = variables
        self._context = context
        self._errors = errors
        self._known: dict[Any, dict[Any, Any]] = {}
        """What each edge, with these arguments, is known to lead to, by key."""

    async def values(self, field: Field, rows: Column, level: Level) -> Column:
        """One field's value for each row; None, and an error, where there is none to be had."""
        if field.link is not None:
            return await self._follow(field, rows, level)
        if field.resolve is not None:
            return await self._resolve(field, level)
        return self._each(field, rows, level)

    def _each(self, field: Field, rows: Column, level: Level) -> Column:
        """The field's column of each row; None and an error where a row does not have it."""
        assert field.column is not None  # noqa: S101  a field that is nothing else has one
        column = itemgetter(field.column)
        try:
            return list(map(column, rows))
        except Exception:  # noqa: BLE001  it is one row's; again, one by one
            values: Column = []
        for index, row in enumerate(rows):
            try:
                values.append(column(row))
            except Exception as error:  # noqa: BLE001  whatever it is, it is told at this row
                self._errors.fail(field, error, index, level)
                values.append(None)
        return values

    async def _resolve(self, field: Field, level: Level) -> Column:
        """The value of a root field. After a mutation nothing that was known before holds."""
        assert field.resolve is not None  # noqa: S101  the caller has looked
        self._known.clear()
        try:
            value = field.resolve(None, self._about(field), **self._arguments(field))
            return [await value if isawaitable(value) else value]
        except Exception as error:  # noqa: BLE001  whatever it is, it is told at this field
            self._errors.fail(field, error, 0, level)
            return [None]

    async def _follow(self, field: Field, rows: Column, level: Level) -> Column:
        """What an edge leads to from each row, by one read with all keys that are not yet known."""
        link = field.link
        assert link is not None  # noqa: S101  the caller has looked
        keys = self._each(field, rows, level)
        try:
            arguments = field.convert(self._arguments(field))
            known = self._known.setdefault((link, repr(arguments)), {None: None})
            columns = self._plan.columns.get(link)
            return await follow(link, self._context, keys, arguments, columns, known)
        except Exception as error:  # noqa: BLE001  the error of every row that has a key
            for index, key in enumerate(keys):
                if key is not None:
                    self._errors.fail(field, error, index, level)
            return [None] * len(rows)

    def _arguments(self, field: Field) -> dict[str, Any]:
        definition = field.definition
        if definition is None or not definition.args:
            return {}
        return get_argument_values(
            definition, field.nodes[0], self._variables, hide_suggestions=True
        )

    def _about(self, field: Field) -> Any:
        """What a resolver may know of its field, as graphql-core tells it."""
        assert field.definition is not None  # noqa: S101  only a constant has none
        return GraphQLResolveInfo(
            field_name=field.nodes[0].name.value,
            field_nodes=field.nodes,
            return_type=field.definition.type,
            parent_type=field.parent,
            path=Path(None, field.key, field.parent.name),
            schema=self._schema,
            fragments=self._plan.fragments,
            root_value=None,
            operation=self._plan.operation,
            variable_values=self._variables.coerced,  # type: ignore[arg-type]  # as Strawberry does
            context=self._context,
            is_awaitable=isawaitable,  # type: ignore[arg-type]  # it is narrower, and right
            abort_signal=None,
            async_helpers=None,  # type: ignore[arg-type]  # nothing here is left running
        )
