import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.topic_appraisals import (
    TopicAppraisalAnswered,
    TopicAppraisalDecline,
    TopicAppraisalNotFound,
    TopicExpertExists,
    TopicExpertIsMember,
    TopicExpertOfOwnSchool,
    TopicExpertRelease,
    TopicExperts,
    TopicScore,
    ask_topic_experts,
    decline_topic_appraisal,
    get_topic_appraisal,
    list_topic_appraisals,
    release_topic_expert,
    score_topic,
    topic_appraisals_of,
)
from app.domain.learning.topic_members import TopicTeam, set_topic_members
from app.domain.learning.topic_steps import (
    TopicStepDecided,
    TopicStepNotFound,
    get_topic_step,
    take_back_topic_step,
)
from app.domain.learning.topic_steps.deciding import TopicAppraisalsOpen
from app.domain.learning.topics import TopicNotFound, get_topic
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_city
from tests.make_topics import decide_step, file_step, make_topic

PAGE = PageRequest(limit=100)


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def ask(db: Connection, person: Person, step: Row, *experts: Row) -> list[Row]:
    new = TopicExperts(expert_ids=[each["id"] for each in experts])
    await ask_topic_experts(db, person.actor, step_id=step["id"], new=new, now=NOW)
    page = await list_topic_appraisals(db, person.actor, step_id=step["id"], page=PAGE)
    return page.items


async def score(db: Connection, person: Person, asked: Row, points: str = "88.5") -> Row:
    new = TopicScore(score=Decimal(points), opinion="选题有价值")
    return await score_topic(db, person.actor, appraisal_id=asked["id"], new=new, now=NOW)


async def decline(db: Connection, person: Person, asked: Row) -> Row:
    new = TopicAppraisalDecline(reason="与主持人有合作")
    return await decline_topic_appraisal(
        db, person.actor, appraisal_id=asked["id"], new=new, now=NOW
    )


async def release(db: Connection, person: Person, asked: Row) -> Row:
    new = TopicExpertRelease(reason="长期病假，未能评审")
    return await release_topic_expert(db, person.actor, appraisal_id=asked["id"], new=new, now=NOW)


async def applied(db: Connection, city: City, level: str = "county") -> tuple[Row, Row]:
    topic = await make_topic(
        db, city.school_admin, unit_id=city.school["id"], leader_id=city.teacher["id"],
        level=level,
    )  # fmt: skip
    return topic, await file_step(db, city.school_admin, topic)


async def test_experts_score_and_the_mean_is_shown_with_the_decision(
    db: Connection, city: City
) -> None:
    far = await make_account(db, "far.teacher", Role.TEACHER, city.far_teacher)
    topic, step = await applied(db, city, "city")
    asked = await ask(db, city.city_admin, step, city.sibling_teacher, city.far_teacher)
    assert {(row["name"], row["state"]) for row in asked} == {
        ("测试丙", "asked"),
        ("测试丁", "asked"),
    }
    by_expert = {row["expert_id"]: row for row in asked}
    of_sibling, of_far = (
        by_expert[each["id"]] for each in (city.sibling_teacher, city.far_teacher)
    )
    assert of_far["topic_summary"] == topic["summary"]
    await refused(db, TopicAppraisalsOpen, decide_step(db, city.city_admin, step))
    said = await score(db, city.sibling_teacher_account, of_sibling)
    assert (said["state"], said["score"]) == ("scored", Decimal("88.50"))
    await refused(db, TopicAppraisalAnswered, score(db, city.sibling_teacher_account, of_sibling))
    # Before it is decided, those who apply learn neither the scores nor their mean.
    assert (await get_topic_step(db, city.school_admin.actor, step_id=step["id"]))[
        "mean_score"
    ] is None
    await refused(
        db,
        TopicAppraisalNotFound,
        get_topic_appraisal(db, far.actor, appraisal_id=of_sibling["id"]),
    )
    await score(db, far, of_far, "80")
    decided = await decide_step(db, city.city_admin, step)
    assert decided["mean_score"] == Decimal("84.25")
    for person in (city.school_admin, city.county_admin):
        seen = await topic_appraisals_of(db, person.actor, step_ids=[step["id"]])
        assert seen == {step["id"]: []}
    assert (
        len((await topic_appraisals_of(db, city.auditor.actor, step_ids=[step["id"]]))[step["id"]])
        == 2
    )


