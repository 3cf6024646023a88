"""What follows for the holders of rights when a subject changes or ends."""

import asyncio
from datetime import date

import asyncpg
import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.access.holders import end_grants_over, raise_versions_over
from app.domain.access.roles import Duty, Role
from app.request import Resources
from app.sql import Connection
from tests.make import NOW, City, Person, make_account, make_city, version_of
from tests.make_organisation import make_assignment, make_department, make_network


async def holders_of(db: Connection, city: City) -> dict[str, Person]:
    """Somebody for each way in which `city.school` is reached from beside the tree, and others."""
    network = await make_network(db, city.county, city.school)
    other = await make_network(db, city.county, city.sibling)
    over = {
        "coordinator": (Role.NETWORK_COORDINATOR, network),
        "of the other": (Role.NETWORK_COORDINATOR, other),
        "by school": (
            Role.SCHOOL_ADVISER, await make_assignment(db, city.county, city.auditor, city.school),
        ),
        "by network": (
            Role.SCHOOL_ADVISER,
            await make_assignment(db, city.county, city.auditor, network_id=network["id"]),
        ),
        "officer": (Role.DEPARTMENT_OFFICER, await make_department(db, city.school, *Duty)),
    }  # fmt: skip
    return {name: await make_account(db, name, *what) for name, what in over.items()}


@pytest.mark.parametrize(
    ("subject", "raised"),
    [("school", {"coordinator", "by school", "by network", "admin"}),
     ("coordinator", {"coordinator", "by network"}),
     ("by school", {"by school"}),
     ("officer", {"officer"}),
     ("sibling", {"of the other"})],
)  # fmt: skip
async def test_only_those_concerned_sign_in_anew(
    db: Connection, city: City, subject: str, raised: set[str]
) -> None:
    people = await holders_of(db, city) | {"admin": city.school_admin}
    if subject in people:
        (grant,) = people[subject].actor.grants
        subject_id = grant.subject_id
    else:
        subject_id = getattr(city, subject)["id"]
    statements = db.statements
    await raise_versions_over(db, subject_ids=[subject_id], now=NOW)
    assert db.statements - statements == 1, "however many there are"
    versions = {name: await version_of(db, person) for name, person in people.items()}
    assert {name for name, version in versions.items() if version == 2} == raised
    assert set(versions.values()) == {1, 2}


async def test_a_grant_that_has_ended_concerns_nobody(db: Connection, city: City) -> None:
    people = await holders_of(db, city)
    (grant,) = people["officer"].actor.grants
    await end_grants_over(db, city.county_admin.actor, subject_ids=[grant.subject_id], now=NOW)
    assert await version_of(db, people["officer"]) == 2
    await raise_versions_over(db, subject_ids=[grant.subject_id], now=NOW)
    assert await version_of(db, people["officer"]) == 2
    rows = await db._driver.fetch(
        "SELECT valid_from, valid_to, superseded_at IS NULL AS live FROM role_grant"
        " WHERE account_id = $1 ORDER BY id",
        people["officer"].actor.account_id,
    )
    assert [tuple(row) for row in rows] == [
        (date(2020, 1, 1), None, False),
        (date(2020, 1, 1), date(2026, 11, 20), True),
    ]


async def test_each_process_hears_of_everybody_concerned(
    real_pool: Pool, resources: Resources, urls: Urls
) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        people = await holders_of(db, city)
    listening = await asyncpg.connect(urls.application)
    await listening.add_listener("security", lambda *said: heard.put_nowait(said[3]))

    async def change() -> None:
        async with real_pool.transaction() as db:
            await raise_versions_over(db, subject_ids=[city.school["id"]], now=NOW)

    await asyncio.gather(*(change() for _ in range(4)))
    async with asyncio.timeout(10):
        told = {await heard.get() for _ in range(16)}
    await listening.close()
    names = ("coordinator", "by school", "by network")
    concerned = [people[name].actor.account_id for name in names]
    concerned.append(city.school_admin.actor.account_id)
    assert told == {f"{account} {version}" for account in concerned for version in (2, 3, 4, 5)}
