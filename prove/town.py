"""The city that the proofs work in: one school with many teachers, and what each of them asks with."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from app.domain.access.actors import Actor
from app.domain.people.teachers import Teacher
from app.main import open_cipher
from app.settings import Settings
from app.sql import Connection, Row, prepare_connection
from bench.city import crowd, signer, teacher_actor
from bench.load import Request
from tests.domain.credits.making import make_pack
from tests.make import City, Person, make_city

Made = TypeVar("Made")
CROWD = 500
"""Teachers of the school, besides those of every such city."""


@dataclass(frozen=True)
class Town:
    """The city, its crowd of teachers, and how requests of its people are signed."""

    settings: Settings
    city: City
    crowd: list[Row]
    sign: Callable[[Actor], str]

    def token(self, person: Person | Actor) -> tuple[tuple[str, str], ...]:
        """The header by which somebody asks, good for some days."""
        actor = person.actor if isinstance(person, Person) else person
        return (("Authorization", f"Bearer {self.sign(actor)}"), ("Accept-Language", "en"))

    def teacher(self, row: Row) -> Actor:
        """A teacher of the crowd; they all act through one account."""
        return teacher_actor(self.city.teacher_account.actor.account_id, row)

    def work(self, making: Callable[[Connection], Awaitable[Made]]) -> Made:
        """Do something in the database as the application's role, and commit it."""
        return asyncio.run(work(str(self.settings.database_url), making))

    def value(self, query: str, *values: Any) -> Any:
        """One value, as the owner of the tables reads it."""
        rows = self.rows(query, *values)
        return rows[0][0] if rows else None

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Rows, as the owner of the tables reads them."""
        return asyncio.run(rows_of(str(self.settings.database_owner_url), query, *values))


async def work(url: str, making: Callable[[Connection], Awaitable[Made]]) -> Made:
    """Do something in the database at this address, and commit it."""
    driver = await asyncpg.connect(url)
    try:
        await prepare_connection(driver)
        async with driver.transaction():
            return await making(Connection(driver))
    finally:
        await driver.close()


async def rows_of(url: str, query: str, *values: Any) -> list[Any]:
    """What a query gives in the database at this address."""
    driver = await asyncpg.connect(url)
    try:
        return list(await driver.fetch(query, *values))
    finally:
        await driver.close()


def found_town(settings: Settings) -> Town:
    """A city with a pack of rules and a crowd of teachers, by few statements."""
    cipher = open_cipher(settings)

    async def make(db: Connection) -> tuple[City, list[Row]]:
        city = await make_city(db, cipher)
        await make_pack(db, city.city)
        people = crowd([city.school], CROWD)
        await db.insert_all(Teacher, people)
        return city, people

    city, people = asyncio.run(work(str(settings.database_url), make))
    return Town(settings, city, people, signer(settings))


@asynccontextmanager
async def transfers_held_up(owner_url: str) -> AsyncIterator[None]:
    """Meanwhile a transaction holds up whoever registers a document."""
    driver = await asyncpg.connect(owner_url)
    try:
        async with driver.transaction():
            await driver.execute("LOCK TABLE credit_transfer IN EXCLUSIVE MODE")
            yield
    finally:
        await driver.close()


def transfer(teacher_id: UUID, number: str, headers: tuple[tuple[str, str], ...]) -> Request:
    """The request that enters ten credits which another authority certifies: one effect, easily counted."""
    body = (
        f'{{"authority": "外市教育局", "document_number": "{number}", "decided_on": "2026-03-01",'
        ' "items": [{"earned_on": "2026-02-01", "hours": "10.00", "credits": "10.00",'
        ' "level": "school"}]}'
    )
    path = f"/api/v1/teachers/{teacher_id}/credit-transfers/in"
    return Request("POST", path, (*headers, ("Idempotency-Key", number)), body.encode())
