"""Mentorships: proposed, signed by all, judged, ended; what speaks against one is refused."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.exchange.tasks import TaskKind, list_tasks
from app.domain.learning.mentoring_policies import MentoringPolicyNotFound
from app.domain.learning.mentorships import (
    EarlyEnd,
    EarlyEndUnfit,
    MentorExpertUnfit,
    MentorFull,
    MentorIsApprentice,
    MentorshipJudged,
    MentorshipNotActive,
    MentorshipNotFound,
    MentorshipNotOpen,
    MentorshipOfOneself,
    MentorshipOutsideUnit,
    MentorshipOverlaps,
    MentorshipRefusal,
    MentorshipRunning,
    MentorshipSigned,
    MentorSignsInPerson,
    NewMentorship,
    NewMentorshipJudgement,
    decline_mentorship,
    end_mentorship,
    get_mentorship,
    judge_mentorship,
    list_mentors,
    list_mentorship_judgements,
    list_mentorships,
    propose_mentorship,
    sign_for_expert,
    sign_mentorship,
)
from app.domain.paging import PageRequest
from app.domain.people.facts.engagement import ServiceState
from app.domain.people.facts.fact import FactName
from app.domain.people.facts.kinds import KINDS
from app.domain.people.teachers import TeacherNotFound
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_account, make_city, make_fact
from tests.make_mentorships import (
    TERM,
    make_expert_mentor,
    make_mentoring_policy,
    make_mentorship,
    make_proposed,
)
from tests.make_trainers import make_invited, make_trainer

ALL = PageRequest(limit=100)
MID, FINAL = (
    NewMentorshipJudgement.model_validate({"stage": stage, "grade": "good", "comment": "进步明显"})
    for stage in ("mid_term", "final")
)
MOVED = EarlyEnd.model_validate({"kind": "moved", "reason": "导师调离本县"})
WITHDRAWN = EarlyEnd.model_validate({"kind": "proposal_withdrawn", "reason": "另行安排"})


def new(unit: Row, apprentice: Row, *mentors: Row, **more: Any) -> NewMentorship:
    given = {
        "unit_id": unit["id"], "teacher_id": apprentice["id"],
        "mentor_ids": [mentor["id"] for mentor in mentors], "aim": "一年站稳讲台",
        "plan": "每周互听一节课，每月一次备课指导", **TERM,
    }  # fmt: skip
    return NewMentorship.model_validate(given | more)


async def propose(
    db: Connection, who: Person, unit: Row, apprentice: Row, *mentors: Row, **more: Any
) -> Row:
    return await propose_mentorship(
        db, who.actor, new=new(unit, apprentice, *mentors, **more), now=NOW
    )


async def sign(db: Connection, person: Person, mentorship: Row) -> Row:
    return await sign_mentorship(db, person.actor, mentorship_id=mentorship["id"], now=NOW)


async def test_it_holds_once_both_have_signed(db: Connection, city: City) -> None:
    proposed = await propose(db, city.school_admin, city.school, city.colleague, city.teacher)
    assert (proposed["state"], proposed["level"], proposed["mentors"]) == ("proposed", "school", 1)
    for person in (city.teacher_account, city.colleague_account):
        assert (await list_mentorships(db, person.actor, page=ALL)).items == [proposed]
    half = await sign(db, city.teacher_account, proposed)
    assert (half["state"], half["signed_at"]) == ("proposed", None)
    with pytest.raises(MentorshipSigned):
        await sign(db, city.teacher_account, proposed)
    with pytest.raises(MentorshipNotActive):
        await judge_mentorship(
            db, city.school_admin.actor, mentorship_id=proposed["id"], new=MID, now=NOW
        )
    whole = await sign(db, city.colleague_account, proposed)
    assert (whole["state"], whole["signed_at"], whole["agreed_at"]) == ("active", NOW, NOW)
    with pytest.raises(MentorshipNotOpen):
        await sign(db, city.colleague_account, proposed)


async def test_a_team_of_two_schools_with_an_outside_expert(db: Connection, city: City) -> None:
    expert = await make_trainer(db, city.county, city.county_admin)
    proposed = await propose(
        db, city.county_admin, city.county, city.teacher, city.sibling_teacher, city.colleague,
        expert_ids=[expert["id"]], target_subject="chemistry",
    )  # fmt: skip
    assert (proposed["level"], proposed["mentors"]) == ("county", 3)
    assert proposed["target_subject"] == "chemistry"
    mentors = await list_mentors(
        db, city.sibling_teacher_account.actor, mentorship_id=proposed["id"]
    )
    assert [(row["role"], row["name"], row["works_at"]) for row in mentors] == [
        ("lead", "测试丙", "甲县第二小学"),
        ("member", "测试乙", "甲县第一小学"),
        ("expert", "李教授", "测试师范大学"),
    ]
    with pytest.raises(MentorSignsInPerson):
        await sign_for_expert(db, city.county_admin.actor, mentor_id=mentors[0]["id"], now=NOW)
    for person in (city.teacher_account, city.colleague_account, city.sibling_teacher_account):
        row = await sign(db, person, proposed)
        assert row["state"] == "proposed"
    with pytest.raises(NotAllowed):
        await sign_for_expert(db, city.teacher_account.actor, mentor_id=mentors[2]["id"], now=NOW)
    row = await sign_for_expert(db, city.county_admin.actor, mentor_id=mentors[2]["id"], now=NOW)
    assert row["state"] == "active"


async def test_whoever_is_asked_may_decline(db: Connection, city: City) -> None:
    proposed = await make_proposed(db, city.school, city.school_admin, city.colleague, city.teacher)
    refusal = MentorshipRefusal(reason="本学期任务过重")
    declined = await decline_mentorship(
        db, city.teacher_account.actor, mentorship_id=proposed["id"], refusal=refusal, now=NOW
    )
    assert (declined["state"], declined["ended_on"]) == ("declined", TODAY)
    with pytest.raises(MentorshipNotOpen):
        await sign(db, city.colleague_account, proposed)
    await propose(db, city.school_admin, city.school, city.colleague, city.teacher)


@pytest.mark.parametrize(
    ("who", "unit", "apprentice", "mentor", "refusal"),
    [
        ("school_admin", "school", "teacher", "teacher", MentorIsApprentice),
        ("city_admin", "sibling", "teacher", "colleague", MentorshipOutsideUnit),
        ("teacher_account", "school", "teacher", "colleague", NotAllowed),
        ("school_admin", "school", "teacher", "sibling_teacher", TeacherNotFound),
    ],
)
async def test_what_is_refused_changes_nothing(
    db: Connection, city: City, who: str, unit: str, apprentice: str, mentor: str,
    refusal: type[DomainError],
) -> None:  # fmt: skip
    with pytest.raises(refusal):
        await propose(
            db, getattr(city, who), getattr(city, unit), getattr(city, apprentice),
            getattr(city, mentor),
        )  # fmt: skip
    assert (await list_mentorships(db, city.city_admin.actor, page=ALL)).items == []


async def test_the_same_two_are_in_one_at_a_time(db: Connection, city: City) -> None:
    await make_mentorship(db, city.school, city.school_admin, city.colleague, city.teacher)
    with pytest.raises(MentorshipOverlaps):
        await propose(db, city.school_admin, city.school, city.colleague, city.teacher)
    after = {"valid_from": TERM["valid_to"], "valid_to": date(2028, 9, 1)}
    await propose(db, city.school_admin, city.school, city.colleague, city.teacher, **after)
    expert = await make_trainer(db, city.school, city.school_admin)
    held = await make_mentorship(
        db, city.county, city.county_admin, city.sibling_teacher, city.teacher
    )
    await make_expert_mentor(db, held, expert)
    with pytest.raises(MentorshipOverlaps):
        await propose(
            db, city.city_admin, city.county, city.sibling_teacher, city.colleague,
            expert_ids=[expert["id"]],
        )  # fmt: skip


async def test_a_mentor_has_as_many_as_the_city_allows(db: Connection, city: City) -> None:
    await make_mentoring_policy(db, city.city, city.city_admin)
    for apprentice in (city.colleague, city.sibling_teacher):
        await propose(db, city.city_admin, city.county, apprentice, city.teacher)
    before = (await list_mentorships(db, city.city_admin.actor, page=ALL)).items
    with pytest.raises(MentorFull) as refused:
        await propose(db, city.city_admin, city.city, city.far_teacher, city.teacher)
    assert refused.value.details == {"name": "测试甲", "most": 2}
    assert (await list_mentorships(db, city.city_admin.actor, page=ALL)).items == before
    later = {"valid_from": date(2030, 1, 1), "valid_to": date(2031, 1, 1)}
    await propose(db, city.city_admin, city.city, city.far_teacher, city.teacher, **later)


async def test_experts_are_from_outside_and_have_accepted(db: Connection, city: City) -> None:
    for trainer in (
        await make_invited(db, city.county, city.county_admin),
        await make_trainer(db, city.county, city.county_admin, city.colleague),
    ):
        with pytest.raises(MentorExpertUnfit):
            await propose(
                db, city.county_admin, city.county, city.teacher, city.sibling_teacher,
                expert_ids=[trainer["id"]],
            )  # fmt: skip


async def test_a_probation_year_keeps_the_parts_that_the_city_had_set(
    db: Connection, city: City
) -> None:
    pair = (city.colleague, city.teacher)
    with pytest.raises(MentoringPolicyNotFound):
        await propose(db, city.school_admin, city.school, *pair, is_probation=True)
    await make_mentoring_policy(db, city.city, city.city_admin)
    row = await propose(db, city.school_admin, city.school, *pair, is_probation=True)
    await make_mentoring_policy(db, city.city, city.city_admin, probation=[])
    parts = [{"name": "校内带教", "amount": "1", "measure": "学年"}]
    again = await get_mentorship(db, city.teacher_account.actor, mentorship_id=row["id"])
    assert again["parts"] == parts


async def test_it_is_judged_twice_and_concluded_on_its_last_day(db: Connection, city: City) -> None:
    term = {"valid_from": date(2025, 9, 1), "valid_to": TODAY + timedelta(days=2)}
    made = await make_mentorship(
        db, city.school, city.school_admin, city.colleague, city.teacher, **term
    )
    judged = {"mentorship_id": made["id"]}
    await judge_mentorship(db, city.school_admin.actor, **judged, new=MID, now=NOW)
    with pytest.raises(MentorshipJudged):
        async with db.transaction():
            await judge_mentorship(db, city.school_admin.actor, **judged, new=MID, now=NOW)
    with pytest.raises(MentorshipRunning):
        await judge_mentorship(db, city.school_admin.actor, **judged, new=FINAL, now=NOW)
    last_day = NOW + timedelta(days=1)
    await judge_mentorship(db, city.school_admin.actor, **judged, new=FINAL, now=last_day)
    over = await get_mentorship(db, city.teacher_account.actor, **judged)
    assert (over["state"], over["concluded_on"]) == ("concluded", TODAY + timedelta(days=1))
    rows = await list_mentorship_judgements(db, city.colleague_account.actor, **judged)
    assert [row["stage"] for row in rows] == ["mid_term", "final"]
    with pytest.raises(MentorshipNotActive):
        await end_mentorship(db, city.school_admin.actor, **judged, end=MOVED, now=NOW)


async def test_it_ends_early_with_a_reason(db: Connection, city: City) -> None:
    held = await make_mentorship(db, city.school, city.school_admin, city.colleague, city.teacher)
    open_one = await make_proposed(db, city.school, city.school_admin, city.teacher, city.colleague)
    for made, wrong, right in ((held, WITHDRAWN, MOVED), (open_one, MOVED, WITHDRAWN)):
        with pytest.raises(EarlyEndUnfit):
            await end_mentorship(
                db, city.school_admin.actor, mentorship_id=made["id"], end=wrong, now=NOW
            )
        over = await end_mentorship(
            db, city.school_admin.actor, mentorship_id=made["id"], end=right, now=NOW
        )
        assert (over["state"], over["end_kind"], over["ended_on"]) == ("ended", right.kind, TODAY)


async def test_nobody_decides_on_their_own(db: Connection, city: City) -> None:
    made = await make_mentorship(db, city.school, city.school_admin, city.colleague, city.teacher)
    both = await make_account(db, "both", city.school_admin.actor.grants[0].role, city.school)
    for teacher in (city.teacher, city.colleague):
        actor = type(both.actor)(both.actor.account_id, both.actor.grants, teacher["id"])
        with pytest.raises(MentorshipOfOneself):
            await judge_mentorship(db, actor, mentorship_id=made["id"], new=MID, now=NOW)
        with pytest.raises(MentorshipOfOneself):
            await end_mentorship(db, actor, mentorship_id=made["id"], end=MOVED, now=NOW)
    row = await get_mentorship(db, city.school_admin.actor, mentorship_id=made["id"])
    assert row["state"] == "active"


async def test_a_mentorship_elsewhere_is_none(db: Connection, city: City) -> None:
    made = await make_mentorship(db, city.school, city.school_admin, city.colleague, city.teacher)
    for stranger in (city.sibling_admin, city.sibling_teacher_account, city.other_county_admin):
        with pytest.raises(MentorshipNotFound):
            await get_mentorship(db, stranger.actor, mentorship_id=made["id"])
    before = db.statements
    page = await list_mentorships(
        db, city.county_admin.actor, page=ALL, mentor_id=city.teacher["id"]
    )
    assert (len(page.items), db.statements - before) == (1, 1)


@pytest.mark.parametrize(
    "more",
    [
        {"valid_to": date(2026, 9, 1)},
        {"mentor_ids": []},
        {"mentor_ids": ["01890000-0000-7000-8000-000000000000"] * 2},
    ],
)
def test_it_is_of_different_people_for_a_term(more: dict[str, Any]) -> None:
    nobody = {"id": "01890000-0000-7000-8000-000000000001"}
    with pytest.raises(ValidationError):
        new(nobody, nobody, nobody, **more)


async def test_of_two_proposals_at_once_the_mentor_takes_one(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        ranks = [{"rank": "first_grade", "least": 1, "most": 1}]
        await make_mentoring_policy(db, city.city, city.city_admin, ranks=ranks)

    async def once(apprentice: Row) -> Row:
        async with real_pool.transaction() as db:
            return await propose(db, city.city_admin, city.city, apprentice, city.teacher)

    done = await asyncio.gather(
        once(city.colleague), once(city.far_teacher), return_exceptions=True
    )
    assert sorted(isinstance(each, MentorFull) for each in done) == [False, True]


async def test_of_two_signatures_at_once_the_last_makes_it_hold(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        made = await make_proposed(db, city.school, city.school_admin, city.colleague, city.teacher)

    async def once(person: Person) -> Row:
        async with real_pool.transaction() as db:
            return await sign(db, person, made)

    done = await asyncio.gather(once(city.teacher_account), once(city.colleague_account))
    assert sorted(row["state"] for row in done) == ["active", "proposed"]


async def test_who_has_left_mentors_nobody(db: Connection, city: City) -> None:
    """A team goes on while one of it is there, and while an outside expert is; then it waits to be ended."""
    kind = TaskKind.MENTORSHIP_TO_CONCLUDE

    async def waiting() -> list[Any]:
        page = await list_tasks(
            db, city.school_admin.actor, page=PageRequest(limit=9), now=NOW, kind=kind
        )
        return [row["subject_id"] for row in page.items]

    async def leave(teacher: Row) -> None:
        await make_fact(
            db,
            teacher,
            KINDS[FactName.SERVICE_STATE],
            date(2026, 11, 1),
            state=ServiceState.RETIRED,
        )

    by = city.school_admin
    pair = await make_mentorship(db, city.school, by, city.teacher, city.colleague)
    team = await make_mentorship(
        db, city.school, by, city.teacher, city.far_teacher, city.sibling_teacher
    )
    helped = await make_mentorship(db, city.school, by, city.colleague, city.far_teacher)
    expert = await make_trainer(db, city.county, city.county_admin)
    await make_expert_mentor(db, helped, expert)
    assert await waiting() == []
    await leave(city.far_teacher)
    assert await waiting() == []
    await leave(city.sibling_teacher)
    assert await waiting() == [team["id"]]
    await leave(city.colleague)
    assert set(await waiting()) == {pair["id"], team["id"], helped["id"]}
