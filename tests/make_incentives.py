"""Rules, rewards, penalties, inputs to pay and follow-ups for tests, made by the domain itself."""

from datetime import date, datetime, timedelta
from typing import Any

from app.domain.access.roles import Role
from app.domain.base import civil_date
from app.domain.credits.assessments import NewAssessment, record_assessment
from app.domain.quality.follow_ups import NewFollowUp, give_follow_up
from app.domain.quality.incentive_objections import NewIncentiveObjection, object_to_incentive
from app.domain.quality.incentive_rules import NewIncentiveRule, publish_incentive_rule
from app.domain.quality.incentives import (
    IncentiveAppeal,
    IncentiveDecision,
    NewIncentive,
    PersonsStatement,
    appeal_incentive,
    decide_incentive,
    give_incentive,
    propose_incentive,
    state_on_incentive,
)
from app.domain.quality.pay_schemes import NewPayScheme, publish_pay_scheme
from app.domain.quality.pay_sheets import NewPaySheet, make_pay_sheet
from app.domain.quality.regulations import RegulationKind
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account
from tests.make_documents import make_regulation

EARLIER = NOW - timedelta(days=40)
"""When rules were published, so that things can have been proposed for some time."""
WEEK_LATER = NOW + timedelta(days=8)
"""When what is shown from `NOW` on has been shown for its days."""
HAPPENED = civil_date(EARLIER)
REWARD: dict[str, Any] = {
    "code": "model_teacher", "name": "校本研修先进个人", "kind": "reward", "form": "honour",
    "honour": "other", "condition": "示范课获县级以上好评", "clause": "第三条", "publicity_days": 7,
}  # fmt: skip
BONUS: dict[str, Any] = {
    "code": "output_bonus", "name": "教研成果奖", "kind": "reward", "form": "money",
    "least_amount": "200", "most_amount": "1000", "condition": "论文在省级以上刊物发表",
    "clause": "第五条", "publicity_days": 5,
}  # fmt: skip
PENALTY: dict[str, Any] = {
    "code": "absence", "name": "无故缺席通报批评", "kind": "penalty", "form": "measure",
    "condition": "一学期无故缺席集中研修", "clause": "第八条", "statement_days": 5,
    "appeal_days": 15, "valid_months": 6,
}  # fmt: skip
TERMS: list[dict[str, Any]] = [
    {"measure": "hours", "weight": "0.5", "cap": "20", "rule": "每学时0.5分，最高20分"},
    {"measure": "talks", "weight": "3", "cap": "15", "rule": "每主讲一场3分，最高15分"},
]


async def make_rule(
    db: Connection, by: Person, unit: Row, said: dict[str, Any] = REWARD, **more: Any
) -> Row:
    """A rule of a unit that rests on a regulation of its own; published before."""
    given = said | more
    if "regulation_id" not in given and "article_id" not in given:
        kind = RegulationKind.INCENTIVES
        basis = await make_regulation(db, unit, by, kind, mark=given["code"][-30:])
        given = given | {"regulation_id": basis["id"]}
    new = NewIncentiveRule.model_validate(given)
    return await publish_incentive_rule(db, by.actor, unit_id=unit["id"], new=new, now=EARLIER)


async def propose(
    db: Connection, by: Person, teacher: Row, rule: Row, now: datetime = NOW, **more: Any
) -> Row:
    """A proposal for a teacher; of money it says how much."""
    said: dict[str, Any] = {
        "rule_id": rule["id"], "happened_on": HAPPENED, "reason": "示范课受到好评",
        "evidence": "县教研室评课意见",
    }  # fmt: skip
    if rule["form"] == "money":
        said["amount"] = "600"
    new = NewIncentive.model_validate(said | more)
    return await propose_incentive(db, by.actor, teacher_id=teacher["id"], new=new, now=now)


async def decide(
    db: Connection, by: Person, row: Row, now: datetime = NOW, *, approve: bool = True, **more: Any
) -> Row:
    """A decision on a proposal."""
    decision = IncentiveDecision.model_validate({"approve": approve, "opinion": "属实"} | more)
    return await decide_incentive(db, by.actor, incentive_id=row["id"], decision=decision, now=now)


async def make_second(db: Connection, city: City) -> Person:
    """Another administrator of the school."""
    return await make_account(db, "school.second", Role.SCHOOL_ADMIN, city.school)


async def make_published(db: Connection, city: City, now: datetime = NOW, **more: Any) -> Row:
    """A reward of the teacher that is shown: proposed by the second, decided by the county."""
    second = await make_second(db, city)
    rule = await make_rule(db, city.school_admin, city.school, **more)
    row = await propose(db, second, city.teacher, rule, now)
    return await decide(db, city.county_admin, row, now)


