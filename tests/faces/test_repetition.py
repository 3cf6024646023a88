"""A request sent again with the same `Idempotency-Key`, on real commits, alone and in a race."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from app.database.pool import Pool
from app.domain.access.idempotency import IdempotentAnswer
from app.domain.organisation.units import Unit
from app.graphql.face import NOT_REPEATED
from app.sql import Statement
from tests.faces.operations import graphql_root, rest_operations
from tests.make import City, Client


def school(city: City, name: str = "某小学") -> dict[str, Any]:
    return {
        "name": name, "level": "school", "stages": ["primary"],
        "parent_id": str(city.county["id"]),
    }  # fmt: skip


async def count(pool: Pool, table: type[Any]) -> int:
    async with pool.connection() as db:
        return int(await db.value(Statement(select(func.count()).select_from(table))))


KEY = {"Idempotency-Key": "the-same-key"}


async def test_of_many_at_once_one_has_an_effect_and_no_other_answer_is_given(
    outside: Client, made: City, real_pool: Pool
) -> None:
    before = await count(real_pool, Unit)
    answers = await asyncio.gather(
        *(outside.post(made.county_admin, "/units", school(made), headers=KEY) for _ in range(20))
    )
    done = {answer.content for answer in answers if answer.status_code == 201}
    waiting = [answer for answer in answers if answer.status_code != 201]
    assert len(done) == 1
    assert {(each.status_code, each.json()["code"]) for each in waiting} <= {
        (409, "idempotency_key_in_use")
    }
    assert await count(real_pool, Unit) == before + 1
    again = await outside.post(made.county_admin, "/units", school(made), headers=KEY)
    assert again.content in done
    assert again.headers["idempotent-replayed"] == "true"
    assert await count(real_pool, Unit) == before + 1


async def test_a_key_is_not_good_for_another_request(outside: Client, made: City) -> None:
    await outside.post(made.county_admin, "/units", school(made), headers=KEY)
    for path, body in (("/units", school(made, "别校")), ("/teachers", school(made))):
        answer = await outside.post(made.county_admin, path, body, headers=KEY)
        assert (answer.status_code, answer.json()["code"]) in {
            (422, "idempotency_key_reused"), (422, "invalid_request"),
        }  # fmt: skip


async def test_a_key_is_the_accounts_own(outside: Client, made: City, real_pool: Pool) -> None:
    before = await count(real_pool, Unit)
    for person in (made.county_admin, made.city_admin):
        answer = await outside.post(person, "/units", school(made), headers=KEY)
        assert answer.status_code == 201
        assert "idempotent-replayed" not in answer.headers
    assert await count(real_pool, Unit) == before + 2


async def test_a_refusal_is_not_kept(outside: Client, made: City, real_pool: Pool) -> None:
    wrong = school(made) | {"parent_id": str(made.school["id"])}
    for _ in range(2):
        answer = await outside.post(made.county_admin, "/units", wrong, headers=KEY)
        assert answer.json()["code"] == "unit_cannot_supervise"
        assert "idempotent-replayed" not in answer.headers
    assert await count(real_pool, IdempotentAnswer) == 0
    right = await outside.post(made.county_admin, "/units", school(made), headers=KEY)
    assert right.status_code == 201


@pytest.mark.parametrize("key", ["short", "with blanks in", "x" * 256])
async def test_a_key_has_a_form(key: str, outside: Client, made: City) -> None:
    answer = await outside.post(
        made.county_admin, "/units", school(made), headers={"Idempotency-Key": key}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


# Over GraphQL, where the answer is read once the effect is committed.

CREATE = "mutation ($new: NewUnit!) { createUnit(new: $new) { id name parent { name } } }"


def asked(city: City, name: str = "某小学", document: str = CREATE) -> dict[str, Any]:
    new = {
        "name": name, "level": "SCHOOL", "stages": ["PRIMARY"], "parentId": str(city.county["id"]),
    }  # fmt: skip
    return {"query": document, "variables": {"new": new}}


async def mutate(outside: Client, person: Any, body: dict[str, Any]) -> Any:
    return await outside.post(person, "//graphql", body, headers=KEY)


def code_of(answer: Any) -> str:
    [error] = answer.json()["errors"]
    code: str = error["extensions"]["code"]
    return code


async def test_of_many_mutations_at_once_one_has_an_effect(
    outside: Client, made: City, real_pool: Pool
) -> None:
    before = await count(real_pool, Unit)
    answers = await asyncio.gather(
        *(mutate(outside, made.county_admin, asked(made)) for _ in range(20))
    )
    done = {answer.content for answer in answers if "errors" not in answer.json()}
    refused = [answer for answer in answers if "errors" in answer.json()]
    assert len(done) == 1
    assert {code_of(each) for each in refused} <= {
        "idempotency_key_in_use", "idempotency_answer_unknown",
    }  # fmt: skip
    assert all(each.json()["data"] is None for each in refused)
    assert await count(real_pool, Unit) == before + 1
    again = await mutate(outside, made.county_admin, asked(made))
    assert again.content in done
    assert again.json()["data"]["createUnit"]["parent"] == {"name": made.county["name"]}
    assert again.headers["idempotent-replayed"] == "true"
    assert await count(real_pool, Unit) == before + 1
    assert await count(real_pool, IdempotentAnswer) == 1


async def test_a_key_of_a_mutation_is_good_for_that_one_and_its_account(
    outside: Client, made: City, real_pool: Pool
) -> None:
    first = await mutate(outside, made.county_admin, asked(made))
    before = await count(real_pool, Unit)
    for other in (asked(made, "别校"), asked(made, document=CREATE.replace("id name", "name"))):
        assert code_of(await mutate(outside, made.county_admin, other)) == "idempotency_key_reused"
    rest = await outside.post(made.county_admin, "/units", school(made), headers=KEY)
    assert rest.json()["code"] == "idempotency_key_reused"
    assert await count(real_pool, Unit) == before
    theirs = await mutate(outside, made.city_admin, asked(made))
    assert theirs.json()["data"]["createUnit"]["id"] != first.json()["data"]["createUnit"]["id"]
    assert "idempotent-replayed" not in theirs.headers
    assert await count(real_pool, Unit) == before + 1


async def test_a_refused_mutation_is_not_kept(outside: Client, made: City, real_pool: Pool) -> None:
    wrong = asked(made)
    wrong["variables"]["new"]["parentId"] = str(made.school["id"])
    for _ in range(2):
        answer = await mutate(outside, made.county_admin, wrong)
        assert code_of(answer) == "unit_cannot_supervise"
        assert "idempotent-replayed" not in answer.headers
    assert await count(real_pool, IdempotentAnswer) == 0
    assert "errors" not in (await mutate(outside, made.county_admin, asked(made))).json()


async def test_an_effect_whose_answer_was_lost_is_told_of_and_not_repeated(
    outside: Client, made: City, real_pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_: Any) -> None:
        raise ConnectionError("the process ends here")

    before = await count(real_pool, Unit)
    with monkeypatch.context() as patched:
        patched.setattr("app.graphql.context.settle_answer", die)
        patched.setattr("app.graphql.context.LOST", ())
        await mutate(outside, made.county_admin, asked(made))
    for _ in range(2):
        answer = await mutate(outside, made.county_admin, asked(made))
        assert code_of(answer) == "idempotency_answer_unknown"
    assert await count(real_pool, Unit) == before + 1


async def test_a_key_is_for_one_mutation_and_nothing_to_a_query(
    outside: Client, made: City, real_pool: Pool
) -> None:
    before = await count(real_pool, Unit)
    twice = asked(made, document=CREATE.replace("createUnit", "one: createUnit", 1))
    twice["query"] = twice["query"][:-1] + "two: createUnit(new: $new) { id } }"
    assert code_of(await mutate(outside, made.county_admin, twice)) == "idempotency_one_mutation"
    unit = f'unit(id: "{made.county["id"]}") {{ name }}'
    for query in (f"{{ {unit} }}", f"{{ one: {unit} two: {unit} }}"):
        answer = await mutate(outside, made.county_admin, {"query": query})
        assert "errors" not in answer.json()
    assert await count(real_pool, Unit) == before
    assert await count(real_pool, IdempotentAnswer) == 0


def test_answers_are_kept_of_the_same_operations_on_both_faces() -> None:
    kept = {
        operation.field: any(
            each["name"].lower() == "idempotency-key"
            for each in operation.document.get("parameters", ())
        )
        for operation in rest_operations().values()
        if not operation.is_read
    }
    mutations = graphql_root("Mutation").fields.keys() & kept.keys()
    assert {name for name in mutations if not kept[name]} == NOT_REPEATED
