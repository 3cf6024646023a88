"""Arguments go the short way where Strawberry would leave them as they are, and only there."""

# mypy: disallow-untyped-decorators=False
# `strawberry.field(permission_classes=...)` has no typed form of the decorator.

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import strawberry
from strawberry.permission import BasePermission
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from app.graphql.execution import DECLARED, direct_resolver
from app.graphql.execution.arguments import argument_converter
from app.graphql.schema import schema
from tests.graphql.execution.library import schema as library


def declared_in(of: Any) -> Iterator[StrawberryField]:
    """Every field of a schema that Strawberry declared."""
    for kind in of._schema.type_map.values():
        for field in getattr(kind, "fields", {}).values():
            declared = field.extensions.get(DECLARED)
            if isinstance(declared, StrawberryField) and declared.arguments:
                yield declared


def defaults_of(of: Any, declared: StrawberryField) -> dict[str, Any]:
    """Something that each argument without an input object may be given."""
    name_of = of.config.name_converter.from_argument
    return {name_of(each): None for each in declared.arguments}


@pytest.mark.parametrize("of", [schema, library], ids=["ours", "library"])
def test_the_short_way_comes_to_what_strawberry_makes(of: Any) -> None:
    registry, config = of.schema_converter.scalar_registry, of.config
    seen = 0
    for declared in declared_in(of):
        given = defaults_of(of, declared)
        made = convert_arguments(given, declared.arguments, registry, config)
        assert argument_converter(of, declared)(given) == made, declared.name
        assert argument_converter(of, declared)({}) == {}, declared.name
        seen += 1
    assert seen > 3


def test_scalars_and_enums_are_left_as_they_are() -> None:
    """What graphql-core has made of them is what Strawberry leaves."""
    [units] = [each for each in declared_in(schema) if each.name == "units"]
    given = {"first": 5, "parentId": UUID(int=7), "level": "school", "knownAs": "x"}
    registry, config = schema.schema_converter.scalar_registry, schema.config
    made = convert_arguments(given, units.arguments, registry, config)
    assert argument_converter(schema, units)(given) == made
    assert made == {"first": 5, "parent_id": UUID(int=7), "level": "school", "known_as": "x"}


def test_an_input_object_is_made() -> None:
    [lend] = [each for each in declared_in(schema) if each.name == "lend_credit"]
    given = {"teacherId": UUID(int=7), "new": {"amount": Decimal("15.00"), "reason": "因公派出"}}
    made = argument_converter(schema, lend)(given)
    assert made["teacher_id"] == UUID(int=7)
    assert (made["new"].amount, made["new"].reason) == (Decimal("15.00"), "因公派出")


class Nobody(BasePermission):
    message = "no"

    def has_permission(self, *_: Any, **__: Any) -> bool:
        return False


@strawberry.type
class Query:
    @strawberry.field
    async def plain(self, number: int) -> int:
        return number

    @strawberry.field
    def at_once(self, number: int) -> int:
        return number

    @strawberry.field(permission_classes=[Nobody])
    async def guarded(self, number: int) -> int:
        return number


async def test_a_field_whose_way_does_something_goes_it() -> None:
    of = strawberry.Schema(Query)
    fields = {each.python_name: each for each in declared_in(of)}
    assert direct_resolver(of, fields["at_once"]) is None
    assert direct_resolver(of, fields["guarded"]) is None
    resolve = direct_resolver(of, fields["plain"])
    assert resolve is not None
    assert await resolve(None, None, number=7) == 7