async def test_to_take_back_what_was_scored_shows_no_mean(db: Connection, city: City) -> None:
    _, step = await applied(db, city)
    [asked] = await ask(db, city.county_admin, step, city.sibling_teacher)
    await score(db, city.sibling_teacher_account, asked)
    taken = await take_back_topic_step(db, city.school_admin.actor, step_id=step["id"], now=NOW)
    assert (taken["state"], taken["mean_score"]) == ("taken_back", None)


async def test_an_expert_is_of_another_school_and_takes_no_part(db: Connection, city: City) -> None:
    topic, step = await applied(db, city)
    for expert, refusal in (
        (city.colleague, TopicExpertOfOwnSchool), (city.teacher, TopicExpertIsMember),
        (city.far_teacher, TeacherNotFound),
    ):  # fmt: skip
        await refused(db, refusal, ask(db, city.county_admin, step, expert))
    (asked,) = await ask(db, city.county_admin, step, city.sibling_teacher)
    await refused(db, TopicExpertExists, ask(db, city.county_admin, step, city.sibling_teacher))
    # Who is taken into the topic after being asked does not score it any more.
    members = [
        {"teacher_id": city.teacher["id"], "duty": "leader", "share": 50},
        {"teacher_id": city.sibling_teacher["id"], "duty": "core", "share": 50},
    ]
    team = TopicTeam.model_validate({"members": members})
    await decide_step_back(db, city, step, asked)
    await set_topic_members(db, city.county_admin.actor, topic_id=topic["id"], team=team)
    step = await file_step(db, city.school_admin, topic)
    await refused(db, TopicExpertIsMember, ask(db, city.county_admin, step, city.sibling_teacher))


async def decide_step_back(db: Connection, city: City, step: Row, asked: Row) -> None:
    declined = await decline(db, city.sibling_teacher_account, asked)
    assert (declined["state"], declined["opinion"]) == ("declined", "与主持人有合作")
    await refused(
        db,
        TopicStepNotFound,
        get_topic_step(db, city.sibling_teacher_account.actor, step_id=step["id"]),
    )
    await decide_step(db, city.county_admin, step, "returned")


async def test_who_asks_and_who_answers(db: Connection, city: City) -> None:
    topic, step = await applied(db, city)
    for person, refusal in (
        (city.school_admin, NotAllowed), (city.teacher_account, NotAllowed),
        (city.sibling_admin, TopicStepNotFound), (city.auditor, NotAllowed),
    ):  # fmt: skip
        await refused(db, refusal, ask(db, person, step, city.sibling_teacher))
    (asked,) = await ask(db, city.county_admin, step, city.sibling_teacher)
    for person, refused_as in (
        (city.county_admin, NotAllowed), (city.school_admin, TopicAppraisalNotFound),
        (city.teacher_account, TopicAppraisalNotFound),
    ):  # fmt: skip
        await refused(db, refused_as, score(db, person, asked))
    # The expert reads what was handed in, and not the topic with its people.
    expert = city.sibling_teacher_account
    assert (await get_topic_step(db, expert.actor, step_id=step["id"]))["id"] == step["id"]
    await refused(db, TopicNotFound, get_topic(db, expert.actor, topic_id=topic["id"]))
    await score(db, expert, asked)
    await decide_step(db, city.county_admin, step)
    _, other = await applied(db, city)
    (late,) = await ask(db, city.county_admin, other, city.sibling_teacher)
    await decline(db, expert, late)
    await decide_step(db, city.county_admin, other)
    await refused(db, TopicStepDecided, score(db, expert, late))


