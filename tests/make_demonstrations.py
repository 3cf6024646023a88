"""Calls, applications, titles, model cases and adoptions for tests: made by the domain itself."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.domain.access.roles import Role
from app.domain.base import civil_date
from app.domain.errors import DomainError
from app.domain.quality.demonstration_calls import NewDemonstrationCall, publish_demonstration_call
from app.domain.quality.demonstration_experts import (
    DemonstrationAppraisal,
    DemonstrationExperts,
    appoint_demonstration_experts,
    appraise_demonstration,
)
from app.domain.quality.demonstration_objections import (
    NewDemonstrationObjection,
    object_to_demonstration,
)
from app.domain.quality.demonstration_visits import (
    DemonstrationVisitChoice,
    add_demonstration_visit,
)
from app.domain.quality.demonstrations import (
    DemonstrationAppeal,
    DemonstrationDecision,
    DemonstrationRecommendation,
    DemonstrationWithdrawal,
    NewDemonstration,
    appeal_demonstration,
    award_demonstration,
    create_demonstration,
    decide_demonstration,
    get_demonstration,
    hand_in_demonstration,
    recommend_demonstration,
    withdraw_demonstration,
)
from app.domain.quality.model_adoptions import NewModelAdoption, adopt_model_case
from app.domain.quality.model_cases import (
    ModelCasePublication,
    ModelCaseReturn,
    NewModelCase,
    create_model_case,
    publish_model_case,
    return_model_case,
    submit_model_case,
)
from app.domain.training.activities import ActivityState
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_activity
from tests.make_organisation import make_visit

ARTICLE = "岳市教发〔2013〕18号 第二十七条"
CONDITION: dict[str, Any] = {
    "code": "activities", "name": "每年开展研修活动", "kind": "measure",
    "measure": "activities_held", "at_least": "1", "source": ARTICLE, "assumed": True,
}  # fmt: skip
CALL: dict[str, Any] = {
    "title": "关于创建校本研修培训示范校的通知", "source": ARTICLE, "kind": "demonstration",
    "designation": "市级校本研修培训示范校", "document": "测教发〔2026〕7号",
    "conditions": [CONDITION],
    "criteria": [
        {"code": "work", "name": "工作基础", "points": "60"},
        {"code": "effect", "name": "辐射作用", "points": "40"},
    ],
    "places": 2, "term_years": 3, "experts_needed": 2, "reward": "奖励研修经费五万元",
}  # fmt: skip
SAID = "我校坚持每周一次校本研修，制度健全，成效明显。"
AGREED = DemonstrationDecision(accepted=True, opinion="拟命名")


async def make_call(
    db: Connection, bureau: Row, by: Person, *, now: datetime = NOW, **more: Any
) -> Row:
    """A call of a bureau that is open for ten days from the moment on."""
    days = {"opens_on": civil_date(now), "closes_on": civil_date(now) + timedelta(days=10)}
    new = NewDemonstrationCall.model_validate(CALL | days | {"unit_id": bureau["id"]} | more)
    return await publish_demonstration_call(db, by.actor, new=new, now=now)


async def make_application(
    db: Connection, call: Row, school: Row, by: Person, *, now: datetime = NOW, **more: Any
) -> Row:
    """An application that its school writes; it has held one activity in the year before."""
    begins = now - timedelta(days=30)
    await make_activity(db, school, by, state=ActivityState.HELD, begins=begins)
    new = NewDemonstration.model_validate({"unit_id": school["id"], "statement": SAID} | more)
    return await create_demonstration(db, by.actor, call_id=call["id"], new=new, now=now)


async def hand_in(db: Connection, row: Row, by: Person, *, now: datetime = NOW) -> Row:
    """The same, handed in."""
    return await hand_in_demonstration(db, by.actor, demonstration_id=row["id"], now=now)


async def recommend(db: Connection, row: Row, by: Person, *, now: datetime = NOW) -> Row:
    """The same, recommended by its county."""
    said = DemonstrationRecommendation(recommended=True, opinion="同意推荐")
    return await recommend_demonstration(
        db, by.actor, demonstration_id=row["id"], said=said, now=now
    )


def caller(city: City, *, of_county: bool) -> tuple[Row, Person]:
    """The bureau that calls, and its administrator: the city's, over which nobody is, or the county's."""
    return (city.county, city.county_admin) if of_county else (city.city, city.city_admin)


async def make_under_review(
    db: Connection, city: City, *, now: datetime = NOW, of_county: bool = False, **more: Any
) -> Row:
    """An application of the school to the city, recommended by its county, or to the county itself."""
    bureau, by = caller(city, of_county=of_county)
    call = await make_call(db, bureau, by, now=now, **more)
    row = await make_application(db, call, city.school, city.school_admin, now=now)
    handed_in = await hand_in(db, row, city.school_admin, now=now)
    return handed_in if of_county else await recommend(db, row, city.county_admin, now=now)


async def make_experts(
    db: Connection, city: City, number: int = 2, *, of_county: bool = False
) -> list[Person]:
    """Experts of the bureau that calls, who belong to no school."""
    bureau, _ = caller(city, of_county=of_county)
    return [await make_account(db, f"专家{each}", Role.EXPERT, bureau) for each in range(number)]


async def appoint(
    db: Connection, row: Row, by: Person, *people: Person, now: datetime = NOW
) -> list[Row]:
    """Appoint people to judge an application."""
    new = DemonstrationExperts(account_ids=[each.actor.account_id for each in people])
    return await appoint_demonstration_experts(
        db, by.actor, demonstration_id=row["id"], new=new, now=now
    )


async def appraise(
    db: Connection, row: Row, expert: Person, work: str, effect: str, *, now: datetime = NOW
) -> Row:
    """What an expert says of an application."""
    points = [{"criterion": "work", "points": work}, {"criterion": "effect", "points": effect}]
    said = DemonstrationAppraisal.model_validate({"points": points, "opinion": "基础扎实"})
    return await appraise_demonstration(
        db, expert.actor, demonstration_id=row["id"], said=said, now=now
    )


async def make_reviewed(
    db: Connection, city: City, row: Row, *, now: datetime = NOW, of_county: bool = False
) -> None:
    """The same, judged by two experts (90 and 81 points) and visited."""
    bureau, by = caller(city, of_county=of_county)
    experts = await make_experts(db, city, of_county=of_county)
    await appoint(db, row, by, *experts, now=now)
    for expert, work, effect in zip(experts, ("54", "50"), ("36", "31"), strict=True):
        await appraise(db, row, expert, work, effect, now=now)
    school = {name: row[name] for name in ("city_id", "county_id", "school_id")}
    visit = await make_visit(db, school, by, bureau, kind="evaluate", visited_on=civil_date(now))
    choice = DemonstrationVisitChoice(visit_id=visit["id"])
    await add_demonstration_visit(db, by.actor, demonstration_id=row["id"], choice=choice, now=now)


async def make_public(
    db: Connection, city: City, *, now: datetime = NOW, of_county: bool = False, **more: Any
) -> Row:
    """An application of the school that is published for objections from that day."""
    row = await make_under_review(db, city, now=now, of_county=of_county, **more)
    await make_reviewed(db, city, row, now=now, of_county=of_county)
    _, by = caller(city, of_county=of_county)
    return await decide_demonstration(
        db, by.actor, demonstration_id=row["id"], decision=AGREED, now=now
    )


async def make_objected(db: Connection, city: City, by: Person, *, of_county: bool = False) -> Row:
    """An objection of somebody to it."""
    row = await make_public(db, city, of_county=of_county)
    new = NewDemonstrationObjection(reason="活动记载不实")
    return await object_to_demonstration(db, by.actor, demonstration_id=row["id"], new=new, now=NOW)


async def make_awarded(
    db: Connection, city: City, *, now: datetime = NOW, of_county: bool = False, **more: Any
) -> Row:
    """The same, awarded at the moment: it was published eight days before."""
    row = await make_public(db, city, now=now - timedelta(days=8), of_county=of_county, **more)
    _, by = caller(city, of_county=of_county)
    return await award_demonstration(db, by.actor, demonstration_id=row["id"], now=now)


async def make_withdrawn(db: Connection, city: City, *, of_county: bool = False) -> Row:
    """The same, given a year ago and withdrawn by the administrator of the bureau."""
    row = await make_awarded(db, city, now=NOW - timedelta(days=365), of_county=of_county)
    said = DemonstrationWithdrawal(reason="研修活动弄虚作假")
    _, by = caller(city, of_county=of_county)
    return await withdraw_demonstration(
        db, by.actor, demonstration_id=row["id"], said=said, now=NOW
    )


async def make_title_appealed(db: Connection, city: City, *, of_county: bool = False) -> Row:
    """The same, after the school has appealed."""
    row = await make_withdrawn(db, city, of_county=of_county)
    said = DemonstrationAppeal(appeal="已全部整改")
    return await appeal_demonstration(
        db, city.school_admin.actor, demonstration_id=row["id"], said=said, now=NOW
    )


CASE: dict[str, Any] = {
    "title": "一课三研", "summary": "一节课由同组教师三次备、上、评。",
    "mode": "第一次独立备课，第二次集体修改，第三次全校展示。",
}  # fmt: skip


async def make_case(
    db: Connection, unit: Row, by: Person, *, activity: Row | None = None, **more: Any
) -> Row:
    """A case drawn from an activity of a unit, in its first version."""
    activity = activity or await make_activity(db, unit, by, state=ActivityState.HELD)
    given = CASE | {"unit_id": unit["id"], "activity_ids": [activity["id"]]} | more
    new = NewModelCase.model_validate(given)
    return await create_model_case(db, by.actor, new=new, now=NOW)


async def make_submitted_case(db: Connection, unit: Row, by: Person, **more: Any) -> Row:
    """The same, submitted."""
    row = await make_case(db, unit, by, **more)
    return await submit_model_case(db, by.actor, case_id=row["id"], now=NOW)


async def publish_case(db: Connection, row: Row, bureau: Row, by: Person, *targets: Row) -> Row:
    """The same, published by a bureau to these units, or to all below it."""
    target_ids = [each["id"] for each in targets]
    new = ModelCasePublication(unit_id=bureau["id"], target_ids=target_ids, opinion="值得推广")
    return await publish_model_case(db, by.actor, case_id=row["id"], new=new, now=NOW)


async def make_returned_case(db: Connection, city: City) -> Row:
    """A case of the school that its county has returned."""
    row = await make_submitted_case(db, city.school, city.school_admin)
    said = ModelCaseReturn(opinion="请补充成效")
    return await return_model_case(
        db, city.county_admin.actor, case_id=row["id"], said=said, now=NOW
    )


async def make_published_case(db: Connection, city: City, **more: Any) -> Row:
    """A case of the school that its county has published to all of the county."""
    row = await make_submitted_case(db, city.school, city.school_admin, **more)
    return await publish_case(db, row, city.county, city.county_admin)


async def make_adoption(db: Connection, case: Row, unit: Row, by: Person, **more: Any) -> Row:
    """That a unit works by a case since the beginning of November."""
    given = {
        "unit_id": unit["id"], "adopted_on": date(2026, 11, 1), "report_by": date(2027, 1, 15),
        "plan": "语文、数学两组先行，每月一次。",
    }  # fmt: skip
    new = NewModelAdoption.model_validate(given | more)
    return await adopt_model_case(db, by.actor, case_id=case["id"], new=new, now=NOW)


async def make_busy_demonstrations(db: Connection, city: City) -> None:
    """Two calls of the city with two applications each, two cases of two units, each adopted twice."""
    far = await make_account(db, "far.admin", Role.SCHOOL_ADMIN, city.far_school)
    for bureau, by, schools in (
        (city.city, city.city_admin, ((city.sibling, city.sibling_admin), (city.far_school, far))),
        (city.county, city.county_admin,
         ((city.school, city.school_admin), (city.sibling, city.sibling_admin))),
    ):  # fmt: skip
        call = await make_call(db, bureau, by)
        for school, admin in schools:
            await make_application(db, call, school, admin)
    first = await make_public(db, city)
    await raise_objections(db, city, first)
    direct = await make_account(db, "direct.admin", Role.SCHOOL_ADMIN, city.direct_school)
    call = await make_call(db, city.city, city.city_admin)
    second = await make_application(db, call, city.direct_school, direct)
    await hand_in(db, second, direct)
    await make_reviewed(db, city, second)
    await decide_demonstration(
        db, city.city_admin.actor, demonstration_id=second["id"], decision=AGREED, now=NOW
    )
    await raise_objections(db, city, second)
    for unit, by in ((city.school, city.school_admin), (city.far_school, far)):
        case = await make_submitted_case(db, unit, by)
        case = await publish_case(db, case, city.city, city.city_admin)
        for adopter, admin in (
            (city.sibling, city.sibling_admin), (city.direct_school, direct),
        ):  # fmt: skip
            await make_adoption(db, case, adopter, admin)


async def raise_objections(db: Connection, city: City, row: Row) -> None:
    """Two objections to a published school."""
    for by in (city.teacher_account, city.sibling_teacher_account):
        new = NewDemonstrationObjection(reason="活动记载不实")
        await object_to_demonstration(db, by.actor, demonstration_id=row["id"], new=new, now=NOW)


async def refused(
    db: Connection, city: City, row: Row, refusal: type[DomainError], act: Any
) -> None:
    """That this is refused, and nothing of the application is changed."""
    before = await get_demonstration(db, city.city_admin.actor, demonstration_id=row["id"])
    with pytest.raises(refusal):
        await act
    assert await get_demonstration(db, city.city_admin.actor, demonstration_id=row["id"]) == before
