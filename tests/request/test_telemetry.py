"""What OpenTelemetry is told of requests: nothing unless asked for, and never anything about people."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, Tracer, TracerProvider

from app import main
from app.request import Resources
from app.request.telemetry import ON
from app.settings import Settings
from tests.conftest import SharedPool
from tests.make import City, Client

NAME = "测试姓名"
ALLOWED = {
    "url.scheme", "url.path", "http.request.method", "http.route", "http.response.status_code",
    "network.protocol.version", "network.protocol.name", "server.address", "server.port",
    "error.type", "code.function.name",
}  # fmt: skip
"""What a span may say; `url.path` is empty."""


@dataclass
class Told:
    """One span as an exporter gets it."""

    name: str
    attributes: dict[str, Any] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)


class MemorySpan(NonRecordingSpan):
    """A span that is kept in memory."""

    def __init__(self, told: Told) -> None:
        super().__init__(SpanContext(1, 1, is_remote=False))
        self.told = told

    def is_recording(self) -> bool:
        return True

    def set_attribute(self, key: str, value: Any) -> None:
        self.told.attributes[key] = value

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        self.told.attributes.update(attributes)

    def update_name(self, name: str) -> None:
        self.told.name = name

    def add_event(self, name: str, *_: Any, **__: Any) -> None:
        self.told.events.append(name)

    def record_exception(self, exception: BaseException, *_: Any, **__: Any) -> None:
        self.told.events.append(str(exception))


class MemoryTracer(Tracer):
    """A tracer whose spans are kept in memory."""

    def __init__(self, told: list[Told]) -> None:
        self.told = told

    def start_span(self, name: str, *_: Any, attributes: Any = None, **__: Any) -> Span:
        self.told.append(Told(name, dict(attributes or {})))
        return MemorySpan(self.told[-1])

    @contextmanager
    def start_as_current_span(self, name: str, **options: Any) -> Iterator[Span]:  # type: ignore[override]
        with trace.use_span(self.start_span(name, **options), record_exception=False) as span:
            yield span


class MemoryProvider(TracerProvider):
    """Keeps the spans of all tracers."""

    def __init__(self) -> None:
        self.told: list[Told] = []

    def get_tracer(self, *_: Any, **__: Any) -> Tracer:
        return MemoryTracer(self.told)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> MemoryProvider:
    made = MemoryProvider()
    monkeypatch.setattr("app.main.ON", {**ON, "tracer_provider": made})
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: made)
    return made


@asynccontextmanager
async def serving(
    settings: Settings, resources: Resources, pool: SharedPool
) -> AsyncIterator[tuple[Client, FastAPI]]:
    application = main.create_application(settings)
    application.state.resources = replace(resources, pool=pool)
    transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
        yield Client(http, resources.keyring), application


async def test_nothing_is_told_by_itself(
    provider: MemoryProvider, resources: Resources, pool: SharedPool, city: City
) -> None:
    async with serving(resources.settings, resources, pool) as (client, _):
        assert (await client.get(city.city_admin, "/teachers")).status_code == 200
    assert provider.told == []


async def test_spans_name_the_route_and_no_person(
    provider: MemoryProvider, resources: Resources, pool: SharedPool, city: City
) -> None:
    settings = resources.settings.model_copy(update={"telemetry": True})
    key, secret = city.teacher["id"], "a-secret-in-a-path"
    async with serving(settings, resources, pool) as (client, application):

        @application.get("/fails", include_in_schema=False)
        async def fail() -> None:
            raise ValueError(NAME)

        answers = [
            await each
            for each in (
                client.get(city.city_admin, f"/teachers/{key}"),
                client.get(city.city_admin, f"/teachers?name={NAME}&limit=2"),
                client.get(city.city_admin, f"/teachers?{NAME}=1"),
                client.post(city.city_admin, "/teachers", {"name": NAME}),
                client.http.get(f"/{secret}?name={NAME}"),
                client.http.get("/fails"),
            )
        ]
        graphql = "query ($name: String) { teachers(name: $name) { nodes { id } } }"
        await client.graphql(city.city_admin, graphql, {"name": NAME})

    statuses = [each.status_code for each in answers]
    assert statuses[0] == 200
    assert statuses[2:] == [422, 422, 404, 500]
    names = {each.name for each in provider.told}
    assert {"GET /api/v1/teachers/{teacher_id}", "POST /graphql"} <= names
    for told in provider.told:
        assert told.attributes.keys() <= ALLOWED
        assert told.events == []
        words = " ".join(map(str, [told.name, *told.attributes.values()]))
        assert not {each for each in (NAME, str(key), secret, "%E6") if each in words}