async def test_an_expert_who_does_not_answer_is_waited_for_no_longer(
    db: Connection, city: City
) -> None:
    _, step = await applied(db, city, "city")
    far = await make_account(db, "far.teacher", Role.TEACHER, city.far_teacher)
    asked = await ask(db, city.city_admin, step, city.sibling_teacher, city.far_teacher)
    by_expert = {row["expert_id"]: row for row in asked}
    silent, busy = (by_expert[each["id"]] for each in (city.sibling_teacher, city.far_teacher))
    await score(db, far, busy, "80")
    expert = city.sibling_teacher_account
    for person, refusal in (
        (city.school_admin, TopicAppraisalNotFound), (city.county_admin, TopicAppraisalNotFound),
        (city.auditor, NotAllowed), (expert, NotAllowed),
    ):  # fmt: skip
        await refused(db, refusal, release(db, person, silent))
    # What was scored stays: nobody chooses among the scores.
    await refused(db, TopicAppraisalAnswered, release(db, city.city_admin, busy))
    assert (await get_topic_appraisal(db, expert.actor, appraisal_id=silent["id"]))[
        "state"
    ] == "asked"
    released = await release(db, city.city_admin, silent)
    assert (released["state"], released["opinion"], released["answered_at"]) == (
        "released", "长期病假，未能评审", NOW,
    )  # fmt: skip
    await refused(db, TopicAppraisalAnswered, release(db, city.city_admin, silent))
    await refused(db, TopicAppraisalAnswered, score(db, expert, silent))
    await refused(db, TopicStepNotFound, get_topic_step(db, expert.actor, step_id=step["id"]))
    decided = await decide_step(db, city.city_admin, step)
    assert decided["mean_score"] == Decimal("80.00")


async def test_an_expert_who_answers_meanwhile_has_answered(
    real_pool: Pool, resources: Resources
) -> None:
    """Of the two at once one is refused: what was scored stays, or the expert is asked no more."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        _, step = await applied(db, city)
        [asked] = await ask(db, city.county_admin, step, city.sibling_teacher)

    async def at_once(act: Any, person: Person) -> str:
        try:
            async with real_pool.transaction() as db:
                return str((await act(db, person, asked))["state"])
        except (TopicAppraisalAnswered, TopicAppraisalNotFound) as refusal:
            return refusal.code

    said = await asyncio.gather(
        at_once(score, city.sibling_teacher_account), at_once(release, city.county_admin)
    )
    assert set(said) in (
        {"scored", "topic_appraisal_answered"}, {"topic_appraisal_answered", "released"},
    )  # fmt: skip
    async with real_pool.transaction() as db:
        kept = await get_topic_appraisal(db, city.county_admin.actor, appraisal_id=asked["id"])
    assert kept["state"] in said


async def test_who_takes_part_releases_nobody(db: Connection, city: City) -> None:
    _, step = await applied(db, city)
    [asked] = await ask(db, city.county_admin, step, city.sibling_teacher)
    of_member = replace(city.county_admin.actor, on_behalf_of=city.teacher_account.actor.account_id)
    await refused(db, TopicAppraisalNotFound, release(db, Person(of_member, "delegate"), asked))


async def test_who_takes_part_reads_no_score_whatever_roles_they_have(
    db: Connection, city: City
) -> None:
    """Nor does a delegate of theirs: the account is that of a member."""
    _, step = await applied(db, city)
    [asked] = await ask(db, city.county_admin, step, city.sibling_teacher)
    await score(db, city.sibling_teacher_account, asked)
    led = replace(city.teacher_account.actor, grants=city.county_admin.actor.grants)
    of_member = replace(city.county_admin.actor, on_behalf_of=city.teacher_account.actor.account_id)
    for actor in (led, of_member):
        with pytest.raises(TopicAppraisalNotFound):
            await get_topic_appraisal(db, actor, appraisal_id=asked["id"])
        page = await list_topic_appraisals(db, actor, page=PAGE)
        assert page.items == []
        assert await topic_appraisals_of(db, actor, step_ids=[step["id"]]) == {step["id"]: []}
    row = await get_topic_appraisal(db, city.county_admin.actor, appraisal_id=asked["id"])
    assert row["score"] == Decimal("88.50")