async def make_given(db: Connection, city: City, **more: Any) -> Row:
    """A reward that was shown for its days and given by now."""
    row = await make_published(db, city, NOW - timedelta(days=10), **more)
    return await give_incentive(db, city.school_admin.actor, incentive_id=row["id"], now=NOW)


async def make_penalty(db: Connection, city: City, now: datetime = NOW) -> Row:
    """A penalty of the teacher that is proposed, and of which nobody has been heard."""
    rule = await make_rule(db, city.school_admin, city.school, PENALTY)
    return await propose(
        db, await make_second(db, city), city.teacher, rule, now, reason="缺席三次"
    )


async def make_heard(db: Connection, city: City) -> Row:
    """The same after the teacher has spoken."""
    row = await make_penalty(db, city)
    said = PersonsStatement(statement="因病，已补假条")
    return await state_on_incentive(
        db, city.teacher_account.actor, incentive_id=row["id"], said=said, now=NOW
    )


async def make_punished(db: Connection, city: City) -> Row:
    """A penalty in force, decided by the school's administrator."""
    return await decide(db, city.school_admin, await make_heard(db, city))


async def make_appealed(db: Connection, city: City) -> Row:
    """A penalty against which the teacher has appealed."""
    row = await make_punished(db, city)
    said = IncentiveAppeal(appeal="当日在校听课")
    return await appeal_incentive(
        db, city.teacher_account.actor, incentive_id=row["id"], said=said, now=NOW
    )


async def raise_objection(db: Connection, by: Person, row: Row) -> Row:
    """An objection to a reward that is shown."""
    new = NewIncentiveObjection(reason="示范课并非本人执教")
    return await object_to_incentive(db, by.actor, incentive_id=row["id"], new=new, now=NOW)


async def make_scheme(db: Connection, by: Person, school: Row, **more: Any) -> Row:
    """A school's scheme of two lines."""
    given = {"name": "优质优酬方案", "clause": "第六条", "terms": TERMS} | more
    if "regulation_id" not in given:
        basis = await make_regulation(db, school, by, RegulationKind.MANAGEMENT, mark="酬")
        given |= {"regulation_id": basis["id"]}
    new = NewPayScheme.model_validate(given)
    return await publish_pay_scheme(db, by.actor, unit_id=school["id"], new=new, now=EARLIER)


async def make_sheet(
    db: Connection, by: Person, school: Row, now: datetime = NOW, **more: Any
) -> Row:
    """A sheet of the term until yesterday."""
    said = {"starts_on": date(2026, 9, 1), "ends_on": civil_date(now) - timedelta(days=1)} | more
    new = NewPaySheet.model_validate(said)
    return await make_pay_sheet(db, by.actor, unit_id=school["id"], new=new, now=now)


async def make_assessment(db: Connection, by: Person, teacher: Row, **more: Any) -> Row:
    """A semester that was judged to be not quite enough."""
    said = {
        "term": "semester", "starts_on": date(2026, 2, 1), "ends_on": civil_date(NOW),
        "judgement": "basically_qualified",
    } | more  # fmt: skip
    new = NewAssessment.model_validate(said)
    return await record_assessment(db, by.actor, teacher_id=teacher["id"], new=new, now=NOW)


async def make_follow_up(
    db: Connection, by: Person, assessment: Row, now: datetime = NOW, **more: Any
) -> Row:
    """What the teacher was told after it, to be looked at again in a month."""
    said: dict[str, Any] = {
        "strengths": "课堂组织好", "to_work_on": "提问层次偏浅",
        "follow_up_on": civil_date(now) + timedelta(days=30),
        "recommendations": [{"note": "读《追求理解的教学设计》"}],
    } | more  # fmt: skip
    new = NewFollowUp.model_validate(said)
    return await give_follow_up(db, by.actor, assessment_id=assessment["id"], new=new, now=now)


async def make_busy_incentives(db: Connection, city: City) -> None:
    """Of each of two schools a rule, a proposal, a scheme, a sheet with lines, and a follow-up.

    Of the first school two rewards are shown besides, and objected to by its teacher.
    """
    for by, school, teacher in (
        (city.school_admin, city.school, city.teacher),
        (city.sibling_admin, city.sibling, city.sibling_teacher),
    ):
        rule = await make_rule(db, by, school)
        await propose(db, city.county_admin, teacher, rule)
        await make_scheme(db, by, school)
        await make_sheet(db, by, school)
        await make_follow_up(db, by, await make_assessment(db, by, teacher))
    second = await make_second(db, city)
    for code in ("first_lesson", "second_lesson"):
        rule = await make_rule(db, city.school_admin, city.school, code=code)
        row = await propose(db, second, city.colleague, rule)
        await raise_objection(db, city.teacher_account, await decide(db, city.county_admin, row))
