from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.domain.access.accounts import AccountNotFound
from app.domain.access.actors import Actor, NotInPerson
from app.domain.access.administration import suspend_account
from app.domain.access.audit import Provenance, record_act
from app.domain.access.delegations import (
    MOST_GIVEN,
    NOT_DELEGATED,
    DelegateUnfit,
    Delegation,
    DelegationEnded,
    DelegationNotFound,
    DelegationPeriod,
    NewDelegation,
    NotDelegable,
    TooManyDelegations,
    act_on_behalf,
    create_delegation,
    ended_delegations,
    list_delegations,
    revoke_delegation,
)
from app.domain.access.grants import revoke_grant
from app.domain.access.holders import raise_versions_over
from app.domain.access.roles import PERMISSIONS, Permission, Role
from app.domain.access.subjects import SubjectEnded, SubjectNotFound
from app.domain.errors import DomainError, NotAllowed, NotFound
from app.domain.training.groups import NewGroup, create_group
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_account, make_sign_in, version_of

A_WEEK = timedelta(days=7)


def new_delegation(city: City, **changed: Any) -> NewDelegation:
    fields = {
        "subject_id": city.school["id"],
        "delegate_id": city.teacher_account.actor.account_id,
        "permissions": [Permission.GROUP_WRITE, Permission.GROUP_READ],
        "reason": "外出学习",
        "valid_to": TODAY + A_WEEK,
    }
    return NewDelegation(**fields | changed)


async def delegate(db: Connection, city: City, by: Person | None = None, **changed: Any) -> Row:
    giver = (by or city.school_admin).actor
    return await create_delegation(db, giver, new=new_delegation(city, **changed), now=NOW)


async def acting(db: Connection, city: City, row: Row, **at: Any) -> Actor:
    moment = at.get("now", NOW)
    delegate, _ = await act_on_behalf(
        db, city.teacher_account.actor, delegation_id=row["id"], now=moment
    )
    return delegate


async def count(driver: asyncpg.Connection) -> int:
    return int(await driver.fetchval("SELECT count(*) FROM delegation"))


async def test_a_school_lets_a_delegate_answer_for_it(db: Connection, city: City) -> None:
    row = await delegate(db, city, permissions=[Permission.GUIDANCE_ANSWER])
    assert (await acting(db, city, row)).scope(Permission.GUIDANCE_ANSWER).covers(city.school)
    above = {"id": new_id(), "granter_id": city.county_admin.actor.account_id, "given_at": NOW}
    new = new_delegation(city, permissions=[Permission.GUIDANCE_ANSWER])
    await db.insert(Delegation, {**new.model_dump(), **above})
    with pytest.raises(DelegationEnded):
        await acting(db, city, above)


async def test_a_delegate_does_what_was_delegated_there_and_nothing_else(
    db: Connection, city: City
) -> None:
    row = await delegate(db, city, city.county_admin)
    assert row["permissions"] == ["group:read", "group:write"]
    assert (row["granter_name"], row["delegate_name"]) == ("county.admin", "teacher")
    actor = await acting(db, city, row)
    assert actor.account_id == city.teacher_account.actor.account_id
    assert actor.on_behalf_of == city.county_admin.actor.account_id
    assert actor.teacher_id is None
    for permission in Permission:
        for place in (city.school, city.sibling, city.county, city.city, city.far_school):
            delegated = permission.value in row["permissions"] and place is city.school
            assert actor.scope(permission).covers(place) == delegated, (permission, place["name"])
    new: dict[str, Any] = {"name": "语文组", "kind": "teaching_research"}
    made = await create_group(db, actor, new=NewGroup(**new, unit_id=city.school["id"]))
    assert made["school_id"] == city.school["id"]
    with pytest.raises(NotFound):
        await create_group(db, actor, new=NewGroup(**new, unit_id=city.sibling["id"]))


