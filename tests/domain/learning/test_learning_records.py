import asyncio
import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import select
from sqlmodel import col

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.learning_records import (
    Asked,
    LearnerNotEnrolled,
    LearnerUnknown,
    LearningClassNotOpen,
    LearningClassUnknown,
    LearningRecord,
    LearningRecordNotFound,
    StatementDiffers,
    StatementReferenceUnknown,
    StatementUnfit,
    StatementVoided,
    VoidOfVoid,
    get_learning_record,
    get_statement,
    list_learning_records,
    list_statements,
)
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityState
from app.request import Resources
from app.sql import Connection, Row, Statement
from tests.make import NOW, City, make_city
from tests.make_learning import (
    ADL,
    AGENT,
    ISSUER,
    LESSON,
    actor,
    make_class,
    make_player,
    statement,
    tell,
)

LATEST = PageRequest(limit=10, sort="-stored")


# Telling.


async def kept(db: Connection) -> int:
    return len(await db.all(Statement(select(col(LearningRecord.id)))))


async def test_statements_are_kept_as_they_were_told(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    told = statement(city.teacher, activity, "completed", at=NOW - timedelta(hours=1))
    before = db.statements
    (key,) = await tell(db, player, told)
    assert db.statements - before == 6, "whom, which class, whether enrolled, new, kept, due"
    assert str(key) == told["id"]
    found = await get_statement(db, city.county_admin.actor, statement_id=key, voided=False)
    given = json.loads(found["document"])
    stored = datetime.fromisoformat(given.pop("stored"))
    authority = {"homePage": ISSUER, "name": str(player.actor.account_id)}
    assert given.pop("authority") == {"objectType": "Agent", "account": authority}
    assert (given.pop("version"), stored) == ("1.0.0", NOW)
    assert given == told
    row = await get_learning_record(db, city.teacher_account.actor, record_id=key)
    assert row["happened_at"] == NOW - timedelta(hours=1)
    assert (row["teacher_id"], row["activity_id"]) == (city.teacher["id"], activity["id"])
    assert (row["completed"], row["voided"], row["session_id"]) == (True, False, None)


async def test_many_cost_as_many_statements_as_one(db: Connection, city: City) -> None:
    player = await make_player(db, city.county)
    activity = await make_class(db, city, city.teacher, city.colleague)
    told = [
        statement(each, activity, "experienced", f"page/{number}", duration="PT1M")
        for number in range(50)
        for each in (city.teacher, city.colleague)
    ]
    before = db.statements
    keys = await tell(db, player, *told)
    assert db.statements - before == 6
    page = await list_learning_records(
        db, city.county_admin.actor, page=PageRequest(limit=100), activity_id=activity["id"]
    )
    assert [row["id"] for row in page.items] == keys, "in the order in which they were told"


async def test_the_same_again_is_kept_once_and_another_refused(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    told = statement(city.teacher, activity)
    (key,) = await tell(db, player, told)
    again = told | {"id": told["id"].upper(), "version": "1.0.3"}
    assert await tell(db, player, again, now=NOW + timedelta(days=1)) == [key]
    with pytest.raises(StatementDiffers):
        await tell(db, player, told | {"result": {"success": True}})
    other = await make_player(db, city.city, "another")
    with pytest.raises(StatementDiffers):
        await tell(db, other, told)
    assert await kept(db) == 1


async def test_all_are_kept_or_none(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    good = statement(city.teacher, activity)
    with pytest.raises(LearnerNotEnrolled) as refused:
        await tell(db, player, good, statement(city.colleague, activity))
    assert refused.value.details == {"position": 2}
    assert await kept(db) == 0


async def test_a_player_tells_within_its_grants_alone(db: Connection, city: City) -> None:
    activity = await make_class(db, city, city.teacher, city.far_teacher)
    told = statement(city.teacher, activity)
    with pytest.raises(NotAllowed):
        await tell(db, city.city_admin, told)
    with pytest.raises(NotAllowed):
        await tell(db, city.teacher_account, told)
    elsewhere = await make_player(db, city.other_county, "elsewhere")
    with pytest.raises(LearnerUnknown):
        await tell(db, elsewhere, told)
    with pytest.raises(LearningClassUnknown):
        await tell(db, elsewhere, statement(city.far_teacher, activity))
    at_school = await make_player(db, city.school, "at-school")
    with pytest.raises(LearningClassUnknown):
        await tell(db, at_school, told)
    above = await make_player(db, city.city, "above")
    await tell(db, above, told, statement(city.far_teacher, activity))
    assert await kept(db) == 2


async def test_who_or_what_is_not_ours_is_refused(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    told = statement(city.teacher, activity)
    wrong: list[tuple[dict[str, Any], type[DomainError]]] = [
        ({"actor": {"mbox": "mailto:a@example.org"}}, LearnerUnknown),
        ({"actor": actor({"id": uuid4()})}, LearnerUnknown),
        ({"object": LESSON}, LearningClassUnknown),
        ({"object": {"id": f"{ISSUER}/activities/{uuid4()}"}}, LearningClassUnknown),
        ({"object": {"id": f"{ISSUER}/sessions/{activity['id']}"}}, LearningClassUnknown),
        ({"object": {"objectType": "StatementRef", "id": str(uuid4())}}, StatementReferenceUnknown),
        ({"object": {"objectType": "Agent"} | AGENT}, LearningClassUnknown),
    ]
    for change, refusal in wrong:
        with pytest.raises(refusal):
            await tell(db, player, told | change)
    another = await make_class(db, city)
    both = {"parent": [{"id": f"{ISSUER}/activities/{each['id']}"} for each in (activity, another)]}
    with pytest.raises(LearningClassUnknown):
        await tell(db, player, told | {"object": LESSON, "context": {"contextActivities": both}})
    for state in (ActivityState.DRAFT, ActivityState.CLOSED, ActivityState.CANCELLED):
        closed = await make_class(db, city, state=state)
        with pytest.raises(LearningClassNotOpen):
            await tell(db, player, statement(city.teacher, closed))
    assert await kept(db) == 0


async def test_a_session_names_its_class(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    session = activity["sessions"][0]
    told = statement(city.teacher, activity)
    told["object"] = {"id": f"{ISSUER}/sessions/{session['id']}"}
    (key,) = await tell(db, player, told)
    row = await get_learning_record(db, city.county_admin.actor, record_id=key)
    assert (row["activity_id"], row["session_id"]) == (activity["id"], session["id"])


def voiding(target: UUID | str, **more: Any) -> dict[str, Any]:
    reference = {"objectType": "StatementRef", "id": str(target)}
    return {"actor": AGENT, "verb": {"id": f"{ADL}voided"}, "object": reference} | more


async def test_one_makes_another_void(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    (key,) = await tell(db, player, statement(city.teacher, activity))
    void = voiding(key, id=str(uuid4()))
    (by,) = await tell(db, player, void)
    reader = city.county_admin.actor
    assert (await get_statement(db, reader, statement_id=key, voided=True))["voided"]
    assert (await get_statement(db, reader, statement_id=by, voided=False))["id"] == by
    for statement_id, voided in ((key, False), (by, True)):
        with pytest.raises(LearningRecordNotFound):
            await get_statement(db, reader, statement_id=statement_id, voided=voided)
    page = await list_statements(db, reader, asked=Asked(), page=LATEST)
    assert [row["id"] for row in page.items] == [by], "what is void is not listed"
    assert await tell(db, player, void) == [by], "told again it is the same"
    with pytest.raises(StatementVoided):
        await tell(db, player, voiding(key))
    with pytest.raises(VoidOfVoid):
        await tell(db, player, voiding(by))
    with pytest.raises(StatementReferenceUnknown):
        await tell(db, player, voiding(uuid4()))
    another = await make_player(db, city.county, "another")
    (theirs,) = await tell(db, another, statement(city.teacher, activity))
    with pytest.raises(StatementReferenceUnknown):
        await tell(db, player, voiding(theirs))
    first = statement(city.teacher, activity)
    with pytest.raises(StatementVoided):
        await tell(db, player, first, voiding(first["id"]), voiding(first["id"]))
    await tell(db, player, first, voiding(first["id"]))
    assert (await get_statement(db, reader, statement_id=UUID(first["id"]), voided=True))["voided"]


async def test_nothing_that_was_told_changes(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    await tell(db, player, statement(city.teacher, activity))
    for change in ("UPDATE learning_record SET document = ''", "DELETE FROM learning_record"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with driver.transaction():
                await driver.execute(change)


async def test_the_same_told_twice_at_once_is_kept_once(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        player, activity = await make_player(db, city.county), await make_class(db, city)
    told = statement(city.teacher, activity)

    async def once(**more: Any) -> list[UUID]:
        async with real_pool.transaction() as db:
            keys = await tell(db, player, told | more)
            await asyncio.sleep(0.2)
            return keys

    assert {*map(tuple, await asyncio.gather(once(), once()))} == {(UUID(told["id"]),)}
    told["id"] = str(uuid4())
    found = await asyncio.gather(once(), once(result={"success": True}), return_exceptions=True)
    assert sorted(type(each).__name__ for each in found) == ["StatementDiffers", "list"]


# Asking.


class Told(NamedTuple):
    """Statements of two teachers in a class, of which the last was told an hour later."""

    activity: Row
    registration: UUID
    keys: list[UUID]


async def some_told(db: Connection, city: City) -> Told:
    player, registration = await make_player(db, city.county), uuid4()
    activity = await make_class(db, city, city.teacher, city.colleague)
    done = statement(city.teacher, activity, "completed")
    item = statement(city.colleague, activity, "experienced", "page/1", duration="PT1M")
    item["context"] |= {"registration": str(registration).upper(), "instructor": AGENT}
    sub = statement(city.teacher, activity, "attended", "page/2")
    sub["object"] = {
        "objectType": "SubStatement", "actor": AGENT, "verb": {"id": f"{ADL}completed"}, "object": LESSON,
    }  # fmt: skip
    keys = await tell(db, player, done, item, sub)
    about = statement(city.colleague, activity, "voted", "page/3")
    about["object"] = {"objectType": "StatementRef", "id": str(keys[1])}
    keys += await tell(db, player, about, now=NOW + timedelta(hours=1))
    return Told(activity, registration, keys)


async def test_statements_are_asked_for_as_the_specification_says(
    db: Connection, city: City
) -> None:
    told = await some_told(db, city)
    of_class = f"{ISSUER}/activities/{told.activity['id']}"
    teacher, other = json.dumps(actor(city.teacher)), json.dumps(AGENT)
    expected: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [3, 2, 1, 0]),  # the last stored first
        ({"verb": f"{ADL}completed"}, [0]),
        ({"verb": f"{ADL}experienced"}, [3, 1]),  # and what refers to it
        ({"registration": told.registration}, [3, 1]),
        ({"agent": teacher}, [2, 0]),
        ({"agent": teacher, "verb": f"{ADL}experienced"}, []),
        ({"agent": other}, []),
        ({"agent": other, "related_agents": True}, [3, 2, 1]),
        ({"activity": of_class}, [0]),
        ({"activity": of_class, "related_activities": True}, [3, 2, 1, 0]),
        ({"activity": LESSON["id"]}, []),
        ({"activity": LESSON["id"], "related_activities": True}, [2]),
        ({"since": NOW}, [3, 2, 1]),  # stored after it; each a little after the one before
        ({"until": NOW}, [0]),
        ({"since": NOW + timedelta(hours=1)}, []),
    ]
    for asked, numbers in expected:
        page = await list_statements(db, city.county_admin.actor, asked=Asked(**asked), page=LATEST)
        assert [told.keys.index(row["id"]) for row in page.items] == numbers, asked


@pytest.mark.parametrize(
    "asked",
    [
        {"agent": "{}"}, {"agent": "["}, {"activity": "x"},
        {"agent": json.dumps({"objectType": "Group", "member": [AGENT]})},
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_for(db: Connection, city: City, asked: dict[str, Any]) -> None:
    with pytest.raises(StatementUnfit):
        await list_statements(db, city.county_admin.actor, asked=Asked(**asked), page=LATEST)


async def test_who_reads_reads_of_their_own_people(db: Connection, city: City) -> None:
    player = await make_player(db, city.city)
    activity = await make_class(db, city, city.teacher, city.far_teacher)
    near, far = await tell(
        db, player, statement(city.teacher, activity), statement(city.far_teacher, activity)
    )
    for person, expected in (
        (city.city_admin, {near, far}), (city.county_admin, {near}), (city.school_admin, {near}),
        (city.other_county_admin, {far}), (city.teacher_account, {near}), (city.auditor, None),
        (city.colleague_account, set()),
    ):  # fmt: skip
        if expected is not None:
            page = await list_statements(db, person.actor, asked=Asked(), page=LATEST)
            assert {row["id"] for row in page.items} == expected
    with pytest.raises(LearningRecordNotFound):
        await get_statement(db, city.county_admin.actor, statement_id=far, voided=False)


async def test_a_record_follows_the_teacher(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    (key,) = await tell(db, player, statement(city.teacher, activity))
    with pytest.raises(LearningRecordNotFound):
        await get_learning_record(db, city.sibling_admin.actor, record_id=key)
    move = "UPDATE teacher SET school_id = $1 WHERE id = $2"
    await driver.execute(move, city.sibling["id"], city.teacher["id"])
    assert (await get_learning_record(db, city.sibling_admin.actor, record_id=key))["id"] == key
