"""What the tests of refusals share: what must never be repeated, and what every refusal keeps to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from app.sql import new_id
from tests.faces.asking import address, parameters
from tests.faces.operations import Operation, graphql_fields, rest_document, rest_operations

MARKER = "110101199003077758-Zaubernuss"
"""Stands for an ID number or a password: nothing may ever repeat it."""

OPERATIONS = [each for each in rest_operations().values() if each.needs_token]
WITH_BODY = [
    each
    for each in OPERATIONS
    if "application/json" in each.document.get("requestBody", {}).get("content", {})
]
IN_API = [each for each in OPERATIONS if each.name != "post_graphql"]
MUTATIONS = [
    each for each in WITH_BODY if each.field in graphql_fields() and each.name != "post_graphql"
]


def named(operation: Operation) -> str:
    return operation.name


def path_of(operation: Operation, **keys: Any) -> str:
    """The address of an operation with keys of nothing."""
    nothing = {name: str(new_id()) for name in parameters(operation)} | keys
    return address(operation, nothing) if operation.path.startswith("/api") else "//graphql"


def schema_of(operation: Operation) -> dict[str, Any]:
    """The properties of what an operation is sent."""
    [content] = operation.document["requestBody"]["content"].values()
    name = content["schema"]["$ref"].rpartition("/")[2]
    properties: dict[str, Any] = rest_document()["components"]["schemas"][name]["properties"]
    return properties


@asynccontextmanager
async def undone(driver: asyncpg.Connection) -> AsyncIterator[None]:
    """What happens inside is undone; a statement that fails there leaves the transaction whole."""
    savepoint = driver.transaction()
    await savepoint.start()
    try:
        yield
    finally:
        await savepoint.rollback()


def check_problem(answer: Any, *statuses: int) -> dict[str, Any]:
    """The problem document of a refusal, which repeats nothing."""
    assert answer.status_code in statuses, (answer.status_code, answer.text[:500])
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Zaubernuss" not in answer.text + str(answer.headers)
    content: dict[str, Any] = answer.json()
    assert content["status"] == answer.status_code
    assert content["code"].isascii()
    assert content["request_id"] == answer.headers["x-request-id"]
    return content
