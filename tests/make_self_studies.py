"""Self-studies for tests, made by what a teacher and the school do with them."""

from typing import Any

from app.domain.learning.self_studies import (
    MilestoneReport,
    NewSelfStudy,
    SelfStudyConclusion,
    SelfStudyDecision,
    decide_self_study,
    draft_self_study,
    list_self_study_milestones,
    report_self_study,
    report_self_study_milestone,
    submit_self_study,
)
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests.make import NOW, City, Person

STUDY = {
    "title": "小学语文提问策略研究",
    "question": "怎样的追问使学生说出思考过程？",
    "content": ["education_research"],
    "starts_on": "2026-09-01",
    "ends_on": "2027-06-30",
    "milestones": [
        {"title": "文献阅读", "hours": "60", "due_on": "2026-12-31"},
        {"title": "课例研究", "hours": "120", "due_on": "2027-06-30"},
    ],
}
REPORT = "读了十二篇文献，写了综述和读书笔记。"


async def make_study(db: Connection, by: Person, teacher: Row, **given: Any) -> Row:
    """A self-study of 180 hours with two milestones, as drafted."""
    new = NewSelfStudy.model_validate(STUDY | given)
    return await draft_self_study(db, by.actor, teacher_id=teacher["id"], new=new, now=NOW)


async def submit(db: Connection, by: Person, study: Row) -> Row:
    """Hand it to the school."""
    return await submit_self_study(db, by.actor, study_id=study["id"], now=NOW)


async def decide(db: Connection, by: Person, study: Row, *, agreed: bool = True) -> Row:
    """Decide for the school."""
    decision = SelfStudyDecision(agreed=agreed, opinion="计划可行")
    return await decide_self_study(db, by.actor, study_id=study["id"], decision=decision, now=NOW)


async def make_agreed(db: Connection, city: City) -> Row:
    """A self-study of the teacher under way."""
    study = await make_study(db, city.teacher_account, city.teacher)
    await submit(db, city.teacher_account, study)
    return await decide(db, city.school_admin, study)


async def milestones_of(db: Connection, by: Person, study: Row) -> list[Row]:
    """Its milestones."""
    page = PageRequest(limit=100)
    found = await list_self_study_milestones(db, by.actor, study_id=study["id"], page=page)
    return found.items


async def report_milestone(db: Connection, by: Person, milestone: Row, **more: Any) -> Row:
    """Report one."""
    report = MilestoneReport.model_validate({"report": REPORT} | more)
    return await report_self_study_milestone(
        db, by.actor, milestone_id=milestone["id"], report=report, now=NOW
    )


async def report(db: Connection, by: Person, study: Row) -> Row:
    """Hand the conclusion to the school."""
    conclusion = SelfStudyConclusion(conclusion="形成了追问的三个层次，并在校内推广。")
    return await report_self_study(
        db, by.actor, study_id=study["id"], conclusion=conclusion, now=NOW
    )


async def make_reported(db: Connection, city: City) -> Row:
    """A self-study whose conclusion waits at the school."""
    study = await make_agreed(db, city)
    for milestone in await milestones_of(db, city.teacher_account, study):
        await report_milestone(db, city.teacher_account, milestone)
    return await report(db, city.teacher_account, study)
