import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.accounts import AccountNotFound
from app.domain.access.actors import Actor
from app.domain.access.grants import (
    MOST_GRANTS,
    GrantEnded,
    GrantExists,
    GrantNotFound,
    GrantPeriodEmpty,
    NewGrant,
    TooManyGrants,
    grant_role,
    grants_of,
    list_grants,
    revoke_grant,
)
from app.domain.access.roles import Role, SubjectKind
from app.domain.access.subjects import MOST_SCHOOLS, SubjectNotFound
from app.domain.errors import DomainError, NotAllowed
from app.request import Resources
from app.request.actors import claims_of
from app.security.tokens import LONGEST_TOKEN
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_account, make_city


async def grant(
    db: Connection, by: Person, to: Person, role: Role, subject: Row, **period: date
) -> Row:
    new = NewGrant(role=role, subject_id=subject["id"], **period)
    return await grant_role(db, by.actor, account_id=to.actor.account_id, new=new, now=NOW)


async def only_grant(db: Connection, person: Person) -> Row:
    rows = await grants_of(db, person.actor, account_ids=[person.actor.account_id])
    (row,) = rows[person.actor.account_id]
    return row


async def stored(driver: asyncpg.Connection) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await driver.fetch("SELECT * FROM role_grant ORDER BY id")
    return rows


