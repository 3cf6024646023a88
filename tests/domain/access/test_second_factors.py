import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.accounts import LOCKED_AFTER
from app.domain.access.actors import (
    NotInPerson,
    PasswordChangeDue,
    SecondFactorDue,
    is_administrator,
)
from app.domain.access.administration import SecondFactorNotTheirs, reset_second_factor
from app.domain.access.delegations import act_on_behalf
from app.domain.access.roles import PERMISSIONS, Permission, Role
from app.domain.access.second_factors import (
    ENROLMENT_LASTS,
    EnrolmentOver,
    NoSecondFactor,
    SecondFactorRequired,
    WrongSecondFactor,
    code_at,
    confirm_second_factor,
    count_recovery_codes,
    enrol_second_factor,
    plain_code,
    remove_second_factor,
    step_of,
    use_second_factor,
)
from app.domain.access.second_factors.codes import matching_step
from app.domain.access.sign_in import (
    WrongPassword,
    actor_signing_in,
    admit_account,
    read_credentials,
    record_wrong_secret,
)
from app.domain.errors import NotAllowed, NotFound
from app.request import Resources
from app.security import passwords
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_account, make_city, make_sign_in, use_token

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of the examples of RFC 4226 and RFC 6238, in base32."""
CODES = [passwords.hash_secret(f"recovery{n}") for n in range(10)]


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"), (1111111109, "081804"), (1111111111, "050471"),
        (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130"),
    ],
)  # fmt: skip
def test_the_codes_of_rfc_6238(seconds: int, code: str) -> None:
    assert code_at(SECRET, step_of(datetime.fromtimestamp(seconds, UTC))) == code


def test_the_codes_of_rfc_4226() -> None:
    codes = [
        "755224", "287082", "359152", "969429", "338314",
        "254676", "287922", "162583", "399871", "520489",
    ]  # fmt: skip
    assert [code_at(SECRET, count) for count in range(10)] == codes


@pytest.mark.parametrize(
    ("late", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_half_a_minute_off(late: int, *, fits: bool) -> None:
    present = step_of(NOW)
    given = code_at(SECRET, present + late)
    assert matching_step(SECRET, given, now=NOW, after=0) == (present + late if fits else None)
    assert matching_step(SECRET, given, now=NOW, after=present + late) is None


@pytest.mark.parametrize("given", ["", "1", "一二三四五六", "١٢٣٤٥٦", "1234567", "\x00" * 6])
def test_what_is_no_code_of_an_authenticator_fits_nowhere(given: str) -> None:
    assert matching_step(SECRET, given, now=NOW, after=0) is None


def test_a_code_is_the_same_however_it_is_typed() -> None:
    assert plain_code(" 12 34-56 ") == plain_code("１２３４５６") == "123456"
    assert plain_code("K7MQ-2npd 9fwr-hc4y") == "k7mq2npd9fwrhc4y"


@pytest.fixture
async def person(db: Connection, city: City) -> Person:
    return await make_account(db, "guarded", Role.SCHOOL_ADMIN, city.school, secret=b"hash")


async def account_of(db: Connection, person: Person) -> Row:
    account = await read_credentials(db, account_id=person.actor.account_id)
    assert account is not None
    return account


async def guard(db: Connection, person: Person, resources: Resources) -> None:
    """Give somebody a second factor; the code of the period of `NOW` is used up."""
    account = await account_of(db, person)
    row = await enrol_second_factor(
        db, person.actor, account=account, secret=SECRET, cipher=resources.cipher, now=NOW
    )
    assert row["secret"] == SECRET
    await confirm(db, person, resources)


async def confirm(db: Connection, person: Person, resources: Resources, **more: Any) -> Row:
    values: dict[str, Any] = {"given": code_at(SECRET, step_of(NOW)), "now": NOW} | more
    return await confirm_second_factor(
        db, person.actor, recovery_hashes=CODES, cipher=resources.cipher, **values
    )


async def use(
    db: Connection, person: Person, resources: Resources, given: str, now: datetime = NOW
) -> bool:
    return await use_second_factor(
        db, account_id=person.actor.account_id, given=given, code_hash=passwords.hash_secret(given),
        cipher=resources.cipher, now=now,
    )  # fmt: skip


async def stored(driver: asyncpg.Connection) -> Any:
    return await driver.fetch(
        "SELECT f.*, a.second_factor_since, a.security_version,"
        " (SELECT count(*) FROM recovery_code) FROM account a"
        " LEFT JOIN second_factor f ON f.account_id = a.id ORDER BY a.id"
    )


async def test_an_authenticator_is_told_the_secret_and_counts_once_it_has_shown_a_code(
    db: Connection, driver: asyncpg.Connection, resources: Resources, person: Person
) -> None:
    await make_sign_in(db, person.actor.account_id, b"kept")
    row = await enrol_second_factor(
        db, person.actor, account=await account_of(db, person), secret=SECRET,
        cipher=resources.cipher, now=NOW,
    )  # fmt: skip
    address = urlsplit(row["address"])
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert parse_qs(address.query) == {
        "secret": [SECRET], "issuer": ["Yanxun"], "algorithm": ["SHA1"], "digits": ["6"],
        "period": ["30"],
    }  # fmt: skip
    assert (await account_of(db, person))["second_factor_since"] is None
    sealed = await driver.fetchval("SELECT next_secret_sealed FROM second_factor")
    assert SECRET.encode() not in sealed
    assert await confirm(db, person, resources) == {"since": NOW, "recovery_codes_left": 10}
    account = await account_of(db, person)
    assert (account["second_factor_since"], account["security_version"]) == (NOW, 2)
    assert await use_token(db, b"kept") is None


async def test_a_code_is_used_once_and_so_are_those_before_it(
    db: Connection, resources: Resources, person: Person
) -> None:
    await guard(db, person, resources)
    present = step_of(NOW)
    assert await use(db, person, resources, code_at(SECRET, present)) is False
    assert await use(db, person, resources, code_at(SECRET, present + 1)) is True
    assert await use(db, person, resources, code_at(SECRET, present + 1)) is False
    assert await use(db, person, resources, "000000") is False
    later = NOW + timedelta(minutes=5)
    assert await use(db, person, resources, code_at(SECRET, step_of(later)), later) is True


async def test_a_recovery_code_is_used_once_by_its_owner(
    db: Connection, resources: Resources, person: Person, city: City
) -> None:
    await guard(db, person, resources)
    assert await use(db, city.school_admin, resources, "recovery3") is False
    assert await use(db, person, resources, "recovery3") is True
    assert await use(db, person, resources, "recovery3") is False
    assert await count_recovery_codes(db, account_id=person.actor.account_id) == 9


async def test_of_two_with_the_same_code_one_is_let_in(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        person = await make_account(db, "guarded", Role.SCHOOL_ADMIN, city.school, secret=b"hash")
        await guard(db, person, resources)
    code = code_at(SECRET, step_of(NOW) + 1)

    async def attempt(given: str) -> bool:
        async with real_pool.transaction() as db:
            return await use(db, person, resources, given)

    for given in (code, "recovery7"):
        assert sum(await asyncio.gather(*(attempt(given) for _ in range(8)))) == 1


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"given": "000000"}, WrongSecondFactor),
        ({"given": "recovery1"}, WrongSecondFactor),
        ({"now": NOW + ENROLMENT_LASTS}, EnrolmentOver),
    ],
)
async def test_what_does_not_confirm_changes_nothing(
    db: Connection, driver: asyncpg.Connection, resources: Resources, person: Person,
    more: dict[str, Any], refusal: type[Exception],
) -> None:  # fmt: skip
    account = await account_of(db, person)
    await enrol_second_factor(
        db, person.actor, account=account, secret=SECRET, cipher=resources.cipher, now=NOW
    )
    before = await stored(driver)
    with pytest.raises(refusal):
        await confirm(db, person, resources, **more)
    assert await stored(driver) == before


async def test_nothing_is_confirmed_that_was_not_begun(
    db: Connection, resources: Resources, person: Person
) -> None:
    with pytest.raises(EnrolmentOver):
        await confirm(db, person, resources)
    await guard(db, person, resources)
    with pytest.raises(EnrolmentOver):
        await confirm(db, person, resources)


async def test_another_authenticator_replaces_the_first_with_all_its_codes(
    db: Connection, driver: asyncpg.Connection, resources: Resources, person: Person
) -> None:
    await guard(db, person, resources)
    other = passwords.new_authenticator_secret()
    await enrol_second_factor(
        db, person.actor, account=await account_of(db, person), secret=other,
        cipher=resources.cipher, now=NOW,
    )  # fmt: skip
    present = step_of(NOW)
    assert await use(db, person, resources, code_at(SECRET, present + 1)) is True
    await confirm_second_factor(
        db, person.actor, given=code_at(other, present), recovery_hashes=[b"new"],
        cipher=resources.cipher, now=NOW,
    )  # fmt: skip
    assert await use(db, person, resources, code_at(SECRET, present + 1)) is False
    assert await use(db, person, resources, "recovery1") is False
    assert await use(db, person, resources, code_at(other, present + 1)) is True
    assert await driver.fetchval("SELECT count(*) FROM recovery_code") == 1


async def test_it_is_removed_unless_it_is_demanded(
    db: Connection, driver: asyncpg.Connection, resources: Resources, person: Person
) -> None:
    await guard(db, person, resources)
    account, before = await account_of(db, person), await stored(driver)
    with pytest.raises(SecondFactorRequired):
        await remove_second_factor(db, person.actor, account=account, is_demanded=True, now=NOW)
    # Whoever has to change a password carries no grants, which would say that they administer.
    first = replace(person.actor, grants=(), must_change_password=True)
    with pytest.raises(PasswordChangeDue):
        await remove_second_factor(db, first, account=account, is_demanded=True, now=NOW)
    assert await stored(driver) == before
    row = await remove_second_factor(db, person.actor, account=account, is_demanded=False, now=NOW)
    assert row == {"since": None, "recovery_codes_left": 0}
    account = await account_of(db, person)
    assert (account["second_factor_since"], account["security_version"]) == (None, 3)
    assert await driver.fetchval("SELECT count(*) FROM recovery_code") == 0
    with pytest.raises(NoSecondFactor):
        await remove_second_factor(db, person.actor, account=account, is_demanded=False, now=NOW)


async def test_whoever_is_no_administrator_removes_it_where_it_is_demanded(
    db: Connection, resources: Resources, city: City
) -> None:
    teacher = city.teacher_account
    await guard(db, teacher, resources)
    account = await account_of(db, teacher)
    await remove_second_factor(db, teacher.actor, account=account, is_demanded=True, now=NOW)
    assert (await account_of(db, teacher))["second_factor_since"] is None


async def test_what_was_checked_before_the_second_factor_came_admits_nobody(
    db: Connection, resources: Resources, person: Person
) -> None:
    before = await account_of(db, person)
    assert await admit_account(db, account=before, now=NOW) is not None
    await guard(db, person, resources)
    assert await admit_account(db, account=before, now=NOW) is None
    with pytest.raises(WrongPassword):
        await remove_second_factor(db, person.actor, account=before, is_demanded=False, now=NOW)


async def test_only_the_person_enrols_and_with_a_password_of_their_own(
    db: Connection, driver: asyncpg.Connection, resources: Resources, person: Person
) -> None:
    account, before = await account_of(db, person), await stored(driver)
    for actor, refusal in (
        (replace(person.actor, client_id=new_id()), NotInPerson),
        (replace(person.actor, on_behalf_of=new_id()), NotInPerson),
        (replace(person.actor, must_change_password=True), PasswordChangeDue),
    ):
        other = replace(person, actor=actor)
        with pytest.raises(refusal):
            await enrol_second_factor(
                db, actor, account=account, secret=SECRET, cipher=resources.cipher, now=NOW
            )
        with pytest.raises(refusal):
            await confirm(db, other, resources)
    for _ in range(LOCKED_AFTER):
        await record_wrong_secret(db, account_id=account["id"], now=NOW)
    with pytest.raises(WrongPassword):
        await enrol_second_factor(
            db, person.actor, account=account, secret=SECRET, cipher=resources.cipher, now=NOW
        )
    assert await stored(driver) == before


async def test_an_administrator_without_one_may_do_nothing_but_enrol_where_it_is_demanded(
    db: Connection, resources: Resources, person: Person, city: City
) -> None:
    account = await account_of(db, person)
    free = await actor_signing_in(db, account=account, is_demanded=False, now=NOW)
    assert free.grants
    held = await actor_signing_in(db, account=account, is_demanded=True, now=NOW)
    assert (held.grants, held.must_enrol_second_factor) == ((), True)
    with pytest.raises(SecondFactorDue):
        held.require(Permission.UNIT_READ)
    with pytest.raises(SecondFactorDue):
        held.scope(Permission.TEACHER_READ)
    with pytest.raises(SecondFactorDue):
        await act_on_behalf(db, held, delegation_id=new_id(), now=NOW)
    await guard(db, replace(person, actor=held), resources)
    account = await account_of(db, person)
    assert (await actor_signing_in(db, account=account, is_demanded=True, now=NOW)).grants
    teacher = await account_of(db, city.teacher_account)
    assert (await actor_signing_in(db, account=teacher, is_demanded=True, now=NOW)).grants


@pytest.mark.parametrize("role", list(Role))
def test_administrators_are_those_who_may_administer_accounts(role: Role, city: City) -> None:
    grant = replace(city.school_admin.actor.grants[0], role=role)
    assert is_administrator([grant]) is (Permission.ACCOUNT_WRITE in PERMISSIONS[role])


async def test_a_superior_takes_a_lost_one_away(
    db: Connection, driver: asyncpg.Connection, resources: Resources, person: Person, city: City
) -> None:
    account_id = person.actor.account_id
    await guard(db, person, resources)
    await make_sign_in(db, account_id, b"kept")
    before = await stored(driver)
    for actor, refusal in (
        (city.auditor.actor, NotAllowed),
        (city.sibling_admin.actor, NotFound),
        (person.actor, SecondFactorNotTheirs),
    ):
        with pytest.raises(refusal):
            await reset_second_factor(db, actor, account_id=account_id, now=NOW)
    assert await stored(driver) == before
    admin = city.county_admin.actor
    row = await reset_second_factor(db, admin, account_id=account_id, now=NOW)
    assert (row["id"], row["second_factor_since"]) == (account_id, None)
    assert await use_token(db, b"kept") is None
    assert await use(db, person, resources, "recovery1") is False
    with pytest.raises(SecondFactorNotTheirs):
        await reset_second_factor(db, admin, account_id=account_id, now=NOW)