@pytest.mark.parametrize(
    ("who", "changed", "refusal"),
    [
        ("school_admin", {"subject_id": "sibling"}, SubjectNotFound),
        ("school_admin", {"subject_id": "county"}, SubjectNotFound),
        ("school_admin", {"subject_id": None}, NotFound),
        ("teacher_account", {}, SubjectNotFound),
        ("auditor", {}, NotAllowed),
        ("school_admin", {"permissions": ["credit:recognise"]}, NotAllowed),
        ("school_admin", {"permissions": ["group:read", "pack:publish"]}, NotAllowed),
        # The school answers for itself, and nobody above it.
        ("county_admin", {"permissions": ["guidance:answer"]}, NotAllowed),
        ("school_admin", {"delegate_id": "sibling_teacher_account"}, AccountNotFound),
        ("school_admin", {"delegate_id": "county_admin"}, AccountNotFound),
        ("school_admin", {"delegate_id": None}, AccountNotFound),
        ("school_admin", {"delegate_id": "school_admin"}, DelegateUnfit),
        ("city_admin", {"delegate_id": "integration"}, DelegateUnfit),
        ("school_admin", {"valid_to": TODAY}, DelegationPeriod),
        ("school_admin", {"valid_to": TODAY + timedelta(days=91)}, DelegationPeriod),
        *(("city_admin", {"permissions": [each]}, NotDelegable) for each in sorted(NOT_DELEGATED)),
    ],
)
async def test_more_is_not_delegated(
    driver: asyncpg.Connection, db: Connection, city: City, who: str, changed: dict[str, Any],
    refusal: type[DomainError],
) -> None:  # fmt: skip
    for name, value in changed.items():
        if name == "subject_id":
            changed = changed | {name: getattr(city, value)["id"] if value else new_id()}
        if name == "delegate_id":
            account = getattr(city, value).actor.account_id if value else new_id()
            changed = changed | {name: account}
    with pytest.raises(refusal):
        await delegate(db, city, getattr(city, who), **changed)
    assert await count(driver) == 0


async def test_ninety_days_are_the_longest(db: Connection, city: City) -> None:
    row = await delegate(db, city, valid_to=TODAY + timedelta(days=90))
    assert (await acting(db, city, row, now=NOW + timedelta(days=89))).on_behalf_of
    with pytest.raises(DelegationEnded):
        await acting(db, city, row, now=NOW + timedelta(days=90))


