import asyncio
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.access.accounts import (
    AccountKind,
    AccountNameTaken,
    AccountNotFound,
    NewAccount,
    get_account,
    list_accounts,
    raise_security_version,
)
from app.domain.access.administration import create_account
from app.domain.access.roles import Role
from app.domain.access.sign_in import security_versions
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_account, make_city


async def names_seen_by(db: Connection, person: Person, **filters: Any) -> set[str]:
    page = await list_accounts(db, person.actor, page=PageRequest(limit=100), **filters)
    return {row["name"].rpartition("-")[0] for row in page.items}


async def test_everybody_sees_the_accounts_below_and_no_others(db: Connection, city: City) -> None:
    of_school = {"school.admin", "teacher", "colleague"}
    of_county = of_school | {"county.admin", "sibling.admin", "sibling.teacher"}
    assert await names_seen_by(db, city.school_admin) == of_school
    assert await names_seen_by(db, city.county_admin) == of_county
    whole = of_county | {"city.admin", "other.admin", "auditor", "province"}
    assert await names_seen_by(db, city.city_admin) == whole
    assert await names_seen_by(db, city.auditor) == whole
    assert await names_seen_by(db, city.city_admin, kind=AccountKind.CLIENT) == {"province"}
    assert await names_seen_by(db, city.other_county_admin, school_id=city.school["id"]) == set()


@pytest.mark.parametrize("who", ["teacher_account", "integration"])
async def test_who_administers_nobody_sees_no_accounts(
    db: Connection, city: City, who: str
) -> None:
    with pytest.raises(NotAllowed):
        await names_seen_by(db, getattr(city, who))


async def test_an_account_elsewhere_does_not_exist_and_no_secret_is_shown(
    db: Connection, city: City
) -> None:
    account = await make_account(db, "secret.kept", Role.SCHOOL_ADMIN, city.school, secret=b"hash")
    shown = await get_account(db, city.county_admin.actor, account_id=account.actor.account_id)
    assert "secret" not in shown
    assert shown["school_id"] == city.school["id"]
    for person in (city.sibling_admin, city.other_county_admin):
        with pytest.raises(AccountNotFound):
            await get_account(db, person.actor, account_id=account.actor.account_id)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "ab"}, {"name": "Upper"}, {"name": "_x1"}, {"name": "with space"},
        {"name": "line\nbreak"}, {"name": "trailing1\n2"}, {"name": "x" * 61}, {"name": "名字名字"},
        {"display_name": ""}, {"display_name": "   "}, {"role": "root"}, {"secret": "mine"},
        {"kind": "client", "role": "teacher"},
    ],
)  # fmt: skip
def test_what_no_account_can_be(changed: dict[str, Any]) -> None:
    right = {
        "name": "new.account", "display_name": "新", "role": "school_admin",
        "subject_id": str(new_id()),
    }  # fmt: skip
    NewAccount.model_validate(right)
    with pytest.raises(ValidationError):
        NewAccount.model_validate(right | changed)


@pytest.mark.parametrize(
    ("place", "constraint"),
    [
        (("city", "county", "far_school"), "fk_account_school_id_county_id_city_id"),
        (("city", "school", None), "fk_account_county_id_city_id"),
        (("county", "county", None), "fk_account_county_id_city_id"),
        (("city", "county", "county"), "ck_account_school_is_no_bureau"),
    ],
)
async def test_an_account_cannot_lie_where_nothing_lies(
    driver: asyncpg.Connection, city: City, place: tuple[str, ...], constraint: str
) -> None:
    ids = [name and getattr(city, name)["id"] for name in place]
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await driver.execute(
            "INSERT INTO account (id, name, kind, display_name, city_id, county_id, school_id)"
            " VALUES ($1, 'misplaced', 'person', 'x', $2, $3, $4)", new_id(), *ids,
        )  # fmt: skip
    assert refused.value.constraint_name == constraint


async def test_a_teachers_account_goes_along_with_a_transfer(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    account_id = city.teacher_account.actor.account_id
    await driver.execute(
        "UPDATE teacher SET county_id = $1, school_id = $2 WHERE id = $3",
        city.other_county["id"], city.far_school["id"], city.teacher["id"],
    )  # fmt: skip
    shown = await get_account(db, city.other_county_admin.actor, account_id=account_id)
    assert shown["school_id"] == city.far_school["id"]
    with pytest.raises(AccountNotFound):
        await get_account(db, city.school_admin.actor, account_id=account_id)


@pytest.mark.parametrize("school", ["sibling", None])
async def test_a_teachers_account_lies_nowhere_else(
    driver: asyncpg.Connection, city: City, school: str | None
) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await driver.execute(
            "UPDATE account SET school_id = $1 WHERE id = $2",
            school and getattr(city, school)["id"], city.teacher_account.actor.account_id,
        )  # fmt: skip


async def test_of_two_accounts_with_one_name_at_once_one_is_made(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def create(person: Person, school: Row) -> str:
        new = NewAccount(
            name="same.name", display_name="新", role=Role.SCHOOL_ADMIN, subject_id=school["id"]
        )
        async with real_pool.transaction() as db:
            await create_account(db, person.actor, new=new, secret=None, now=NOW)
        return str(school["name"])

    made = await asyncio.gather(
        create(city.county_admin, city.school),
        create(city.other_county_admin, city.far_school),
        return_exceptions=True,
    )
    (refused,) = (each for each in made if isinstance(each, BaseException))
    (school,) = (each for each in made if isinstance(each, str))
    assert isinstance(refused, AccountNameTaken)
    assert refused.details == {}, "it does not say where the other account is"
    async with real_pool.connection() as db:
        page = await list_accounts(db, city.city_admin.actor, page=PageRequest(limit=100))
        of = {"甲县第一小学": city.school["id"], "乙县第一小学": city.far_school["id"]}
        same = [row["school_id"] for row in page.items if row["name"] == "same.name"]
        assert same == [of[school]]


async def test_a_raised_version_is_told_to_processes_that_start(db: Connection, city: City) -> None:
    account_id = city.teacher_account.actor.account_id
    for _ in range(2):
        await raise_security_version(db, account_id=account_id, now=NOW)
    assert (await security_versions(db, since=NOW))[account_id] == 3
