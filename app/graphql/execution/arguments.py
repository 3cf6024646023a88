"""The arguments of a field as its read takes them.

graphql-core has coerced them by their types already. Strawberry then makes its own of them, one by
one and by their types again, which takes longer than a short statement; where all arguments of a field are
scalars or enums there is nothing to make, and they are only called by their names in Python.
"""

from collections.abc import Callable, Mapping
from typing import Any

from strawberry import ID, Schema
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_arguments
from strawberry.types.base import StrawberryOptional
from strawberry.types.enum import has_enum_definition
from strawberry.types.field import StrawberryField

DECLARED = GraphQLCoreConverter.DEFINITION_BACKREF
"""The name under which graphql-core's field has Strawberry's declaration among its extensions."""
Convert = Callable[[dict[str, Any]], dict[str, Any]]

_SCALARS = frozenset({bool, float, int, str, ID})


def argument_converter(schema: Schema, declared: StrawberryField) -> Convert:
    """What makes the arguments of a field Python's."""
    registry, config = schema.schema_converter.scalar_registry, schema.config
    arguments = declared.arguments
    if not all(_is_scalar(each.type, registry) for each in arguments):
        return lambda given: convert_arguments(given, arguments, registry, config)
    names = {config.name_converter.from_argument(each): each.python_name for each in arguments}
    return lambda given: {names[name]: value for name, value in given.items()}


def _is_scalar(kind: Any, registry: Mapping[object, Any]) -> bool:
    while isinstance(kind, StrawberryOptional):
        kind = kind.of_type
    return kind in _SCALARS or has_enum_definition(kind) or kind in registry


def direct_resolver(schema: Schema, declared: StrawberryField) -> Callable[..., Any] | None:
    """A resolver of the root that calls the function of a field without a way through Strawberry.

    None where that way does something: for an extension or a permission of the field, or a function that
    takes more than its type's `self`, `info` and its arguments, or does not wait.
    """
    resolver = declared.base_resolver
    if resolver is None or not resolver.is_async or declared.extensions:
        return None
    if declared.permission_classes or resolver.root_parameter or resolver.parent_parameter:
        return None
    call: Any = resolver.wrapped_func
    convert = argument_converter(schema, declared)
    has_self, info_parameter = resolver.self_parameter is not None, resolver.info_parameter
    make_info = schema.config.info_class

    async def resolve(root: Any, info: Any, **given: Any) -> Any:
        arguments = convert(given)
        if info_parameter is not None:
            arguments[info_parameter.name] = make_info(_raw_info=info, _field=declared)
        return await (call(root, **arguments) if has_self else call(**arguments))

    return resolve
