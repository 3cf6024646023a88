"""The second wall is what it is declared to be: policies, rights of readers, and every table decided upon."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import func, select, text
from sqlmodel import SQLModel

from app.database.embedded import Urls
from app.database.migrations import all_tables
from app.database.pool import Pool
from app.domain.access.walled import (
    OUTSIDE,
    SEALED,
    SECRET,
    WALLED,
    names_what_is_walled,
    policy_of,
    wall_of,
)
from app.domain.people.teachers import Teacher
from app.domain.training.files import File
from app.request import Resources
from app.sql import Connection, Row, Statement, new_id
from app.wall import READER, Behind, Wall
from tests.make import NOW, City, make_city

all_tables()


@pytest.fixture
async def owner(urls: Urls) -> AsyncIterator[asyncpg.Connection]:
    """The owner, in a transaction that is rolled back."""
    connection = await asyncpg.connect(urls.owner)
    outer = connection.transaction()
    await outer.start()
    yield connection
    await outer.rollback()
    await connection.close()


async def policies(db: asyncpg.Connection) -> dict[tuple[str, str], tuple[object, ...]]:
    """For whom each policy is, for what, and what it shows."""
    found = await db.fetch(
        "SELECT tablename, policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies"
    )
    return {(row[0], row[1]): tuple(row)[2:] for row in found}


async def test_the_policies_are_those_that_are_declared(owner: asyncpg.Connection) -> None:
    there = await policies(owner)
    assert {table for table, _ in there} == WALLED.keys()
    for table in WALLED:
        await owner.execute(f"DROP POLICY within_bounds ON {table}")
        await owner.execute(policy_of(table))
    assert await policies(owner) == there
    readers = {key: row for key, row in there.items() if key[1] == "within_bounds"}
    assert all(row[:3] == ("PERMISSIVE", [READER], "SELECT") for row in readers.values())
    rest = {key: row for key, row in there.items() if key not in readers}
    assert {name for _, name in rest} == {"everything"}
    assert {(row[0], *row[2:]) for row in rest.values()} == {("PERMISSIVE", "ALL", "true", "true")}
    assert len(readers) == len(rest) == len(WALLED)
    walled = await owner.fetch("SELECT relname FROM pg_class WHERE relrowsecurity")
    assert {row[0] for row in walled} == WALLED.keys()


async def test_no_policy_is_run_for_each_row_that_could_be_run_once() -> None:
    """A setting is read by a subquery that depends on no row, which is run once for a statement."""
    for shown in WALLED.values():
        assert shown.count("current_setting") == shown.count("(SELECT NULLIF(current_setting")


async def test_readers_read_and_do_nothing_else(owner: asyncpg.Connection) -> None:
    may = await owner.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND has_table_privilege($1, oid,"
        " 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')",
        READER,
    )
    assert may == []
    makes = "SELECT has_schema_privilege($1, 'public', 'CREATE')"
    assert not await owner.fetchval(makes, READER)
    temporary = "SELECT has_database_privilege($1, current_database(), 'TEMPORARY, CREATE')"
    assert not await owner.fetchval(temporary, READER)


async def test_readers_see_every_column_but_those_that_are_kept_from_them(
    owner: asyncpg.Connection,
) -> None:
    """Of a table with such columns each new one is given by itself: `keep_from_readers`, again."""
    kept = await owner.fetch(
        "SELECT relname, attname FROM pg_attribute a JOIN pg_class t ON t.oid = attrelid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0"
        " AND NOT attisdropped AND NOT has_column_privilege($1, t.oid, attnum, 'SELECT')",
        READER,
    )
    sealed = {(table, column) for column, tables in SEALED.items() for table in tables}
    secret = {(table, column) for table, columns in SECRET.items() for column in columns}
    assert {tuple(row) for row in kept} == sealed | secret


def names_a_person(name: str) -> bool:
    """Whether a table refers to a teacher, or is the teachers."""
    keys = SQLModel.metadata.tables[name].foreign_key_constraints
    referred = {each.target_fullname for key in keys for each in key.elements}
    return name == "teacher" or "teacher.id" in referred


def test_of_each_table_that_names_a_person_it_is_decided() -> None:
    """A new one stands behind the wall, or says in `OUTSIDE` why it does not."""
    outside = [table for tables in OUTSIDE.values() for table in tables]
    assert len(outside) == len(set(outside))
    assert set(outside).isdisjoint(WALLED)
    named = {name for name in SQLModel.metadata.tables if names_a_person(name)}
    assert named - WALLED.keys() - set(outside) == set()
    assert set(outside) - named == set()
    assert WALLED.keys() - SQLModel.metadata.tables.keys() == set()


async def test_no_function_of_the_database_shows_what_is_walled(owner: asyncpg.Connection) -> None:
    """What a function reads no statement names; those that readers may call read nothing of the kind."""
    functions = await owner.fetch(
        "SELECT proname::text AS name, prosrc AS body FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype"
        " AND has_function_privilege($1, oid, 'EXECUTE')",
        READER,
    )
    assert [row["name"] for row in functions if names_what_is_walled(row["body"])] == []


@pytest.mark.parametrize(
    ("text", "walled"),
    [
        ("SELECT credit_entry.id FROM credit_entry", True),
        ("SELECT 1 FROM teacher, standing WHERE true", True),
        ("SELECT file_1.id FROM file AS file_1", True),
        ("SELECT teacher.id_number_sealed FROM teacher", True),
        ("SELECT teacher.id_number FROM teacher", False),
        ("SELECT school_credit.hours FROM school_credit", False),
        ("SELECT diagnosis.evidence FROM diagnosis", False),
        ("SELECT unit.credit_claims FROM unit", False),
    ],
)
def test_a_statement_pays_for_the_wall_where_it_names_what_is_behind_it(
    text: str, walled: bool
) -> None:
    assert names_what_is_walled(text) is walled


FILES = Statement(select(func.count()).select_from(File))
PEOPLE = Statement(select(func.count()).select_from(Teacher))


async def keep_file(db: Connection, unit: Row, teacher_id: UUID | None, by: UUID) -> None:
    """A file of a school's, or of a teacher's."""
    place = {name: unit[name] for name in ("city_id", "county_id", "school_id")}
    await db.insert(
        File,
        {
            **place, "id": new_id(), "name": "a file", "shows_pupils": False, "sharing": "unit",
            "teacher_id": teacher_id, "sha256": "0" * 64, "size": 1,
            "media_type": "text/plain", "kind": "document", "uploaded_by": by, "uploaded_at": NOW,
        },
    )  # fmt: skip


@pytest.fixture
async def kept(real_pool: Pool, resources: Resources) -> City:
    """A city with a file of each of two schools, really committed."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        for unit in (city.school, city.far_school):
            await keep_file(db, unit, None, city.city_admin.actor.account_id)
    return city


