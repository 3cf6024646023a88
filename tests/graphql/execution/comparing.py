"""When two answers are the same."""

import re
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import pytest
from graphql import GraphQLError
from strawberry.types.execution import PreExecutionError

from app.graphql.execution import Answer, Engine
from app.graphql.execution.plan import Shown
from tests.graphql.execution.documents import Request

LEFT_BEHIND = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. .coroutine object GraphQLCoreConverter"
        ":pytest.PytestUnraisableExceptionWarning"
    ),
]
"""graphql-core leaves what it has begun to resolve when a sibling that must be there is not.

Python says so when it happens to clear it away, and where it can import nothing fails to say it.
"""


@dataclass
class Executors:
    """Ours, and graphql-core's by way of Strawberry, over the same schema."""

    engine: Engine
    schema: Any

    async def ours(self, request: Request, context: Any) -> Answer:
        """What the engine answers."""
        return await self.engine.execute(
            request.text, request.variables, request.operation_name, context
        )

    async def theirs(self, request: Request, context: Any) -> Any:
        """What graphql-core answers; the document must be one that it executes."""
        answer = await self.schema.execute(
            request.text,
            variable_values=request.variables,
            operation_name=request.operation_name,
            context_value=context,
        )
        assert not isinstance(answer, PreExecutionError), (request, answer.errors)
        return answer


def same(ours: Any, theirs: Any, request: Request, *, made_anew: bool = False) -> None:
    """Fail unless both answers have the same data, in the same order, and tell the same errors.

    An error of a field that may be null is told by both with the same path and cause. Where an error
    takes things above it along, and several fields of them fail, which of these is told is up to the
    executor; that one of them is told, is not. What was `made_anew` for each of the answers has keys
    and moments of its own: they are compared by where they recur.
    """
    shown = [_encoded(each.data) for each in (ours, theirs)]
    if made_anew:
        shown = [_without_chance(each) for each in shown]
    assert shown[0] == shown[1], request
    ours_told, theirs_told = (told(each.errors or [], each.data) for each in (ours, theirs))
    assert ours_told.keys() == theirs_told.keys(), (request, ours_told, theirs_told)
    for place, causes in ours_told.items():
        found = (request, causes, theirs_told[place])
        assert causes & theirs_told[place] or not _here(causes, theirs_told[place], place), found


def told(errors: list[GraphQLError], data: Any) -> dict[tuple[Any, ...], set[Any]]:
    """What is told at each null of the answer: the path and the cause of each error."""
    found: dict[tuple[Any, ...], set[Any]] = {}
    for error in errors:
        path = error.path or []
        found.setdefault(null_above(path, data), set()).add((tuple(path), _cause(error)))
    return {
        place: causes
        for place, causes in found.items()
        if not any(place[:length] in found for length in range(len(place)))
    }


class PlainEngine(Engine):
    """The engine, with answers that are compared and searched as dictionaries."""

    async def execute(self, *asked: Any, **more: Any) -> Answer:
        """The same answer."""
        answer = await super().execute(*asked, **more)
        return replace(answer, data=plain(answer.data))


def plain(data: Any) -> Any:
    """The data of an answer as dictionaries and lists."""
    if isinstance(data, Shown):
        return {key: plain(data[key]) for key in data.__struct_encode_fields__}
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    return [plain(each) for each in data] if isinstance(data, list) else data


def null_above(path: list[Any], data: Any) -> tuple[Any, ...]:
    """The beginning of a path that ends at null in the data."""
    for length, part in enumerate(path):
        if data is None:
            return tuple(path[:length])
        data = data[part]
    return tuple(path)


def _cause(error: GraphQLError) -> str:
    """The code of a refusal, the kind of another error, or what graphql-core says."""
    original = error.original_error
    if original is None or isinstance(original, GraphQLError):
        return error.message
    return str(getattr(original, "code", type(original).__name__))


def _here(ours: set[Any], theirs: set[Any], place: tuple[Any, ...]) -> bool:
    """Whether either tells an error of the very field that is null."""
    return any(path == place for path, _ in ours | theirs)


def _encoded(data: Any) -> str:
    return msgspec.json.encode(data).decode()


_BY_CHANCE = re.compile(
    r'"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"|"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)"'
)


def _without_chance(shown: str) -> str:
    """The same with keys and moments numbered in the order in which they first stand there."""
    numbers: dict[str, int] = {}
    return _BY_CHANCE.sub(lambda found: f"#{numbers.setdefault(found[0], len(numbers))}", shown)
