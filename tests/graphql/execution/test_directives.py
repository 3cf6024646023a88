"""What a schema says beside its types has the same effect with both executors, or fails the build."""

# mypy: disallow-untyped-decorators=False
# `strawberry.field` with directives, permissions or extensions has no typed form of the decorator.

from operator import getitem
from typing import Any

import pytest
import strawberry
from strawberry.directive import DirectiveLocation
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.schema.config import StrawberryConfig
from strawberry.schema_directive import Location

from app.graphql.execution import Engine, Limits
from tests.graphql.execution.comparing import PlainEngine

LIMITS = Limits(deepest=8, most_aliases=10, dearest=1_000, largest_page=100, usual_list=5)


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION, Location.OBJECT])
class Kept:
    """Says something, to those who read the schema."""

    by: str


class Nobody(BasePermission):
    """What nobody may read."""

    message = "nobody"

    def has_permission(self, *_: Any, **__: Any) -> bool:
        """Never."""
        return False


class Loudly(FieldExtension):
    """Acts on what is answered."""

    def resolve(self, next_: Any, source: Any, info: Any, **given: Any) -> Any:
        """The answer, in capitals."""
        return next_(source, info, **given).upper()


@strawberry.type(directives=[Kept(by="the library")])
class Reader:
    """Somebody who reads."""

    name: str = strawberry.field(directives=[Kept(by="the reader")])
    address: str | None = strawberry.field(permission_classes=[Nobody])
    motto: str = strawberry.field(extensions=[Loudly()])


@strawberry.type
class Query:
    """What may be asked."""

    @strawberry.field(directives=[Kept(by="the library")], graphql_type=Reader)
    def reader(self) -> Any:
        """A reader."""
        return {"name": "杜甫", "address": "成都", "motto": "more"}

    @strawberry.field(permission_classes=[Nobody])
    def ledger(self) -> str | None:
        """What nobody may read."""
        return "secret"

    @strawberry.field(extensions=[Loudly()])
    def sign(self) -> str:
        """What stands over the door."""
        return "open"


def make_schema(**more: Any) -> strawberry.Schema:
    """The schema of a few readers."""
    return strawberry.Schema(Query, config=StrawberryConfig(default_resolver=getitem), **more)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("{ reader { name } }", {"reader": {"name": "杜甫"}}),
        ("{ reader { name address } }", {"reader": {"name": "杜甫", "address": None}}),
        ("{ reader { motto } }", {"reader": {"motto": "MORE"}}),
        ("{ ledger sign }", {"ledger": None, "sign": "OPEN"}),
    ],
)
async def test_directives_permissions_and_extensions_of_a_field_are_obeyed_alike(
    text: str, data: dict[str, Any]
) -> None:
    schema = make_schema()
    ours = await PlainEngine(schema, LIMITS).execute(text)
    theirs: Any = await schema.execute(text)
    assert ours.data == theirs.data == data
    told = [
        [(error.path, error.message) for error in errors or []]
        for errors in (ours.errors, theirs.errors)
    ]
    assert told[0] == told[1]
    assert [message for _, message in told[0]] == ["nobody"] * str(data).count("None")


def test_a_directive_of_documents_that_would_not_be_obeyed_fails_the_build() -> None:
    @strawberry.directive(locations=[DirectiveLocation.FIELD])
    def turned(value: str) -> str:
        return value[::-1]

    with pytest.raises(TypeError, match="Operation directives"):
        Engine(make_schema(directives=[turned]), LIMITS)
