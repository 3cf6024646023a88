"""The GraphQL face without its engine: graphql-core executes, over the same schema and the same reads.

Documents are parsed and validated once, as with the engine, so that what is compared is the execution.
"""

from collections.abc import Mapping
from functools import lru_cache
from inspect import isawaitable
from typing import Any

from graphql import DocumentNode, execute, parse, validate

from app.graphql import face
from app.graphql.execution import Answer
from app.graphql.schema import schema

_SCHEMA: Any = schema._schema  # noqa: SLF001  graphql-core's schema has no public name


@lru_cache
def _document(text: str) -> DocumentNode:
    document = parse(text)
    errors = validate(_SCHEMA, document)
    if errors:
        raise ValueError(errors)
    return document


class _GraphqlCore:
    async def execute(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        context: Any = None,
        digest: str | None = None,  # noqa: ARG002  the face gives it, the measurements do not
    ) -> Answer:
        found: Any = execute(
            _SCHEMA,
            _document(text),
            context_value=context,
            variable_values=dict(variables or {}),
            operation_name=operation_name,
        )
        result = await found if isawaitable(found) else found
        return Answer(result.data, result.errors or [])


def put_in_place_of_the_engine() -> None:
    """From now on the face of this process executes with graphql-core."""
    face.engine = _GraphqlCore()  # type: ignore[assignment]  # all of the engine that the face asks
