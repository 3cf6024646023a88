"""Asks either face for the same operation: what REST is sent in an address and a body, GraphQL as
variables."""

from typing import Any
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
)

from tests.faces.operations import Operation, camel, graphql_fields
from tests.make import Client, Person

REQUEST_ID = "the-same-for-all"
"""With it two answers to the same refusal are the same bytes."""


FIRST = {"number": 1}
"""What is numbered in an address, such as the version of something: the first is asked for."""


def address(operation: Operation, keys: dict[str, UUID]) -> str:
    """The path of an operation, below /api/v1, with these keys by the names of its parameters."""
    return operation.path.removeprefix("/api/v1").format(**FIRST | keys)


def parameters(operation: Operation) -> list[str]:
    """The names of the keys in an operation's address, in their order."""
    return [part.partition("}")[0] for part in operation.path.split("{")[1:]]


async def ask_rest(
    client: Client, person: Person | None, operation: Operation, keys: dict[str, UUID], body: Any
) -> tuple[int, bytes]:
    """The status and the body of REST's answer."""
    sent = {} if body is None else {"params" if operation.is_read else "json": body}
    answer = await client.request(
        person, operation.method, address(operation, keys),
        headers={"X-Request-Id": REQUEST_ID}, **sent,
    )  # fmt: skip
    return answer.status_code, answer.content


async def ask_graphql(
    client: Client, person: Person | None, operation: Operation, keys: dict[str, UUID], body: Any
) -> tuple[int, bytes]:
    """The status that the first error names (200 without one), and the answer."""
    document, variables = in_graphql(operation, keys, body)
    answer = await client.http.post(
        "/graphql",
        json={"query": document, "variables": variables},
        headers=client.headers(person) | {"X-Request-Id": REQUEST_ID},
    )
    errors = answer.json().get("errors")
    return (errors[0]["extensions"]["status"] if errors else 200), answer.content


def in_graphql(
    operation: Operation, keys: dict[str, UUID], body: Any
) -> tuple[str, dict[str, Any]]:
    """The document of an operation, and its variables."""
    field = graphql_fields()[operation.field]
    sent: dict[str, Any] = {camel(name): str(key) for name, key in keys.items()}
    sent |= {name: first for name, first in FIRST.items() if f"{{{name}}}" in operation.path}
    if "id" in field.args and keys:
        sent["id"] = sent[camel(parameters(operation)[-1])]
    variables: dict[str, Any] = {}
    for name, argument in field.args.items():
        if isinstance(get_named_type(argument.type), GraphQLInputObjectType):
            variables[name] = as_input(argument.type, body)
        elif name in sent:
            variables[name] = sent[name]
        elif body is not None:
            spelt = {camel(each): value for each, value in body.items()}
            if name in spelt:
                variables[name] = as_input(argument.type, spelt[name])
    declared = ", ".join(f"${name}: {field.args[name].type}" for name in variables)
    given = ", ".join(f"{name}: ${name}" for name in variables)
    kind = "query" if operation.is_read else "mutation"
    head = f"{kind} {f'({declared})' if declared else ''}"
    call = f"{operation.field}{f'({given})' if given else ''}"
    return f"{head} {{ {call} {selection(field.type)} }}", variables


def selection(answer: Any) -> str:
    """What to select: keys where there are any."""
    named = get_named_type(answer)
    if not isinstance(named, GraphQLObjectType):
        return ""
    if "nodes" in named.fields:
        return f"{{ nodes {selection(named.fields['nodes'].type)} }}"
    return "{ id }" if "id" in named.fields else "{ __typename }"


def as_input(kind: Any, value: Any) -> Any:
    """A value as REST is sent it, as GraphQL takes it: names in camel case, enums by their names."""
    if isinstance(kind, GraphQLNonNull):
        return as_input(kind.of_type, value)
    if isinstance(kind, GraphQLList):
        return [as_input(kind.of_type, each) for each in value]
    if isinstance(kind, GraphQLEnumType):
        named = {str(each.value): name for name, each in kind.values.items()}
        return named.get(value, value.upper())
    if isinstance(kind, GraphQLInputObjectType):
        return {
            camel(name): as_input(kind.fields[camel(name)].type, each)
            for name, each in (value or {}).items()
        }
    return value