@pytest.fixture
async def lone(urls: Urls) -> AsyncIterator[Pool]:
    """A pool of one connection, which everybody gets after the other."""
    opened = await Pool.open(urls.application, size=1, patience=10, statement_timeout=30)
    yield opened
    await opened.close()


async def test_nothing_of_a_wall_is_left_on_a_connection(kept: City, lone: Pool) -> None:
    """Neither the role nor a bound: who has the connection next sees their own, or nothing at all."""
    school, city = wall_of(kept.school_admin.actor), wall_of(kept.city_admin.actor)
    none = Wall({}, names_what_is_walled)
    found = []
    for wall in (none, city, none, school, none, city, school):
        async with lone.connection(wall) as db:
            found.append(await db.value(FILES))
        async with lone.transaction(read_only=True, wall=wall) as db:
            found.append(await db.value(FILES))
        async with lone.connection() as db:
            assert await db.value(FILES) == 2
    assert found == [0, 0, 2, 2, 0, 0, 1, 1, 0, 0, 2, 2, 1, 1]
    driver = await lone.take()
    told = await driver.fetchrow(
        "SELECT current_user, current_setting('yanxun.city_id', true),"
        " current_setting('yanxun.school_id', true)"
    )
    lone.give_back(driver)
    assert tuple(told) == ("yanxun_app", "", "")


async def test_a_read_that_fails_leaves_the_connection_as_it_was(kept: City, lone: Pool) -> None:
    wall, broken = (
        wall_of(kept.school_admin.actor),
        Statement(text("SELECT 1 / count(*) FROM standing")),
    )
    async with lone.connection(wall) as db:
        with pytest.raises(asyncpg.DivisionByZeroError):
            await db.value(broken)
        assert await db.value(FILES) == 1
    async with lone.connection() as db:
        assert await db.value(FILES) == 2


class Overheard:
    """A connection of asyncpg's, and the messages that it is given."""

    def __init__(self, driver: asyncpg.Connection) -> None:
        vars(self).update(driver=driver, sent=[])

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self.driver, name)
        if name not in {"execute", "fetchval"}:
            return attribute

        def send(command: str, *arguments: Any) -> Any:
            self.sent.append(command)
            return attribute(command, *arguments)

        return send

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.driver, name, value)

    def taken(self) -> list[str]:
        """The first words of what was sent since this was last asked."""
        words = [each.partition(" ")[0] for each in self.sent]
        self.sent.clear()
        return words


async def test_what_names_nothing_behind_the_wall_is_one_message(kept: City, lone: Pool) -> None:
    """Without a transaction of its own, so that it costs what it always did."""
    driver = await lone.take()
    overheard: Any = Overheard(driver)
    db = Connection(Behind(overheard, wall_of(kept.school_admin.actor)))
    await db.value(PEOPLE)
    assert overheard.taken() == ["SELECT"]
    await db.value(FILES)
    assert overheard.taken() == ["BEGIN", "SELECT", "COMMIT;"]
    async with db.transaction(read_only=True, isolation="repeatable_read"):
        await db.value(FILES)
        await db.value(PEOPLE)
    assert overheard.taken() == ["BEGIN", "SELECT", "SELECT", "COMMIT;"]
    lone.give_back(driver)


async def test_a_table_whose_policy_is_gone_shows_readers_nothing(
    kept: City, lone: Pool, urls: Urls
) -> None:
    city = wall_of(kept.city_admin.actor)
    owner = await asyncpg.connect(urls.owner)
    try:
        await owner.execute("DROP POLICY within_bounds ON file")
        async with lone.connection(city) as db:
            assert await db.value(FILES) == 0
    finally:
        await owner.execute(policy_of("file"))
        await owner.close()
    async with lone.connection(city) as db:
        assert await db.value(FILES) == 2
