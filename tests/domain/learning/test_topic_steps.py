import asyncio
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.topic_steps import (
    NewTopicStep,
    TopicDueNotLater,
    TopicGradeMissing,
    TopicNotSponsored,
    TopicNumberTaken,
    TopicOfOneself,
    TopicStepDecided,
    TopicStepNotFound,
    TopicStepOpen,
    create_topic_step_link,
    get_topic_step,
    list_topic_steps,
    take_back_topic_step,
    topic_steps_by_id,
    topic_steps_of,
)
from app.domain.learning.topic_steps.step import TopicStepAhead
from app.domain.learning.topics import TopicStateWrong, get_topic
from app.domain.paging import PageRequest
from app.domain.training.files import (
    FileKeptInside,
    FileLinks,
    FileNotFound,
    FileSharing,
    NewFileLink,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_city
from tests.make_evidence import make_file
from tests.make_topics import decide_step, file_step, make_studied, make_topic

PAGE = PageRequest(limit=100)


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def state_of(db: Connection, city: City, topic: Row) -> str:
    state: str = (await get_topic(db, city.city_admin.actor, topic_id=topic["id"]))["state"]
    return state


async def test_a_topic_goes_from_its_application_to_its_conclusion(
    db: Connection, city: City
) -> None:
    topic = await make_topic(db, city.teacher_account)
    await refused(db, TopicStateWrong, file_step(db, city.teacher_account, topic, "opening"))
    for kind, state, given in (
        ("application", "approved", {"number": "XJ2026-01"}),
        ("opening", "opened", {}),
        ("midterm", "midterm", {}),
        ("conclusion", "concluded", {"grade": "excellent", "certificate_number": "JT-7"}),
    ):
        step = await file_step(db, city.teacher_account, topic, kind, held_on="2026-11-10")
        again = file_step(db, city.teacher_account, topic, kind)
        await refused(db, TopicStepOpen, again)
        decided = await decide_step(db, city.school_admin, step, **given)
        assert (decided["state"], decided["opinion"]) == ("passed", "意见如下")
        await refused(db, TopicStepDecided, decide_step(db, city.school_admin, step, **given))
        assert await state_of(db, city, topic) == state
    over = await get_topic(db, city.teacher_account.actor, topic_id=topic["id"])
    assert (over["number"], over["approved_on"]) == ("XJ2026-01", TODAY)
    assert (over["grade"], over["concluded_on"], over["certificate_number"]) == (
        "excellent", date(2026, 11, 10), "JT-7",
    )  # fmt: skip
    await refused(db, TopicStateWrong, file_step(db, city.teacher_account, topic, "withdrawal"))
    listed = await list_topic_steps(db, city.teacher_account.actor, topic_id=topic["id"], page=PAGE)
    assert [row["kind"] for row in listed.items] == [
        "application", "opening", "midterm", "conclusion",
    ]  # fmt: skip
    before = db.statements
    found = await topic_steps_of(
        db, city.county_admin.actor, topic_ids=[topic["id"]], page=PageRequest(limit=2)
    )
    assert (len(found[topic["id"]].items), found[topic["id"]].more) == (2, True)
    assert db.statements - before == 1


async def test_an_application_is_returned_refused_or_taken_back(db: Connection, city: City) -> None:
    topic = await make_topic(db, city.teacher_account)
    step = await file_step(db, city.teacher_account, topic)
    await decide_step(db, city.school_admin, step, "returned")
    assert await state_of(db, city, topic) == "returned"
    step = await file_step(db, city.teacher_account, topic)
    actor = city.teacher_account.actor
    taken = await take_back_topic_step(db, actor, step_id=step["id"], now=NOW)
    assert (taken["state"], await state_of(db, city, topic)) == ("taken_back", "draft")
    await refused(
        db, TopicStepDecided, take_back_topic_step(db, actor, step_id=step["id"], now=NOW)
    )
    step = await file_step(db, city.teacher_account, topic)
    await decide_step(db, city.school_admin, step, "refused")
    assert await state_of(db, city, topic) == "rejected"
    await refused(db, TopicStateWrong, file_step(db, city.teacher_account, topic))


async def test_a_topic_is_extended_or_given_up(db: Connection, city: City) -> None:
    topic = await make_studied(db, city.teacher_account, city.school_admin)
    early = file_step(db, city.teacher_account, topic, "extension", due_on="2028-07-31")
    await refused(db, TopicDueNotLater, early)
    step = await file_step(db, city.teacher_account, topic, "extension", due_on="2029-07-31")
    await decide_step(db, city.school_admin, step, "refused")
    now = await get_topic(db, city.school_admin.actor, topic_id=topic["id"])
    assert (now["due_on"], now["state"]) == (date(2028, 7, 31), "approved")
    step = await file_step(db, city.teacher_account, topic, "extension", due_on="2029-07-31")
    await decide_step(db, city.school_admin, step)
    now = await get_topic(db, city.school_admin.actor, topic_id=topic["id"])
    assert (now["due_on"], now["state"]) == (date(2029, 7, 31), "approved")
    step = await file_step(db, city.teacher_account, topic, "withdrawal")
    await decide_step(db, city.school_admin, step)
    assert await state_of(db, city, topic) == "withdrawn"


async def test_each_level_decides_on_its_own(db: Connection, city: City) -> None:
    for level, decides, too_low in (
        ("county", city.county_admin, city.school_admin),
        ("city", city.city_admin, city.county_admin),
        ("province", city.city_admin, city.county_admin),
    ):
        own = await make_topic(db, city.teacher_account, level=level)
        await refused(db, TopicNotSponsored, file_step(db, city.teacher_account, own))
        step = await file_step(db, city.school_admin, own)
        for person, refusal in (
            (too_low, NotAllowed), (city.teacher_account, NotAllowed),
            (city.sibling_admin, TopicStepNotFound), (city.auditor, NotAllowed),
        ):  # fmt: skip
            await refused(db, refusal, decide_step(db, person, step))
        assert (await decide_step(db, decides, step))["state"] == "passed"


async def test_nobody_decides_on_their_own_topic(db: Connection, city: City) -> None:
    of_school = {"unit_id": city.school["id"], "leader_id": city.teacher["id"]}
    topic = await make_topic(db, city.school_admin, **of_school)
    step = await file_step(db, city.school_admin, topic)
    await refused(db, TopicOfOneself, decide_step(db, city.school_admin, step))
    assert (await decide_step(db, city.county_admin, step))["state"] == "passed"
    assert city.school_admin.actor.teacher_id is None
    led = Person(
        actor=type(city.school_admin.actor)(
            account_id=city.school_admin.actor.account_id,
            grants=city.school_admin.actor.grants,
            teacher_id=city.teacher["id"],
        ),
        name="both",
    )
    own = await make_topic(db, city.teacher_account)
    step = await file_step(db, city.teacher_account, own)
    await refused(db, TopicOfOneself, decide_step(db, led, step))
    assert await state_of(db, city, own) == "submitted"


async def test_a_conclusion_has_a_grade_and_a_number_is_given_once(
    db: Connection, city: City
) -> None:
    first = await make_topic(db, city.teacher_account)
    step = await file_step(db, city.teacher_account, first)
    await decide_step(db, city.school_admin, step, number="1")
    second = await make_topic(db, city.teacher_account)
    step = await file_step(db, city.teacher_account, second)
    await refused(db, TopicNumberTaken, decide_step(db, city.school_admin, step, number="1"))
    over = await make_studied(db, city.teacher_account, city.school_admin, "midterm")
    step = await file_step(db, city.teacher_account, over, "conclusion")
    await refused(db, TopicGradeMissing, decide_step(db, city.school_admin, step))
    assert await state_of(db, city, over) == "midterm"


async def test_a_report_is_opened_by_whom_its_file_lets(db: Connection, city: City) -> None:
    links, new = FileLinks(b"k" * 32), NewFileLink()
    kept = await make_file(db, city.school, city.school_admin)
    shared = await make_file(db, city.school, city.school_admin, sharing=FileSharing.CITY)
    for file, person, refusal in (
        (kept, city.school_admin, None), (kept, city.county_admin, FileKeptInside),
        (shared, city.county_admin, None),
    ):  # fmt: skip
        topic = await make_topic(
            db, city.school_admin, unit_id=city.school["id"], leader_id=city.teacher["id"]
        )
        step = await file_step(db, city.school_admin, topic, file_id=str(file["id"]))
        asked = create_topic_step_link(
            db, person.actor, step_id=step["id"], new=new, links=links, now=NOW
        )
        if refusal is None:
            assert str(file["id"]) in (await asked)["url"]
        else:
            await refused(db, refusal, asked)
    bare = await make_topic(db, city.teacher_account)
    step = await file_step(db, city.teacher_account, bare)
    asked = create_topic_step_link(
        db, city.school_admin.actor, step_id=step["id"], new=new, links=links, now=NOW
    )
    await refused(db, FileNotFound, asked)
    read = await get_topic_step(db, city.teacher_account.actor, step_id=step["id"])
    found = await topic_steps_by_id(db, city.sibling_admin.actor, step_ids=[step["id"]])
    assert (read["id"], found) == (step["id"], {step["id"]: None})


async def test_of_two_who_decide_at_once_one_is_told(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        topic = await make_topic(db, city.teacher_account)
        step = await file_step(db, city.teacher_account, topic)

    async def decide(person: Person, verdict: str) -> Any:
        async with real_pool.transaction() as db:
            return await decide_step(db, person, step, verdict)

    found = await asyncio.gather(
        decide(city.school_admin, "passed"), decide(city.county_admin, "refused"),
        return_exceptions=True,
    )  # fmt: skip
    assert sorted(type(each).__name__ for each in found) == ["TopicStepDecided", "dict"]


@pytest.mark.parametrize("given", [{"kind": "extension"}, {"due_on": "2029-01-01"}])
def test_an_extension_names_its_day_and_nothing_else_does(given: Row) -> None:
    with pytest.raises(ValidationError):
        NewTopicStep.model_validate({"kind": "opening", "summary": "报告"} | given)


async def test_what_is_still_to_come_is_not_reported(db: Connection, city: City) -> None:
    topic = await make_studied(
        db, city.school_admin, city.county_admin, "midterm", level="county",
        unit_id=city.school["id"], leader_id=city.teacher["id"],
    )  # fmt: skip
    await refused(
        db, TopicStepAhead,
        file_step(db, city.school_admin, topic, "conclusion", held_on="2099-01-01"),
    )  # fmt: skip
    await file_step(db, city.school_admin, topic, "conclusion", held_on="2026-11-20")
