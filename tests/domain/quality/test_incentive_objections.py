from dataclasses import replace
from typing import Any

import pytest

from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.quality.incentive_objections import (
    IncentiveObjectionDecided,
    IncentiveObjectionDecision,
    IncentiveObjectionNotFound,
    IncentiveObjectionRaised,
    NewIncentiveObjection,
    decide_incentive_objection,
    list_incentive_objections,
    list_own_incentive_objections,
    object_to_incentive,
)
from app.domain.quality.incentives import (
    IncentiveDecidedByParty,
    IncentiveNotFound,
    get_incentive,
)
from app.sql import Connection
from tests.make import NOW, City
from tests.make_incentives import (
    WEEK_LATER,
    make_penalty,
    make_published,
    raise_objection,
)

PAGE = PageRequest(limit=50)
YES = IncentiveObjectionDecision(upheld=True, answer="经查属实")
NO = IncentiveObjectionDecision(upheld=False, answer="经查不属实")


async def test_an_objection_is_raised_once_and_answered_by_another(
    db: Connection, city: City
) -> None:
    row = await make_published(db, city)
    raised = await raise_objection(db, city.colleague_account, row)
    with pytest.raises(IncentiveObjectionRaised):
        await raise_objection(db, city.colleague_account, row)
    about: dict[str, Any] = {"objection_id": raised["id"], "decision": YES, "now": NOW}
    with pytest.raises(IncentiveDecidedByParty):
        # The county's administrator decided on the reward.
        await decide_incentive_objection(db, city.county_admin.actor, **about)
    with pytest.raises(IncentiveObjectionNotFound):
        await decide_incentive_objection(db, city.sibling_admin.actor, **about)
    with pytest.raises((NotAllowed, IncentiveObjectionNotFound)):
        await decide_incentive_objection(db, city.teacher_account.actor, **about)
    waiting = await list_incentive_objections(db, city.school_admin.actor, page=PAGE, decided=False)
    assert [each["id"] for each in waiting.items] == [raised["id"]]
    upheld = await decide_incentive_objection(db, city.school_admin.actor, **about)
    assert (upheld["upheld"], upheld["answer"]) == (True, "经查属实")
    fallen = await get_incentive(db, city.teacher_account.actor, incentive_id=row["id"], now=NOW)
    assert fallen["state"] == "overturned"
    with pytest.raises(IncentiveObjectionDecided):
        await decide_incentive_objection(db, city.school_admin.actor, **about)
    own = await list_own_incentive_objections(db, city.colleague_account.actor)
    assert [each["answer"] for each in own] == ["经查属实"]


async def test_one_that_is_not_upheld_changes_nothing(db: Connection, city: City) -> None:
    row = await make_published(db, city)
    raised = await raise_objection(db, city.colleague_account, row)
    await decide_incentive_objection(
        db, city.school_admin.actor, objection_id=raised["id"], decision=NO, now=NOW
    )
    kept = await get_incentive(db, city.teacher_account.actor, incentive_id=row["id"], now=NOW)
    assert kept["state"] == "published"


async def test_to_what_is_not_shown_nobody_objects(db: Connection, city: City) -> None:
    shown, sealed = await make_published(db, city), await make_penalty(db, city)
    new = NewIncentiveObjection(reason="不应如此")
    with pytest.raises(IncentiveNotFound):
        await raise_objection(db, city.colleague_account, sealed)
    with pytest.raises(IncentiveNotFound):
        await raise_objection(db, city.sibling_teacher_account, shown)
    with pytest.raises(IncentiveNotFound):
        await object_to_incentive(
            db, city.colleague_account.actor, incentive_id=shown["id"], new=new, now=WEEK_LATER
        )
    assert not (await list_incentive_objections(db, city.city_admin.actor, page=PAGE)).items


async def test_the_rewarded_person_does_not_learn_who_objects(db: Connection, city: City) -> None:
    row = await make_published(db, city)
    raised = await raise_objection(db, city.colleague_account, row)
    # The teacher administers the school, too.
    own = replace(city.teacher_account.actor, grants=city.school_admin.actor.grants)
    assert (await list_incentive_objections(db, own, page=PAGE)).items == []
    with pytest.raises(IncentiveObjectionNotFound):
        await decide_incentive_objection(db, own, objection_id=raised["id"], decision=NO, now=NOW)
    others = await list_incentive_objections(db, city.school_admin.actor, page=PAGE)
    assert [each["id"] for each in others.items] == [raised["id"]]
    [mine] = await list_own_incentive_objections(db, city.colleague_account.actor)
    assert (mine["id"], mine["answer"]) == (raised["id"], None)
