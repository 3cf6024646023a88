"""Every root field is an operation: what a mutation does is recorded, and what is refused for want of
authority, whichever executor runs it.
"""

import re
from collections.abc import Callable
from inspect import isawaitable
from typing import Any

import strawberry
from graphql import GraphQLList, GraphQLNonNull, get_named_type

from app.graphql.context import Context, Deed
from app.graphql.execution import DECLARED, direct_resolver
from app.request.recording import OF_AUTHORITY, Refused, target_of

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def record_operations(schema: strawberry.Schema) -> None:
    """Let the context of a request know which operation is asked for, and which was refused."""
    for kind in ("Query", "Mutation"):
        root: Any = schema._schema.get_type(kind)  # noqa: SLF001  graphql-core's schema has no public name
        for name, field in root.fields.items():
            if field.resolve is not None:
                operation = _CAPITAL.sub("_", name).lower()
                if kind == "Query":
                    operation = f"{'list' if _is_list(field.type) else 'get'}_{operation}"
                declared = field.extensions.get(DECLARED)
                direct = None if declared is None else direct_resolver(schema, declared)
                resolve = direct or field.resolve
                field.resolve = _recorded(resolve, operation, writes=kind == "Mutation")


def _is_list(answer: Any) -> bool:
    """Whether a field leads to many things, or a page of them: `units` is `list_units`, `unit` `get_unit`.

    A page has no key; a thing that has one may well hold items of its own.
    """
    bare = answer.of_type if isinstance(answer, GraphQLNonNull) else answer
    shown: Any = getattr(get_named_type(answer), "fields", {})
    is_page = "id" not in shown and not shown.keys().isdisjoint({"nodes", "items"})
    return isinstance(bare, GraphQLList) or is_page


def _recorded(resolve: Callable[..., Any], operation: str, *, writes: bool) -> Callable[..., Any]:
    async def resolve_recorded(root: Any, info: Any, **arguments: Any) -> Any:
        context: Context = info.context
        if writes:
            context.deed = Deed(operation, target_of(arguments))
        try:
            value = resolve(root, info, **arguments)
            return await value if isawaitable(value) else value
        except OF_AUTHORITY as refusal:
            context.refused.append(Refused(operation, target_of(arguments), refusal.code))
            raise

    return resolve_recorded