async def test_a_grant_holds_from_today_and_ends_the_tokens_of_before(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    row = await grant(db, city.county_admin, city.school_admin, Role.SCHOOL_ADMIN, city.sibling)
    assert row == {
        "id": row["id"], "account_id": city.school_admin.actor.account_id, "role": "school_admin",
        "subject": "unit", "subject_id": city.sibling["id"], "valid_from": TODAY, "valid_to": None,
    }  # fmt: skip
    kept = await driver.fetchrow("SELECT * FROM role_grant WHERE id = $1", row["id"])
    assert (kept["granted_by"], kept["recorded_at"]) == (city.county_admin.actor.account_id, NOW)
    version = await driver.fetchval(
        "SELECT security_version FROM account WHERE id = $1", row["account_id"]
    )
    assert version == 2


@pytest.mark.parametrize(
    ("by", "to", "role", "subject", "refusal"),
    [
        # what one does not hold, to oneself and to others
        ("school_admin", "school_admin", Role.COUNTY_ADMIN, "school", NotAllowed),
        ("school_admin", "school_admin", Role.SCHOOL_ADMIN, "county", SubjectNotFound),
        ("school_admin", "school_admin", Role.SCHOOL_ADMIN, "sibling", SubjectNotFound),
        ("school_admin", "teacher_account", Role.AUDITOR, "school", NotAllowed),
        ("county_admin", "county_admin", Role.CITY_ADMIN, "county", NotAllowed),
        ("county_admin", "county_admin", Role.COUNTY_ADMIN, "city", SubjectNotFound),
        ("county_admin", "county_admin", Role.COUNTY_ADMIN, "other_county", SubjectNotFound),
        ("county_admin", "county_admin", Role.SCHOOL_ADMIN, "direct_school", SubjectNotFound),
        ("auditor", "auditor", Role.AUDITOR, "city", NotAllowed),
        ("integration", "integration", Role.CITY_ADMIN, "city", NotAllowed),
        ("teacher_account", "teacher_account", Role.SCHOOL_ADMIN, "school", AccountNotFound),
        # to an account elsewhere, even over a subject of one's own
        ("county_admin", "other_county_admin", Role.COUNTY_ADMIN, "county", AccountNotFound),
        ("school_admin", "sibling_admin", Role.SCHOOL_ADMIN, "school", AccountNotFound),
        ("school_admin", "county_admin", Role.SCHOOL_ADMIN, "school", AccountNotFound),
        # being another teacher
        ("school_admin", "teacher_account", Role.TEACHER, "colleague", NotAllowed),
        ("school_admin", "school_admin", Role.TEACHER, "teacher", NotAllowed),
        ("county_admin", "teacher_account", Role.TEACHER, "sibling_teacher", NotAllowed),
        # a subject of another kind
        ("city_admin", "school_admin", Role.GROUP_LEADER, "school", SubjectNotFound),
        ("city_admin", "school_admin", Role.SCHOOL_ADMIN, "teacher", SubjectNotFound),
    ],
)
async def test_nobody_grants_what_they_do_not_hold(
    driver: asyncpg.Connection, db: Connection, city: City, by: str, to: str, role: Role,
    subject: str, refusal: type[DomainError],
) -> None:  # fmt: skip
    before = await stored(driver)
    with pytest.raises(refusal):
        await grant(db, getattr(city, by), getattr(city, to), role, getattr(city, subject))
    assert await stored(driver) == before


async def test_a_group_elsewhere_cannot_be_given_to_lead(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    groups = {}
    for owner in (city.school, city.sibling, city.county):
        groups[owner["name"]] = {"id": new_id()}
        await driver.execute(
            "INSERT INTO research_group (id, name, kind, city_id, county_id, school_id)"
            " VALUES ($1, '组', 'theme', $2, $3, $4)", groups[owner["name"]]["id"],
            owner["city_id"], owner["county_id"], owner["school_id"],
        )  # fmt: skip
    own, foreign, above = (
        groups[each["name"]] for each in (city.school, city.sibling, city.county)
    )
    for elsewhere in (foreign, above):
        with pytest.raises(SubjectNotFound):
            await grant(db, city.school_admin, city.teacher_account, Role.GROUP_LEADER, elsewhere)
    row = await grant(db, city.school_admin, city.teacher_account, Role.GROUP_LEADER, own)
    assert row["subject"] == "group"


@pytest.mark.parametrize(
    "period",
    [
        {"valid_to": TODAY},
        {"valid_to": TODAY - timedelta(days=1)},
        {"valid_from": date(2027, 1, 2), "valid_to": date(2027, 1, 2)},
        {"valid_from": date(2027, 1, 2), "valid_to": date(2027, 1, 1)},
        {"valid_from": date(2019, 1, 1), "valid_to": date(2020, 1, 1)},
    ],
)
async def test_a_grant_has_days_to_come(db: Connection, city: City, period: dict[str, Any]) -> None:
    with pytest.raises(GrantPeriodEmpty):
        await grant(
            db, city.county_admin, city.school_admin, Role.SCHOOL_ADMIN, city.sibling, **period
        )


@pytest.mark.parametrize(
    ("period", "fits"),
    [
        ({}, False),
        ({"valid_from": date(2027, 1, 31)}, False),
        ({"valid_from": date(2026, 12, 1), "valid_to": date(2027, 1, 2)}, False),
        ({"valid_to": date(2027, 1, 1)}, True),
        ({"valid_from": date(2027, 2, 1)}, True),
    ],
)
async def test_the_same_grant_does_not_hold_twice_on_a_day(
    db: Connection, city: City, period: dict[str, Any], fits: bool
) -> None:
    to = (db, city.county_admin, city.school_admin, Role.SCHOOL_ADMIN, city.sibling)
    await grant(*to, valid_from=date(2027, 1, 1), valid_to=date(2027, 2, 1))
    if fits:
        assert (await grant(*to, **period))["subject_id"] == city.sibling["id"]
        return
    with pytest.raises(GrantExists):
        await grant(*to, **period)


async def test_as_many_grants_as_a_token_carries(
    db: Connection, city: City, resources: Resources
) -> None:
    begins = date(2027, 1, 1)
    for number in range(MOST_GRANTS - 1):
        days = {
            "valid_from": begins + timedelta(days=number),
            "valid_to": begins + timedelta(days=number + 1),
        }
        await grant(
            db, city.city_admin, city.teacher_account, Role.SCHOOL_ADMIN, city.sibling, **days
        )
    with pytest.raises(TooManyGrants):
        await grant(db, city.city_admin, city.teacher_account, Role.AUDITOR, city.school)
    (held,) = city.school_admin.actor.grants
    longest = replace(
        held, role=Role.NETWORK_COORDINATOR, subject=SubjectKind.NETWORK,
        schools=tuple(new_id() for _ in range(MOST_SCHOOLS)),
    )  # fmt: skip
    grants = (longest, *(replace(longest, schools=()) for _ in range(MOST_GRANTS - 1)))
    actor = Actor(account_id=new_id(), grants=grants, teacher_id=new_id())
    token = resources.keyring.sign(claims_of(actor, security_version=10**6))
    assert len(token) < LONGEST_TOKEN * 7 // 8, "with room for a long address as issuer"


async def test_a_revoked_grant_held_until_yesterday(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    held = await only_grant(db, city.school_admin)
    await make_account(db, "deputy", Role.SCHOOL_ADMIN, city.school)
    ended = await revoke_grant(db, city.county_admin.actor, grant_id=held["id"], now=NOW)
    assert ended == {**held, "id": ended["id"], "valid_to": TODAY}
    account_id = city.school_admin.actor.account_id
    assert await list_grants(db, city.county_admin.actor, account_id=account_id) == [ended]
    rows = await driver.fetch("SELECT * FROM role_grant WHERE account_id = $1", account_id)
    before, after = sorted(rows, key=lambda row: row["id"])
    assert (before["id"], after["id"]) == (held["id"], ended["id"])
    assert before["superseded_at"] == after["recorded_at"] == NOW
    assert (before["valid_to"], after["superseded_at"]) == (None, None)
    for again, refusal in ((held, GrantNotFound), (ended, GrantEnded)):
        with pytest.raises(refusal):
            await revoke_grant(db, city.county_admin.actor, grant_id=again["id"], now=NOW)


@pytest.mark.parametrize("begins", [TODAY, date(2027, 1, 1)])
async def test_a_grant_that_never_held_leaves_nothing(
    db: Connection, city: City, begins: date
) -> None:
    row = await grant(
        db, city.county_admin, city.teacher_account, Role.SCHOOL_ADMIN, city.sibling,
        valid_from=begins,
    )  # fmt: skip
    revoked = await revoke_grant(db, city.county_admin.actor, grant_id=row["id"], now=NOW)
    assert revoked == {**row, "valid_to": begins}
    account_id = city.teacher_account.actor.account_id
    left = await list_grants(db, city.county_admin.actor, account_id=account_id)
    assert [each["role"] for each in left] == ["teacher"]


@pytest.mark.parametrize(
    ("by", "whose", "refusal"),
    [
        ("school_admin", "county_admin", GrantNotFound),
        ("county_admin", "city_admin", GrantNotFound),
        ("county_admin", "other_county_admin", GrantNotFound),
        ("sibling_admin", "school_admin", GrantNotFound),
        ("teacher_account", "school_admin", GrantNotFound),
        ("auditor", "school_admin", NotAllowed),
        ("integration", "school_admin", NotAllowed),
    ],
)
async def test_nobody_revokes_from_above_or_elsewhere(
    driver: asyncpg.Connection, db: Connection, city: City, by: str, whose: str,
    refusal: type[DomainError],
) -> None:  # fmt: skip
    before = await stored(driver)
    grant_id = await driver.fetchval(
        "SELECT id FROM role_grant WHERE account_id = $1", getattr(city, whose).actor.account_id
    )
    with pytest.raises(refusal):
        await revoke_grant(db, getattr(city, by).actor, grant_id=grant_id, now=NOW)
    assert await stored(driver) == before


async def test_an_account_below_keeps_what_was_granted_above(db: Connection, city: City) -> None:
    above = await grant(db, city.city_admin, city.teacher_account, Role.AUDITOR, city.other_county)
    with pytest.raises(NotAllowed):
        await revoke_grant(db, city.school_admin.actor, grant_id=above["id"], now=NOW)


async def test_the_grants_of_many_accounts_are_one_statement(db: Connection, city: City) -> None:
    people = (city.school_admin, city.teacher_account, city.sibling_admin, city.county_admin)
    ids = [person.actor.account_id for person in people]
    before = db.statements
    found = await grants_of(db, city.school_admin.actor, account_ids=ids)
    assert db.statements - before == 1
    assert [[row["role"] for row in found[each]] for each in ids] == [
        ["school_admin"], ["teacher"], [], [],
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["revoke", "grant"])
async def test_of_two_changes_at_once_one_is_made(
    real_pool: Pool, resources: Resources, what: str
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        held = await only_grant(db, city.school_admin)
        await make_account(db, "deputy", Role.SCHOOL_ADMIN, city.school)

    async def change() -> Row:
        async with real_pool.transaction() as db:
            if what == "revoke":
                return await revoke_grant(db, city.county_admin.actor, grant_id=held["id"], now=NOW)
            return await grant(
                db, city.county_admin, city.school_admin, Role.SCHOOL_ADMIN, city.sibling,
                valid_to=date(2027, 1, 1),
            )  # fmt: skip

    done = await asyncio.gather(change(), change(), return_exceptions=True)
    (refused,) = (each for each in done if isinstance(each, BaseException))
    # Who comes when the other is done finds a grant that ended, under another key.
    late = (GrantEnded, GrantNotFound) if what == "revoke" else GrantExists
    assert isinstance(refused, late)
    async with real_pool.connection() as db:
        account_id = city.school_admin.actor.account_id
        rows = await list_grants(db, city.county_admin.actor, account_id=account_id)
    ends = [row["valid_to"] for row in rows]
    assert ends == ([TODAY] if what == "revoke" else [None, date(2027, 1, 1)])
