"""Readers of thousands of units: their cursors stay short, and say as much as anybody's."""

import json
import random
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.database.pool import Pool
from app.domain.access.actors import Actor, Grant
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import Role, SubjectKind
from app.domain.exchange.changes import (
    ChangeKind,
    Coverage,
    Filling,
    Position,
    keep_coverage,
    keep_units,
    list_changes,
    read_position,
    tidy_unit_sets,
)
from app.domain.exchange.changes.coverage import MOST_NAMED
from app.domain.exchange.changes.unit_sets import KEPT
from app.domain.exchange.webhooks import Carried
from app.domain.paging import BadCursor
from app.request import Resources
from app.sql import Connection, Row, Statement, new_id
from tests.domain.exchange.changes.mirror import Mirror, differences, visible
from tests.domain.exchange.telling import BODIES, Told
from tests.make import NOW, City, Client

MANY = 3000
LONGEST = 1600
"""Characters: room for fifty keys, or for as many bits as there are units."""


_AS_ONE = Statement(
    text(
        "INSERT INTO unit (id, name, level, parent_id, city_id, county_id, school_id, stages)"
        " SELECT key, 'school ' || key, level, parent_id, city_id, county_id, key, stages"
        " FROM unit, unnest(CAST(:keys AS uuid[])) AS key WHERE id = :one"
    )
)


async def make_schools(db: Connection, city: City, number: int) -> list[Row]:
    """So many schools of a county, as one that is there already."""
    keys = [new_id() for _ in range(number)]
    await db.run(_AS_ONE, keys=keys, one=city.school["id"])
    place = {name: city.school[name] for name in ("city_id", "county_id")}
    return [{"id": key, **place} for key in keys]


def reader_of(city: City, schools: list[Row]) -> Actor:
    """Somebody who reads the feed of each of these schools by a grant of its own."""
    grants = tuple(
        Grant(
            Role.INTEGRATION, SubjectKind.UNIT, each["id"], city_id=each["city_id"],
            county_id=each["county_id"], school_id=each["id"],
        )
        for each in schools
    )  # fmt: skip
    return Actor(account_id=city.integration.actor.account_id, grants=grants)


async def catch_up(pool: Pool, mirror: Mirror, actor: Actor) -> int:
    """What a face does, until nothing is left; the length of the longest cursor."""
    longest, more = 0, True
    while more:
        async with pool.connection() as db:
            await keep_coverage(db, actor)
            part = await list_changes(db, actor, after=mirror.cursor, limit=500)
        cursors = [part["next"], *(item["change"] for item in part["items"])]
        longest = max(longest, *map(len, cursors))
        mirror.apply(part)
        more = part["more"]
    return longest


async def test_who_reads_thousands_of_units_goes_on_from_a_short_cursor(
    real_pool: Pool, made: City
) -> None:
    async with real_pool.transaction() as db:
        schools = await make_schools(db, made, MANY)
    mirror = Mirror(random.Random(1))
    for some in (schools, schools[500:], schools[:2500], schools[:50], schools):
        actor = reader_of(made, some)
        assert await catch_up(real_pool, mirror, actor) < LONGEST
        assert len(mirror.held) == len(some)
    whole = reader_of(made, schools)
    async with real_pool.connection() as db:
        assert differences(mirror, await visible(db, whole)) == []


@pytest.mark.parametrize("number", [0, 1, MOST_NAMED, MOST_NAMED + 1, MANY])
async def test_a_cursor_says_what_it_said(db: Connection, number: int) -> None:
    units = [new_id() for _ in range(number)]
    kinds = frozenset({ChangeKind.UNIT, ChangeKind.TEACHER})
    covered = Coverage(frozenset(units), kinds)
    part = Coverage(frozenset(units[::7]), frozenset({ChangeKind.UNIT}))
    for filling in (None, Filling(part, 5, 6), Filling(covered, 7, 8)):
        if filling is not None and filling.coverage.is_empty:
            continue
        place = Position(1, 2, 3, covered, filling)
        if number > MOST_NAMED:
            unknown = Position(1, 2, 3, Coverage(frozenset([*units, new_id()]), kinds))
            with pytest.raises(BadCursor):
                await read_position(db, cursor=unknown.cursor())
            for _ in range(2):
                await keep_units(db, units=covered.units)
        assert await read_position(db, cursor=place.cursor()) == place


async def test_an_application_of_thousands_of_units_is_told_of_what_changes(
    real_pool: Pool, made: City, resources: Resources
) -> None:
    """Not again and again that it is to read the feed afresh."""
    told = Told(real_pool, resources, made)
    await told.begin("https://listener.example/", over=made.far_school)
    async with real_pool.transaction() as db:
        schools = [made.school, *await make_schools(db, made, MANY)]
        by = [role_grant(told.client["id"], each["id"]) for each in schools]
        await db.insert_all(RoleGrant, by)
    for _ in range(3):
        await told.change()
        assert await told.make()
        message = (await told.messages())[-1]
        await told.settle(message["id"], 0, Carried(200, None, 3))
    async with real_pool.connection() as db:
        bodies = [json.loads(row["body"])["data"] for row in await db.all(BODIES)]
    assert [each["afresh"] for each in bodies] == [True, False, False]
    assert all(len(each["next"]) < LONGEST for each in bodies)


def role_grant(account_id: UUID, unit_id: UUID) -> Row:
    return {
        "id": new_id(), "account_id": account_id, "role": Role.INTEGRATION, "subject": "unit",
        "subject_id": unit_id, "valid_from": NOW.date(),
    }  # fmt: skip


async def test_both_faces_keep_what_their_cursors_name(
    client: Client, db: Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.domain.exchange.changes.coverage.MOST_NAMED", 0)
    monkeypatch.setattr("app.domain.exchange.changes.unit_sets.MOST_NAMED", 0)
    first = (await client.get(city.integration, "/changes")).json()
    again = await client.get(city.integration, f"/changes?after={first['next']}")
    assert again.status_code == 200, again.text
    query = "query ($after: String) { changes(after: $after) { next } }"
    cursor = None
    for _ in range(2):
        answer = await client.graphql(city.county_admin, query, {"after": cursor})
        assert "errors" not in answer, answer
        cursor = answer["data"]["changes"]["next"]


async def test_a_set_is_forgotten_long_after_the_last_cursor_over_it(db: Connection) -> None:
    sets = [[new_id() for _ in range(MOST_NAMED + 1)] for _ in range(2)]
    cursors = []
    for units in sets:
        covered = Coverage(frozenset(units), frozenset({ChangeKind.UNIT}))
        await keep_units(db, units=covered.units)
        cursors.append(Position(1, 2, 3, covered).cursor())
    await db._driver.execute("UPDATE unit_set SET used_on = $1", NOW.date())
    later = NOW + KEPT
    await tidy_unit_sets(db, now=later)
    assert [await read_position(db, cursor=cursor) for cursor in cursors]
    # Giving another cursor over the same units begins the time anew, for that set alone.
    await keep_units(db, units=frozenset(sets[0]))
    await tidy_unit_sets(db, now=later + timedelta(days=1))
    used, unused = cursors
    assert (await read_position(db, cursor=used)).cursor() == used
    with pytest.raises(BadCursor):
        await read_position(db, cursor=unused)
