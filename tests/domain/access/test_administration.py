from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.access.accounts import (
    FIRST_PASSWORD_LASTS,
    AccountKind,
    AccountNameTaken,
    AccountNotFound,
    NewAccount,
    PasswordNotTheirs,
    RoleNotForPeople,
    TeacherHasAccount,
)
from app.domain.access.actors import Actor, Grant, require_role
from app.domain.access.administration import (
    create_account,
    reset_password,
    restore_account,
    suspend_account,
)
from app.domain.access.grants import NewGrant, grant_role, list_grants
from app.domain.access.roles import (
    AT_SCHOOLS,
    BY_DUTY,
    NOT_HELD_TO_GRANT,
    PERMISSIONS,
    SUBJECT,
    Charge,
    Duty,
    Permission,
    Role,
    SubjectKind,
)
from app.domain.access.subjects import SubjectNotFound
from app.domain.errors import DomainError, NotAllowed
from app.domain.people.identity import PersonalDataCipher
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_sign_in, make_teacher, use_token

LATER = NOW + timedelta(minutes=15)


@pytest.fixture
def cipher(resources: Resources) -> PersonalDataCipher:
    return resources.cipher


async def create(
    db: Connection, person: Person, role: Role, subject: Row, name: str = "new.account"
) -> Row:
    new = NewAccount(name=name, display_name="新账号", role=role, subject_id=subject["id"])
    return await create_account(db, person.actor, new=new, secret=b"hash", now=NOW)


async def accounts_and_grants(driver: asyncpg.Connection) -> tuple[int, int]:
    return (
        await driver.fetchval("SELECT count(*) FROM account"),
        await driver.fetchval("SELECT count(*) FROM role_grant"),
    )


async def test_a_new_account_lies_where_its_first_role_does(db: Connection, city: City) -> None:
    row = await create(db, city.county_admin, Role.SCHOOL_ADMIN, city.school)
    assert row == {
        "id": row["id"], "name": "new.account", "kind": "person", "display_name": "新账号",
        "teacher_id": None, "city_id": city.city["id"], "county_id": city.county["id"],
        "school_id": city.school["id"], "suspended_at": None,
        "first_password_until": NOW + FIRST_PASSWORD_LASTS,
        "second_factor_since": None,
    }  # fmt: skip
    (grant,) = await list_grants(db, city.school_admin.actor, account_id=row["id"])
    assert (grant["role"], grant["subject_id"]) == ("school_admin", city.school["id"])
    assert (grant["valid_from"], grant["valid_to"]) == (TODAY, None)


async def test_a_teachers_account_is_hers_and_the_only_one(
    db: Connection, city: City, cipher: PersonalDataCipher
) -> None:
    teacher = await make_teacher(db, cipher, city.school, "新教师")
    row = await create(db, city.school_admin, Role.TEACHER, teacher)
    assert (row["teacher_id"], row["school_id"]) == (teacher["id"], city.school["id"])


