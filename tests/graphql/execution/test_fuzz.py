"""Whatever is sent, the answer is a refusal in both languages or what was asked: never a fault of ours."""

from asyncio import timeout
from random import Random
from typing import Any

import httpx2
import pytest
import schemathesis
from graphql import introspection_from_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.graphql import nodes

from app.graphql.schema import schema
from tests.graphql.execution.absurd import broken
from tests.graphql.execution.demo import SCALARS
from tests.graphql.execution.documents import Author
from tests.graphql.execution.seeds import MANY, seeds
from tests.make import City, Client, Person

GRAPH = schema._schema
ROLES = ["city_admin", "school_admin", "teacher_account"]

KEYS: list[str] = ["00000000-0000-7000-8000-000000000000"]
"""The keys of the city at hand, for whatever is drawn."""


def keys_of(city: City) -> list[str]:
    rows = [city.city, city.county, city.school, city.far_school, city.teacher, city.far_teacher]
    return [*(str(row["id"]) for row in rows), "00000000-0000-7000-8000-000000000000"]


def check(answer: httpx2.Response, *, english: bool = True) -> None:
    """The answer is whole: a stable code and words in the language asked for, beside each refusal."""
    assert answer.status_code in {200, 400, 413, 415, 422}, answer.text[:2000]
    content = answer.json()
    if answer.status_code != 200:
        assert content["code"].isascii(), content
        assert content["title"].isascii() == english, content
        return
    assert content["data"] is None or isinstance(content["data"], dict)
    for error in content.get("errors", []):
        extensions = error["extensions"]
        assert extensions["status"] < 500, error
        assert extensions["code"].replace("_", "").isalpha(), error
        assert extensions["code"] == extensions["code"].lower() != "internal_error", error
        assert error["message"], error
        assert any("\u4e00" <= each <= "\u9fff" for each in error["message"]) != english or (
            english and not error["message"].isascii() and extensions.get("details")
        ), error


async def send(client: Client, person: Person, body: bytes, language: str) -> httpx2.Response:
    """One request; an answer that does not come within the time of a request is a fault."""
    headers = {**client.headers(person, language), "Content-Type": "application/json"}
    async with timeout(30):
        return await client.http.post("/graphql", content=body, headers=headers)


@pytest.mark.parametrize("role", ROLES)
async def test_what_is_broken_is_refused_in_words(role: str, client: Client, city: City) -> None:
    keys = keys_of(city)
    values = SCALARS | {"UUID": keys, "ID": [*keys, "x"]}
    for seed in seeds(150):
        chance = Random(seed)
        author = Author(GRAPH, chance, values, deepest=3, left=20, spoilt=0.3)
        request = author.write(chance.choice(["query", "query", "mutation"]))
        english = chance.random() < 0.5
        body = broken(request, chance)
        try:
            answer = await send(client, getattr(city, role), body, "en" if english else "zh-CN")
            check(answer, english=english)
        except (AssertionError, TimeoutError) as error:
            raise AssertionError(f"YANXUN_SEED={seed} as {role}: {body[:3000]!r}") from error


# Schemathesis.


def drawn(mode: GenerationMode) -> st.SearchStrategy[Any]:
    """A case of any operation of the schema, as schemathesis draws it."""
    loaded = schemathesis.graphql.from_dict({"data": introspection_from_schema(GRAPH)})
    operations = [found.ok() for found in loaded.get_all_operations() if isinstance(found, Ok)]
    return st.one_of(*(each.as_strategy(generation_mode=mode) for each in operations))


for name, texts in {
    "UUID": st.integers(0, 100).map(lambda n: KEYS[n % len(KEYS)]),
    "Decimal": st.sampled_from(["1.00", "-1", "1e400", "NaN", ""]),
    "JSON": st.sampled_from(["", "x", "{}"]),
}.items():
    schemathesis.graphql.scalar(name, texts.map(nodes.String))


@pytest.mark.parametrize("role", ROLES)
@settings(
    max_examples=100 if MANY is None else int(MANY),
    derandomize=MANY is None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(case=drawn(GenerationMode.POSITIVE) | drawn(GenerationMode.NEGATIVE))
async def test_what_schemathesis_draws_is_answered(
    case: Any, role: str, client: Client, city: City
) -> None:
    KEYS[:] = keys_of(city)
    sent = case.as_transport_kwargs(base_url="http://test/graphql")
    async with timeout(30):
        answer = await client.http.post(
            "/graphql", json=sent["json"], headers=client.headers(getattr(city, role))
        )
    check(answer)
    response = Response.from_any(answer)
    case.operation.schema.validate_response(case.operation, response, case=case)
