"""The city that the proofs work in: one school with many teachers, and what each of them asks with."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from app.domain.access.actors import Actor, Grant
from app.domain.access.roles import Role, SubjectKind
from app.domain.base import civil_date
from app.domain.people.identity import IdKind
from app.domain.people.teachers import Teacher
from app.main import open_cipher, open_keyring
from app.request import now
from app.request.actors import claims_of
from app.settings import Settings
from app.sql import Connection, Row, new_id, prepare_connection
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
        place = {name: row[name] for name in ("city_id", "county_id", "school_id")}
        grant = Grant(role=Role.TEACHER, subject=SubjectKind.SELF, subject_id=row["id"], **place)
        account_id = self.city.teacher_account.actor.account_id
        return Actor(account_id=account_id, grants=(grant,), teacher_id=row["id"])

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
    cipher, ring = open_cipher(settings), open_keyring(settings)

    async def make(db: Connection) -> tuple[City, list[Row]]:
        city = await make_city(db, cipher)
        await make_pack(db, city.city)
        place = {name: city.school[name] for name in ("city_id", "county_id", "school_id")}
        crowd: list[Row] = [
            {
                "id": new_id(), "name": f"测试{n:04}", "subject": "chinese", "stage": "primary",
                **place, "birth_date": civil_date(now()) - timedelta(days=12_000),
                "id_kind": IdKind.PASSPORT, "id_number_sealed": b"sealed", "id_number": "E**",
                "id_number_index": new_id().bytes * 2,
            }
            for n in range(CROWD)
        ]  # fmt: skip
        await db.insert_all(Teacher, crowd)
        return city, crowd

    city, crowd = asyncio.run(work(str(settings.database_url), make))

    def sign(actor: Actor) -> str:
        return ring.sign(claims_of(actor, security_version=1), lifetime=timedelta(days=3))

    return Town(settings, city, crowd, sign)


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
