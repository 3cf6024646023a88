"""Limits of approval: of one unit alone, from a day on, set by another."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.access.accounts import AccountNotFound
from app.domain.paging import PageRequest
from app.domain.quality.approval_limits import (
    ApprovalLimitOfOneself,
    BeyondApprovalLimit,
    NewApprovalLimit,
    check_limit,
    list_approval_limits,
    set_approval_limit,
)
from app.sql import Connection
from tests.make import NOW, TODAY, City
from tests.make_funds import make_clerks, make_limit

ALL = PageRequest(limit=100)


async def test_the_later_day_holds_and_of_one_day_the_later_word(
    db: Connection, city: City
) -> None:
    actor, unit = city.school_admin.actor, city.school["id"]
    for up_to, days in (("500", -10), ("900", 5), ("700", -10)):
        new = NewApprovalLimit(
            account_id=actor.account_id, up_to=Decimal(up_to), valid_from=TODAY + timedelta(days)
        )
        await set_approval_limit(db, city.county_admin.actor, unit_id=unit, new=new, now=NOW)
    for day, most in ((TODAY, 700), (TODAY + timedelta(5), 900)):
        await check_limit(db, actor, unit_id=unit, amount=Decimal(most), day=day)
        with pytest.raises(BeyondApprovalLimit):
            await check_limit(
                db, actor, unit_id=unit, amount=Decimal(most) + Decimal("0.01"), day=day
            )
    with pytest.raises(BeyondApprovalLimit):
        await check_limit(db, actor, unit_id=unit, amount=Decimal(1), day=TODAY - timedelta(11))
    before = db.statements
    page = await list_approval_limits(db, city.auditor.actor, page=ALL, unit_id=unit)
    assert ([row["up_to"] for row in page.items], db.statements - before) == ([500, 900, 700], 1)


async def test_a_bureaus_limit_is_not_one_of_the_schools_below(db: Connection, city: City) -> None:
    await make_limit(db, city.city_admin, city.county, city.county_admin)
    with pytest.raises(BeyondApprovalLimit):
        await check_limit(
            db, city.county_admin.actor, unit_id=city.school["id"], amount=Decimal(1), day=TODAY
        )


async def test_a_delegate_has_the_granters_limit_but_not_one_of_the_own_making(
    db: Connection, city: City
) -> None:
    clerk = (await make_clerks(db, city))["school"]
    delegate = replace(clerk.actor, on_behalf_of=city.school_admin.actor.account_id)
    asked: dict[str, Any] = {"unit_id": city.school["id"], "amount": Decimal(100), "day": TODAY}
    await make_limit(db, city.county_admin, city.school, city.school_admin, "100")
    await check_limit(db, delegate, **asked)
    # What the delegate said of the granter is said of the delegate: others have it, the delegate has not.
    await make_limit(db, clerk, city.school, city.school_admin, "1000000")
    await check_limit(db, city.school_admin.actor, **asked)
    with pytest.raises(BeyondApprovalLimit):
        await check_limit(db, delegate, **asked)
    await make_limit(db, city.county_admin, city.school, city.school_admin, "200")
    await check_limit(db, delegate, **asked)
    # From whom the unit took the limit away, a delegation does not give one back.
    await make_limit(db, city.county_admin, city.school, clerk, "0")
    with pytest.raises(BeyondApprovalLimit):
        await check_limit(db, delegate, **asked)


async def test_nobody_sets_their_own(db: Connection, city: City) -> None:
    with pytest.raises(ApprovalLimitOfOneself):
        await make_limit(db, city.county_admin, city.county, city.county_admin)
    with pytest.raises(AccountNotFound):
        await make_limit(db, city.school_admin, city.school, city.sibling_admin)
    assert (await list_approval_limits(db, city.city_admin.actor, page=ALL)).items == []
