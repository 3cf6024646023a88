"""Topics, outputs and awards for tests, made by what teachers, schools and bureaux do with them."""

from decimal import Decimal
from typing import Any

from app.domain.learning.awards import AwardEntry, NewAwardRound, create_award_round
from app.domain.learning.outputs import (
    NewOutput,
    OutputDecision,
    OutputState,
    decide_output,
    state_output,
)
from app.domain.learning.topic_activities import TopicActivity
from app.domain.learning.topic_steps import (
    NewTopicStep,
    StepKind,
    TopicStepDecision,
    decide_topic_step,
    file_topic_step,
)
from app.domain.learning.topic_steps.step import TopicAppraisal
from app.domain.learning.topics import NewTopic, TopicMember, create_topic, get_topic
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_activity

TOPIC = {
    "title": "小学生提问能力的培养", "level": "school", "subject": "chinese", "stage": "primary",
    "summary": "学生不会提问，拟以问题链教学改进。", "starts_on": "2026-09-01",
    "due_on": "2028-07-31",
}  # fmt: skip
OUTPUT = {
    "title": "问题链教学的实践与思考", "kind": "paper", "level": "province",
    "venue": "省级教育期刊", "published_on": "2026-10-15",
}  # fmt: skip


async def make_topic(db: Connection, by: Person, **given: Any) -> Row:
    """A draft of a topic: of the teacher who begins it, or of the unit or group that is named."""
    return await create_topic(db, by.actor, new=NewTopic.model_validate(TOPIC | given), now=NOW)


async def file_step(
    db: Connection, by: Person, topic: Row, kind: str = "application", **given: Any
) -> Row:
    """Something handed in for a topic."""
    new = NewTopicStep.model_validate({"kind": kind, "summary": "材料齐全，请予审核。"} | given)
    return await file_topic_step(db, by.actor, topic_id=topic["id"], new=new, now=NOW)


async def decide_step(
    db: Connection, by: Person, step: Row, verdict: str = "passed", **given: Any
) -> Row:
    """What whoever approves the topic says to it."""
    said = {"verdict": verdict, "opinion": "意见如下"} | given
    decision = TopicStepDecision.model_validate(said)
    return await decide_topic_step(db, by.actor, step_id=step["id"], decision=decision, now=NOW)


_UNTIL = {
    "approved": (StepKind.APPLICATION,),
    "opened": (StepKind.APPLICATION, StepKind.OPENING),
    "midterm": (StepKind.APPLICATION, StepKind.OPENING, StepKind.MIDTERM),
    "concluded": (
        StepKind.APPLICATION, StepKind.OPENING, StepKind.MIDTERM, StepKind.CONCLUSION,
    ),
}  # fmt: skip


async def make_studied(
    db: Connection, by: Person, decides: Person, state: str = "approved", **given: Any
) -> Row:
    """A topic as it stands after the steps that lead there."""
    topic = await make_topic(db, by, **given)
    for kind in _UNTIL[state]:
        step = await file_step(db, by, topic, kind)
        grade = {"grade": "good"} if kind is StepKind.CONCLUSION else {}
        await decide_step(db, decides, step, **grade)
    return await get_topic(db, by.actor, topic_id=topic["id"])


async def make_output(db: Connection, by: Person, *authors: Row, **given: Any) -> Row:
    """An output as it was stated."""
    stated = OUTPUT | {"author_ids": [author["id"] for author in authors]} | given
    return await state_output(db, by.actor, new=NewOutput.model_validate(stated), now=NOW)


async def confirm_output(db: Connection, by: Person, output: Row, **given: Any) -> Row:
    """An output that the unit confirms."""
    decision = OutputDecision(verdict=OutputState.CONFIRMED, **given)
    return await decide_output(db, by.actor, output_id=output["id"], decision=decision, now=NOW)


async def make_award_round(db: Connection, by: Person, unit: Row, **given: Any) -> Row:
    """A round of the award of 2026 that is open."""
    new = {
        "year": 2026, "title": "年度教育科研成果奖", "opens_on": "2026-01-01",
        "closes_on": "2026-12-31", "unit_id": unit["id"],
    } | given  # fmt: skip
    return await create_award_round(db, by.actor, new=NewAwardRound.model_validate(new), now=NOW)


async def make_busy_topics(db: Connection, city: City) -> None:
    """Two topics of several members with all that belongs to them, and a round of the award for each unit."""
    for unit, teacher, other, by in (
        (city.school, city.teacher, city.colleague, city.school_admin),
        (city.sibling, city.sibling_teacher, city.teacher, city.sibling_admin),
    ):
        topic = await make_topic(
            db, city.county_admin, unit_id=unit["id"], leader_id=teacher["id"], level="city"
        )
        member = {"topic_id": topic["id"], "teacher_id": other["id"], "duty": "core"}
        await db.insert(TopicMember, {"id": new_id(), **member, "share": Decimal(0)})
        for kind in ("application", "opening"):
            step = await file_step(db, city.county_admin, topic, kind)
            for expert in (city.far_teacher, city.direct_teacher):
                await make_appraisal(db, step, expert, city.city_admin)
            await decide_step(db, city.city_admin, step)
        for title in ("第一篇", "第二篇"):
            activity = await make_activity(db, unit, by)
            added = {"added_by": by.actor.account_id, "added_at": NOW}
            linked = {"topic_id": topic["id"], "activity_id": activity["id"], **added}
            await db.insert(TopicActivity, {"id": new_id(), **linked})
            await make_output(
                db, city.county_admin, teacher, title=title, unit_id=str(unit["id"]),
                topic_id=str(topic["id"]),
            )  # fmt: skip
    await make_busy_awards(db, city)


async def make_appraisal(db: Connection, step: Row, expert: Row, by: Person) -> None:
    """What an expert has said of a step."""
    said = {"state": "scored", "score": Decimal(80), "opinion": "可行", "answered_at": NOW}
    asked = {"asked_by": by.actor.account_id, "asked_at": NOW}
    row = {"id": new_id(), "step_id": step["id"], "expert_id": expert["id"], **asked, **said}
    await db.insert(TopicAppraisal, row)


async def make_busy_awards(db: Connection, city: City) -> None:
    """Two rounds of the city, in each an output and a topic of two schools."""
    for year in (2025, 2026):
        contest = await make_award_round(db, city.city_admin, city.city, year=year)
        contest |= {"by": city.city_admin.actor.account_id}
        for unit, teacher in ((city.school, city.teacher), (city.sibling, city.sibling_teacher)):
            output = await make_output(
                db, city.city_admin, teacher, unit_id=str(unit["id"]), title=f"{year}年成果"
            )
            topic = await make_topic(
                db, city.county_admin, unit_id=unit["id"], leader_id=teacher["id"]
            )
            for made in ({"output_id": output["id"]}, {"topic_id": topic["id"]}):
                await db.insert(AwardEntry, {"id": new_id(), **entry_of(contest, unit, made)})


def entry_of(contest: Row, unit: Row, made: Row) -> Row:
    """An entry as it stands, whoever entered it."""
    place = {name: unit[name] for name in ("city_id", "county_id", "school_id")}
    return {
        "round_id": contest["id"], **made, **place, "entered_by": contest["by"],
        "entered_at": NOW,
    }  # fmt: skip
