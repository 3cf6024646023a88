from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.access.accounts import LOCKED_AFTER
from app.domain.access.actors import Actor
from app.domain.access.profile import (
    PasswordChange,
    PasswordUnfit,
    change_password,
    check_new_password,
    get_profile,
)
from app.domain.access.roles import PERMISSIONS, Role
from app.domain.access.sign_in import WrongPassword, record_wrong_secret
from app.domain.errors import Unauthenticated
from app.sql import Connection, new_id
from tests.make import NOW, City, Person, make_account, make_sign_in, use_token


@pytest.fixture
async def person(db: Connection, city: City) -> Person:
    return await make_account(db, "changing", Role.SCHOOL_ADMIN, city.school, secret=b"old hash")


def checked(person: Person, secret: bytes) -> dict[str, Any]:
    """The account as it was when the password behind this hash was checked."""
    return {"id": person.actor.account_id, "secret": secret, "second_factor_since": None}


async def test_a_profile_is_the_account_with_the_rights_of_the_token(
    db: Connection, city: City
) -> None:
    profile = await get_profile(db, city.teacher_account.actor)
    assert profile == {
        "account_id": city.teacher_account.actor.account_id,
        "name": city.teacher_account.name,
        "display_name": "teacher",
        "teacher_id": city.teacher["id"],
        "must_change_password": False,
        "must_enrol_second_factor": False,
        "second_factor": {"since": None, "recovery_codes_left": 0},
        "on_behalf_of": None,
        "identities": [],
        "grants": [
            {
                "role": "teacher", "subject": "self", "subject_id": city.teacher["id"],
                "city_id": city.city["id"], "county_id": city.county["id"],
                "school_id": city.school["id"],
                "permissions": sorted(PERMISSIONS[Role.TEACHER]),
                "permissions_beyond": [],
                "schools": [],
            }
        ],
    }  # fmt: skip


async def test_an_account_that_is_gone_has_no_profile(db: Connection) -> None:
    with pytest.raises(Unauthenticated):
        await get_profile(db, Actor(account_id=new_id(), grants=()))


async def test_a_new_password_ends_every_token(
    db: Connection, driver: asyncpg.Connection, person: Person
) -> None:
    account_id = person.actor.account_id
    await make_sign_in(db, account_id, b"kept")
    first = replace(person.actor, must_change_password=True)
    profile = await change_password(
        db, first, account=checked(person, b"old hash"), new=b"new hash", now=NOW
    )
    assert (profile["account_id"], profile["must_change_password"]) == (account_id, False)
    row = await driver.fetchrow("SELECT * FROM account WHERE id = $1", account_id)
    assert (row["secret"], row["security_version"]) == (b"new hash", 2)
    assert row["security_changed_at"] == NOW
    assert await use_token(db, b"kept") is None


async def test_a_password_changed_meanwhile_stands(
    db: Connection, driver: asyncpg.Connection, person: Person
) -> None:
    with pytest.raises(WrongPassword):
        await change_password(
            db, person.actor, account=checked(person, b"older hash"), new=b"new hash", now=NOW
        )
    for _ in range(LOCKED_AFTER):
        await record_wrong_secret(db, account_id=person.actor.account_id, now=NOW)
    with pytest.raises(WrongPassword):
        await change_password(
            db, person.actor, account=checked(person, b"old hash"), new=b"new hash", now=NOW
        )
    row = await driver.fetchrow("SELECT * FROM account WHERE id = $1", person.actor.account_id)
    assert (row["secret"], row["security_version"]) == (b"old hash", 1)


@pytest.mark.parametrize(
    "new",
    ["li.xiaohong", "LI.Xiaohong", "ｌｉ．ｘｉａｏｈｏｎｇ", "old password", "ｏｌｄ password"],
)
def test_what_a_new_password_may_not_be(new: str) -> None:
    change = PasswordChange.model_validate({"old": "old password", "new": new})
    with pytest.raises(PasswordUnfit) as refused:
        check_new_password(change, name="li.xiaohong")
    assert refused.value.details == {}


def test_blanks_are_part_of_a_password() -> None:
    change = PasswordChange.model_validate({"old": " old ", "new": " new password "})
    check_new_password(change, name="new password")
    assert change.old.get_secret_value() == " old "
    assert change.new.get_secret_value() == " new password "


@pytest.mark.parametrize(
    "sent",
    [
        {"old": "x", "new": "nine char"},
        {"old": "x", "new": "x" * 257},
        {"old": "x" * 257, "new": "long enough"},
        {"old": "x"},
        {"old": "x", "new": "long enough", "name": "other"},
    ],
)
def test_a_change_outside_its_limits_is_refused_without_an_echo(sent: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        PasswordChange.model_validate(sent)
    told = str(refused.value.errors(include_input=False, include_url=False))
    assert not any(value in told for value in sent.values() if len(value) > 1 and value != "other")
