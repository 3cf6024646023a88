"""A job acts as whoever asked for it, with the rights of that moment, and leaves an act."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.access.accounts import Account
from app.domain.access.audit import list_acts
from app.domain.access.clients import Client
from app.domain.access.consents import give_consent, list_consents, revoke_consent
from app.domain.access.roles import Permission
from app.domain.paging import PageRequest
from app.jobs.acting import ApplicationGone, AskerGone, acting_as, read_asker
from app.request import Resources, now
from app.sql import Connection, Row
from tests.conftest import SharedPool
from tests.make import City
from tests.oauth import make_client


@pytest.fixture
def held(resources: Resources, pool: SharedPool) -> Resources:
    return replace(resources, pool=pool)


async def test_it_has_the_rights_of_the_account_and_leaves_an_act(
    held: Resources, db: Connection, city: City
) -> None:
    asker = city.school_admin.actor
    async with acting_as(
        held, asker.account_id, operation="apply_something", target_id=city.school["id"]
    ) as (_, actor):
        assert (actor.account_id, actor.grants) == (asker.account_id, asker.grants)
    acts = await list_acts(db, city.auditor.actor, page=PageRequest(), operation="apply_something")
    assert [(each["account_id"], each["target_id"]) for each in acts.items] == [
        (asker.account_id, city.school["id"])
    ]


async def test_nobody_acts_for_an_account_that_was_suspended_meanwhile(
    held: Resources, db: Connection, city: City
) -> None:
    account_id = city.school_admin.actor.account_id
    await db.change(Account, account_id, {"suspended_at": now()})
    with pytest.raises(AskerGone):
        async with acting_as(held, account_id, operation="x", target_id=account_id):
            raise AssertionError("it was let in")


@pytest.fixture
async def asked(db: Connection, city: City) -> Row:
    """Through which application the administrator of a school has asked, and how far it may."""
    client_id = (await make_client(db, city.city))["id"]
    scopes = [Permission.TEACHER_READ, Permission.UNIT_READ]
    account_id = city.school_admin.actor.account_id
    await give_consent(db, account_id=account_id, client_id=client_id, scopes=scopes, now=now())
    return {"client_id": client_id, "scopes": list(map(str, scopes))}


async def test_an_application_asks_under_its_ceiling_of_today(
    db: Connection, city: City, asked: Row
) -> None:
    account_id = city.school_admin.actor.account_id
    actor = await read_asker(db, account_id, asked)
    assert (actor.client_id, actor.scopes) == (
        asked["client_id"], frozenset({Permission.TEACHER_READ, Permission.UNIT_READ}),
    )  # fmt: skip
    await db.change(Client, asked["client_id"], {"scopes": [Permission.UNIT_READ]})
    assert (await read_asker(db, account_id, asked)).scopes == frozenset({Permission.UNIT_READ})


@pytest.mark.parametrize(
    ("table", "change"),
    [(Account, {"suspended_at": now()}), (Client, {"valid_to": date(2020, 1, 1)})],
)
async def test_an_application_that_may_ask_no_longer_does_not_go_on(
    db: Connection, city: City, asked: Row, table: Any, change: Row
) -> None:
    await db.change(table, asked["client_id"], change)
    with pytest.raises(ApplicationGone):
        await read_asker(db, city.school_admin.actor.account_id, asked)
    own = {"client_id": None, "scopes": None}
    with pytest.raises((ApplicationGone, AskerGone)):
        await read_asker(db, asked["client_id"], own)


async def test_an_application_goes_on_for_nobody_who_took_the_consent_back(
    db: Connection, city: City, asked: Row
) -> None:
    [consent] = await list_consents(db, city.school_admin.actor)
    await revoke_consent(db, city.school_admin.actor, consent_id=consent["id"], now=now())
    with pytest.raises(ApplicationGone):
        await read_asker(db, city.school_admin.actor.account_id, asked)
