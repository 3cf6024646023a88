"""A request sent again with the same `Idempotency-Key`, on real commits, alone and in a race."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.database.pool import Pool
from app.domain.access.idempotency import IdempotentAnswer
from app.domain.organisation.units import Unit
from app.request import Resources
from app.sql import Statement
from tests.make import City, Client, make_city


@pytest.fixture
async def made(real_pool: Pool, resources: Resources) -> City:
    async with real_pool.transaction() as db:
        return await make_city(db, resources.cipher)


@pytest.fixture
async def outside(
    application: FastAPI, resources: Resources, real_pool: Pool
) -> AsyncIterator[Client]:
    """A client before an application whose commits are real."""
    application.state.resources = replace(resources, pool=real_pool)
    transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
        yield Client(http, resources.keyring)


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