async def test_a_second_account_of_a_teacher_is_told_from_a_taken_name(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    with pytest.raises(TeacherHasAccount):
        async with driver.transaction():
            await create(db, city.school_admin, Role.TEACHER, city.teacher)
    with pytest.raises(AccountNameTaken):
        async with driver.transaction():
            await create(db, city.school_admin, Role.SCHOOL_ADMIN, city.school, city.auditor.name)


@pytest.mark.parametrize(
    ("who", "role", "subject", "refusal"),
    [
        ("school_admin", Role.COUNTY_ADMIN, "school", NotAllowed),
        ("school_admin", Role.CITY_ADMIN, "school", NotAllowed),
        ("school_admin", Role.AUDITOR, "school", NotAllowed),
        ("school_admin", Role.INTEGRATION, "school", NotAllowed),
        ("school_admin", Role.SCHOOL_ADMIN, "sibling", SubjectNotFound),
        ("school_admin", Role.SCHOOL_ADMIN, "county", SubjectNotFound),
        ("school_admin", Role.TEACHER, "sibling_teacher", SubjectNotFound),
        ("school_admin", Role.TEACHER, "school", SubjectNotFound),
        ("county_admin", Role.CITY_ADMIN, "county", NotAllowed),
        ("county_admin", Role.INTEGRATION, "county", NotAllowed),
        ("county_admin", Role.COUNTY_ADMIN, "city", SubjectNotFound),
        ("county_admin", Role.COUNTY_ADMIN, "other_county", SubjectNotFound),
        ("county_admin", Role.SCHOOL_ADMIN, "direct_school", SubjectNotFound),
        ("auditor", Role.AUDITOR, "city", NotAllowed),
        ("integration", Role.INTEGRATION, "city", NotAllowed),
        ("teacher_account", Role.TEACHER, "teacher", SubjectNotFound),
        ("teacher_account", Role.TEACHER, "colleague", SubjectNotFound),
    ],
)
async def test_nobody_opens_an_account_that_may_do_more(
    driver: asyncpg.Connection, db: Connection, city: City, who: str, role: Role,
    subject: str, refusal: type[DomainError],
) -> None:  # fmt: skip
    before = await accounts_and_grants(driver)
    with pytest.raises(refusal):
        await create(db, getattr(city, who), role, getattr(city, subject))
    assert await accounts_and_grants(driver) == before


async def test_suspending_ends_every_token_for_good(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    account_id = city.teacher_account.actor.account_id
    await make_sign_in(db, account_id, b"kept")
    actor = city.school_admin.actor
    row = await suspend_account(db, actor, account_id=account_id, now=NOW)
    assert row["suspended_at"] == NOW
    again = await suspend_account(db, actor, account_id=account_id, now=NOW.replace(hour=5))
    assert again["suspended_at"] == NOW, "it is suspended since the first time"
    version = "SELECT security_version FROM account WHERE id = $1"
    assert await driver.fetchval(version, account_id) == 2
    restored = await restore_account(db, actor, account_id=account_id, now=NOW)
    assert restored["suspended_at"] is None
    assert await driver.fetchval(version, account_id) == 2, "the tokens of before stay refused"
    assert await use_token(db, b"kept") is None


@pytest.mark.parametrize(
    ("who", "whom", "refusal"),
    [
        ("school_admin", "county_admin", AccountNotFound),
        ("school_admin", "sibling_admin", AccountNotFound),
        ("county_admin", "city_admin", AccountNotFound),
        ("county_admin", "other_county_admin", AccountNotFound),
        ("auditor", "teacher_account", NotAllowed),
        ("integration", "teacher_account", NotAllowed),
        ("teacher_account", "teacher_account", AccountNotFound),
    ],
)
async def test_nobody_suspends_who_stands_above_or_elsewhere(
    driver: asyncpg.Connection, db: Connection, city: City, who: str, whom: str,
    refusal: type[DomainError],
) -> None:  # fmt: skip
    account_id = getattr(city, whom).actor.account_id
    for act in (suspend_account, restore_account):
        with pytest.raises(refusal):
            await act(db, getattr(city, who).actor, account_id=account_id, now=NOW)
    row = await driver.fetchrow("SELECT * FROM account WHERE id = $1", account_id)
    assert (row["suspended_at"], row["security_version"]) == (None, 1)


async def test_a_school_cannot_suspend_its_teacher_who_administers_the_county(
    db: Connection, city: City
) -> None:
    account_id = city.teacher_account.actor.account_id
    new = NewGrant(role=Role.COUNTY_ADMIN, subject_id=city.county["id"])
    for act in (suspend_account, restore_account):
        await act(db, city.school_admin.actor, account_id=account_id, now=NOW)
    # The city grants: the account lies in the school, what it may do reaches further.
    await grant_role(db, city.city_admin.actor, account_id=account_id, new=new, now=NOW)
    for act in (suspend_account, restore_account):
        with pytest.raises(NotAllowed):
            await act(db, city.school_admin.actor, account_id=account_id, now=NOW)
        row = await act(db, city.county_admin.actor, account_id=account_id, now=NOW)
        assert row["id"] == account_id


async def test_a_machine_client_has_a_place_like_everybody(db: Connection, city: City) -> None:
    new = NewAccount(
        name="province.client", display_name="省平台", kind=AccountKind.CLIENT,
        role=Role.INTEGRATION, subject_id=city.city["id"],
    )  # fmt: skip
    row = await create_account(db, city.city_admin.actor, new=new, secret=b"x" * 32, now=NOW)
    assert (row["kind"], row["county_id"], row["school_id"]) == ("client", city.city["id"], None)
    assert row["first_password_until"] is None


async def test_only_a_city_admits_the_province(db: Connection, city: City) -> None:
    """A county that is asked by the province would else close its own challenges in its name."""
    fields: Any = {"display_name": "省平台", "kind": AccountKind.CLIENT, "role": Role.PROVINCE}
    new = NewAccount(name="not.the.province", subject_id=city.county["id"], **fields)
    for actor in (city.county_admin.actor, city.city_admin.actor):
        with pytest.raises(NotAllowed):
            await create_account(db, actor, new=new, secret=b"x" * 32, now=NOW)
    new = NewAccount(name="the.province", subject_id=city.city["id"], **fields)
    await create_account(db, city.city_admin.actor, new=new, secret=b"x" * 32, now=NOW)


async def test_the_province_is_nobody_who_works_at_a_bureau(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    """A person with its role would answer for both sides: neither a new account nor an old one gets it."""
    new = NewAccount(
        name="somebody.there", display_name="某人", role=Role.PROVINCE, subject_id=city.city["id"]
    )
    with pytest.raises(RoleNotForPeople):
        await create_account(db, city.city_admin.actor, new=new, secret=None, now=NOW)
    assert not await driver.fetchval("SELECT count(*) FROM account WHERE name = 'somebody.there'")
    grant = NewGrant(role=Role.PROVINCE, subject_id=city.city["id"])
    account_id = city.auditor.actor.account_id
    with pytest.raises(RoleNotForPeople):
        await grant_role(db, city.city_admin.actor, account_id=account_id, new=grant, now=NOW)
    granted = "SELECT count(*) FROM role_grant WHERE role = 'province'"
    assert await driver.fetchval(granted) == 0


async def test_another_first_password_ends_what_the_one_before_began(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    account_id = city.teacher_account.actor.account_id
    await make_sign_in(db, account_id, b"kept")
    await driver.execute(
        "UPDATE account SET wrong_secrets = 3, locked_until = $2 WHERE id = $1", account_id, LATER
    )
    row = await reset_password(
        db, city.school_admin.actor, account_id=account_id, secret=b"new", now=NOW
    )
    assert row["first_password_until"] == NOW + FIRST_PASSWORD_LASTS
    kept = await driver.fetchrow("SELECT * FROM account WHERE id = $1", account_id)
    assert (kept["secret"], kept["wrong_secrets"], kept["locked_until"]) == (b"new", 0, None)
    assert kept["security_version"] == 2
    assert await use_token(db, b"kept") is None


@pytest.mark.parametrize(
    ("who", "whom", "refusal"),
    [
        ("school_admin", "school_admin", PasswordNotTheirs),
        ("city_admin", "integration", PasswordNotTheirs),
        ("school_admin", "county_admin", AccountNotFound),
        ("sibling_admin", "school_admin", AccountNotFound),
        ("auditor", "teacher_account", NotAllowed),
    ],
)
async def test_nobody_else_gives_another_password(
    driver: asyncpg.Connection, db: Connection, city: City, who: str, whom: str,
    refusal: type[DomainError],
) -> None:  # fmt: skip
    account_id = getattr(city, whom).actor.account_id
    with pytest.raises(refusal):
        await reset_password(
            db, getattr(city, who).actor, account_id=account_id, secret=b"new", now=NOW
        )
    row = await driver.fetchrow("SELECT * FROM account WHERE id = $1", account_id)
    assert (row["secret"], row["security_version"]) == (None, 1)


_FEW = st.frozensets(st.sampled_from(sorted(Permission)), max_size=4)
# Little or nearly all: sets of a middling size contain each other too seldom to say anything.
_ANY = st.one_of(_FEW, _FEW.map(lambda few: frozenset(Permission) - few))
_TABLES = st.fixed_dictionaries(dict.fromkeys(Role, _ANY))
_SUBJECTS = ("city", "county", "other_county", "school", "sibling", "far_school")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(table=_TABLES, beyond=_TABLES, data=st.data())
def test_whatever_the_role_table_nobody_grants_what_they_do_not_hold(
    monkeypatch: pytest.MonkeyPatch, table: Any, beyond: Any, data: st.DataObject
) -> None:
    places = _tree()
    with monkeypatch.context() as patched:
        for role in Role:
            patched.setitem(PERMISSIONS, role, table[role])
            if role in AT_SCHOOLS:
                patched.setitem(AT_SCHOOLS, role, beyond[role])
        for duty in Duty:
            owned, bureau = (
                data.draw(st.sampled_from([*each.values()])) for each in (table, beyond)
            )
            patched.setitem(BY_DUTY, duty, Charge(owned, bureau))
        units = [role for role in Role if SUBJECT[role] is SubjectKind.UNIT]
        held = data.draw(st.lists(st.tuples(st.sampled_from(units), st.sampled_from(_SUBJECTS))))
        actor = Actor(new_id(), tuple(_grant(role, places[name]) for role, name in held))
        role, name = data.draw(st.sampled_from([*Role])), data.draw(st.sampled_from(_SUBJECTS))
        try:
            require_role(actor, role, places[name])
        except NotAllowed:
            return
        granted = Actor(new_id(), (_grant(role, places[name]),))
        for permission in set(Permission) - NOT_HELD_TO_GRANT:
            for place in places.values():
                if granted.scope(permission).covers(place):
                    assert actor.scope(permission).covers(place), (permission, place)


def _tree() -> dict[str, dict[str, Any]]:
    ids = {name: new_id() for name in _SUBJECTS}
    county = {"county": "county", "school": "county", "sibling": "county", "city": "city"}
    return {
        name: {
            "id": ids[name],
            "city_id": ids["city"],
            "county_id": ids[county.get(name, "other_county")],
            "school_id": ids[name] if name in {"school", "sibling", "far_school"} else None,
        }
        for name in _SUBJECTS
    }


def _grant(role: Role, place: dict[str, Any]) -> Grant:
    """A grant over a unit, or over what lies there: a network stands for a school of its bureau."""
    kind = SUBJECT[role]
    subject_id = place["id"] if kind is SubjectKind.UNIT else new_id()
    stands = kind in {SubjectKind.NETWORK, SubjectKind.ASSIGNMENT}
    here = {name: each for name, each in place.items() if name != "id"}
    schools = (place["school_id"],) if stands and place["school_id"] else ()
    return Grant(role, kind, subject_id, **here, schools=schools, duties=tuple(Duty))
