"""A job acts as whoever asked for it, with the rights of that moment, and leaves an act."""

from dataclasses import replace

import pytest

from app.domain.access.accounts import Account
from app.domain.access.audit import list_acts
from app.domain.paging import PageRequest
from app.jobs.acting import AskerGone, acting_as
from app.request import Resources, now
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City


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