async def test_nobody_is_delegated_a_closed_unit_or_by_the_suspended(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    await driver.execute("UPDATE unit SET closed_on = $2 WHERE id = $1", city.zone["id"], TODAY)
    with pytest.raises(SubjectEnded):
        await delegate(db, city, city.city_admin, subject_id=city.zone["id"])
    await driver.execute("UPDATE account SET suspended_at = now() WHERE id = $1",
                         city.teacher_account.actor.account_id)  # fmt: skip
    with pytest.raises(DelegateUnfit):
        await delegate(db, city, city.county_admin, subject_id=city.county["id"])


async def test_there_is_a_bound(db: Connection, city: City) -> None:
    row = {
        **new_delegation(city).model_dump(), "granter_id": city.school_admin.actor.account_id,
        "given_at": NOW,
    }  # fmt: skip
    for _ in range(MOST_GIVEN):
        await db.insert(Delegation, row | {"id": new_id()})
    with pytest.raises(TooManyDelegations):
        await delegate(db, city)
    await revoke_delegation(
        db, city.school_admin.actor, now=NOW,
        delegation_id=(await list_delegations(db, city.school_admin.actor))[0]["id"],
    )  # fmt: skip
    assert await delegate(db, city)


async def test_a_delegate_delegates_nothing_and_is_not_the_person(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    row = await delegate(db, city)
    actor = await acting(db, city, row)
    colleague = city.colleague_account.actor.account_id
    further = new_delegation(city, delegate_id=colleague, permissions=[Permission.GROUP_READ])
    with pytest.raises(NotInPerson):
        await create_delegation(db, actor, new=further, now=NOW)
    for act in (revoke_delegation, act_on_behalf):
        with pytest.raises(NotInPerson):
            await act(db, actor, delegation_id=row["id"], now=NOW)
    with pytest.raises(NotInPerson):
        await list_delegations(db, actor)
    application = replace(city.school_admin.actor, client_id=new_id())
    with pytest.raises(NotInPerson):
        await create_delegation(db, application, new=new_delegation(city), now=NOW)
    assert await count(driver) == 1


async def test_both_see_it_and_nobody_else(db: Connection, city: City) -> None:
    row = await delegate(db, city)
    for person in (city.school_admin, city.teacher_account):
        assert await list_delegations(db, person.actor) == [row]
    for person in (city.county_admin, city.city_admin, city.colleague_account):
        assert await list_delegations(db, person.actor) == []
        for act in (revoke_delegation, act_on_behalf):
            with pytest.raises(DelegationNotFound):
                await act(db, person.actor, delegation_id=row["id"], now=NOW)


async def test_only_the_delegate_acts(db: Connection, city: City) -> None:
    row = await delegate(db, city)
    with pytest.raises(DelegationNotFound):
        await act_on_behalf(db, city.school_admin.actor, delegation_id=row["id"], now=NOW)


@pytest.mark.parametrize("who", ["school_admin", "teacher_account"])
async def test_either_ends_it_once(db: Connection, city: City, who: str) -> None:
    row, other = await delegate(db, city), await delegate(db, city)
    actor = getattr(city, who).actor
    ended = await revoke_delegation(db, actor, delegation_id=row["id"], now=NOW)
    assert ended == row | {"revoked_at": NOW}
    assert await ended_delegations(db, since=NOW) == [row["id"]]
    assert await ended_delegations(db, since=NOW + timedelta(seconds=1)) == []
    with pytest.raises(DelegationEnded):
        await revoke_delegation(db, actor, delegation_id=row["id"], now=NOW)
    with pytest.raises(DelegationEnded):
        await acting(db, city, row)
    assert (await acting(db, city, other)).on_behalf_of
    with pytest.raises(DelegationEnded):
        await revoke_delegation(db, actor, delegation_id=other["id"], now=NOW + A_WEEK)


async def test_it_ends_with_the_granters_right(db: Connection, city: City) -> None:
    row = await delegate(db, city)
    await make_account(db, "deputy", Role.SCHOOL_ADMIN, city.school)
    (held,) = await db._driver.fetch(
        "SELECT id FROM role_grant WHERE account_id = $1", city.school_admin.actor.account_id
    )
    version = await version_of(db, city.school_admin)
    await revoke_grant(db, city.county_admin.actor, grant_id=held["id"], now=NOW)
    assert await version_of(db, city.school_admin) == version + 1, "it is named in every such token"
    with pytest.raises(DelegationEnded):
        await acting(db, city, row)


async def test_it_narrows_with_the_granters_right(
    db: Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await delegate(db, city)
    less = PERMISSIONS[Role.SCHOOL_ADMIN] - {Permission.GROUP_WRITE}
    monkeypatch.setitem(PERMISSIONS, Role.SCHOOL_ADMIN, less)
    assert (await acting(db, city, row)).scopes == frozenset({Permission.GROUP_READ})


async def test_it_ends_with_the_granters_suspension(db: Connection, city: City) -> None:
    row = await delegate(db, city)
    await make_account(db, "deputy", Role.SCHOOL_ADMIN, city.school)
    account_id = city.school_admin.actor.account_id
    await suspend_account(db, city.county_admin.actor, account_id=account_id, now=NOW)
    with pytest.raises(DelegationEnded):
        await acting(db, city, row)


async def test_it_ends_when_the_school_leaves_the_granters_county(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    row = await delegate(db, city, city.county_admin)
    version = await version_of(db, city.teacher_account)
    await raise_versions_over(db, subject_ids=[city.school["id"]], now=NOW)
    assert await version_of(db, city.teacher_account) == version + 1
    await driver.execute(
        "UPDATE unit SET parent_id = $2, county_id = $2 WHERE id = $1",
        city.school["id"], city.other_county["id"],
    )  # fmt: skip
    with pytest.raises(DelegationEnded):
        await acting(db, city, row)


async def test_the_token_names_the_sign_in_and_both_versions(db: Connection, city: City) -> None:
    row = await delegate(db, city)
    sign_in_id = await make_sign_in(db, city.teacher_account.actor.account_id, b"1")
    signed_in = replace(city.teacher_account.actor, sign_in_id=sign_in_id, security_version=4)
    before = db.statements
    actor, by = await act_on_behalf(db, signed_in, delegation_id=row["id"], now=NOW)
    assert db.statements - before == 4
    assert (actor.sign_in_id, actor.security_version) == (sign_in_id, 4)
    assert by == (row["id"], city.school_admin.actor.account_id, 1)


async def test_every_act_names_both(driver: asyncpg.Connection, db: Connection, city: City) -> None:
    actor = await acting(db, city, await delegate(db, city))
    await record_act(db, actor, operation="create_group", target_id=None, provenance=Provenance())
    act = await driver.fetchrow(
        "SELECT account_id, on_behalf_of FROM audit_act WHERE operation = 'create_group'"
    )
    assert tuple(act) == (actor.account_id, city.school_admin.actor.account_id)
