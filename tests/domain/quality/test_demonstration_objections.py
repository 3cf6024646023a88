from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.exchange.tasks import TaskKind, list_tasks
from app.domain.paging import PageRequest
from app.domain.quality.demonstration_objections import (
    DemonstrationObjectionDecided,
    DemonstrationObjectionDecidedByPublisher,
    DemonstrationObjectionDecision,
    DemonstrationObjectionOfOneself,
    DemonstrationObjectionRaised,
    NewDemonstrationObjection,
    decide_demonstration_objection,
    list_demonstration_objections,
    list_own_demonstration_objections,
    object_to_demonstration,
)
from app.domain.quality.demonstrations import (
    DemonstrationNotFound,
    DemonstrationObjectionsOpen,
    DemonstrationWrongState,
    award_demonstration,
    get_demonstration,
)
from app.sql import Connection
from tests.make import NOW, City, make_account
from tests.make_demonstrations import (
    make_objected,
    refused,
)

DAY = timedelta(days=1)
PAGE = PageRequest()


async def test_an_objection_holds_up_the_title_and_may_end_it(db: Connection, city: City) -> None:
    raised = await make_objected(db, city, city.teacher_account)
    key, by = {"demonstration_id": raised["demonstration_id"]}, city.city_admin.actor
    new = NewDemonstrationObjection(reason="再次提出")
    with pytest.raises(DemonstrationObjectionRaised):
        await object_to_demonstration(db, city.teacher_account.actor, **key, new=new, now=NOW)
    mine = await list_own_demonstration_objections(db, city.teacher_account.actor)
    assert mine == [raised]
    assert await list_own_demonstration_objections(db, city.sibling_teacher_account.actor) == []
    for person in (city.school_admin, city.teacher_account):
        with pytest.raises(NotAllowed):
            await list_demonstration_objections(db, person.actor, page=PAGE)
    county = await list_demonstration_objections(db, city.county_admin.actor, page=PAGE)
    assert county.items == []
    later = NOW + 8 * DAY
    with pytest.raises(DemonstrationObjectionsOpen):
        await award_demonstration(db, by, **key, now=later)
    late = city.sibling_teacher_account.actor
    with pytest.raises(DemonstrationNotFound):
        await object_to_demonstration(db, late, **key, new=new, now=later)
    decision = DemonstrationObjectionDecision(upheld=True, answer="查实活动未举行")
    second = (await make_account(db, "city.second", Role.CITY_ADMIN, city.city)).actor
    decided = await decide_demonstration_objection(
        db, second, objection_id=raised["id"], decision=decision, now=later
    )
    assert (decided["upheld"], decided["answer"]) == (True, "查实活动未举行")
    row = await get_demonstration(db, by, **key)
    assert row["state"] == "rejected"
    for person in (city.sibling_teacher_account, city.city_admin):
        with pytest.raises(DemonstrationNotFound):
            await object_to_demonstration(db, person.actor, **key, new=new, now=NOW)
    with pytest.raises(DemonstrationObjectionDecided):
        await decide_demonstration_objection(
            db, second, objection_id=raised["id"], decision=decision, now=later
        )
    await refused(
        db, city, row, DemonstrationWrongState, award_demonstration(db, by, **key, now=later)
    )


async def test_a_refuted_objection_lets_the_title_go_on(db: Connection, city: City) -> None:
    raised = await make_objected(db, city, city.city_admin)
    key = {"demonstration_id": raised["demonstration_id"]}
    decision = DemonstrationObjectionDecision(upheld=False, answer="记载属实")
    other = await make_account(db, "city.second", Role.CITY_ADMIN, city.city)
    with pytest.raises(DemonstrationObjectionOfOneself):
        await decide_demonstration_objection(
            db, city.city_admin.actor, objection_id=raised["id"], decision=decision, now=NOW
        )
    await decide_demonstration_objection(
        db, other.actor, objection_id=raised["id"], decision=decision, now=NOW
    )
    awarded = await award_demonstration(db, other.actor, **key, now=NOW + 8 * DAY)
    assert awarded["state"] == "awarded"


async def test_who_published_a_school_does_not_answer_what_is_said_against_that(
    db: Connection, city: City
) -> None:
    raised = await make_objected(db, city, city.teacher_account)
    other = await make_account(db, "city.second", Role.CITY_ADMIN, city.city)
    publisher = city.city_admin.actor.account_id
    decision = DemonstrationObjectionDecision(upheld=True, answer="查实")
    key = {"objection_id": raised["id"], "decision": decision, "now": NOW}
    row = await get_demonstration(
        db, city.city_admin.actor, demonstration_id=raised["demonstration_id"]
    )
    # Neither the publisher, nor somebody to whom the publisher has delegated.
    delegate = replace(other.actor, on_behalf_of=publisher)
    for actor in (city.city_admin.actor, delegate):
        act = decide_demonstration_objection(db, actor, **key)
        await refused(db, city, row, DemonstrationObjectionDecidedByPublisher, act)
    kept = await list_demonstration_objections(db, other.actor, page=PAGE, open=True)
    assert kept.items == [raised]
    kind = TaskKind.DEMONSTRATION_OBJECTION_TO_DECIDE
    for person, waiting in ((city.city_admin, 0), (other, 1)):
        found = await list_tasks(db, person.actor, page=PAGE, now=NOW, kind=kind)
        assert len(found.items) == waiting
    assert (await decide_demonstration_objection(db, other.actor, **key))["upheld"] is True


async def test_who_is_of_the_school_does_not_learn_who_objects(db: Connection, city: City) -> None:
    raised = await make_objected(db, city, city.sibling_teacher_account)
    # A teacher of the school who works for the city, too.
    own = replace(city.city_admin.actor, account_id=city.teacher_account.actor.account_id)
    assert (await list_demonstration_objections(db, own, page=PAGE)).items == []
    others = await list_demonstration_objections(db, city.city_admin.actor, page=PAGE)
    assert [each["id"] for each in others.items] == [raised["id"]]
