"""What somebody learnt, said and was told: a row of it in every table in which rows go along with a person."""

from uuid import UUID

from app.domain.learning.consultations.table import Consultation
from app.domain.learning.course_completions.table import CourseCompletion, CourseJudgement
from app.domain.learning.discussion_posts.table import PostMention
from app.domain.learning.discussions.table import Discussion, DiscussionPost
from app.domain.learning.exercise_submissions.table import ExerciseSubmission
from app.domain.quality.checklists import ChecklistTick
from app.domain.quality.follow_ups import FollowUp
from app.domain.quality.incentives import Incentive
from app.domain.quality.pay_sheets import PayLine, PaySheet
from app.domain.training.notices import NoticeCandidate
from app.domain.training.surveys import SurveyCandidate
from app.sql import Connection, Row, new_id
from tests.faces.things.archives import add_of_teacher
from tests.make import NOW, TODAY, City, make_group
from tests.make_checklists import make_checklist
from tests.make_completions import make_exercise
from tests.make_incentives import make_rule, make_scheme
from tests.make_learning import make_learning_doubt, make_player, make_progress, make_record
from tests.make_notices import make_notice
from tests.make_programmes import PLACE


async def make_taught(db: Connection, city: City, activity: Row) -> dict[str, Row]:
    """What several people can have a row of: an exercise, a checklist; and who tells of a class."""
    player = await make_player(db, city.city, "player of twins")
    return {
        "exercise": await make_exercise(db, city.city_admin, activity),
        "checklist": await make_checklist(db, city.city_admin, city.school),
        "rule": await make_rule(db, city.city_admin, city.city),
        "notice": await make_notice(db, city.city, city.city_admin),
        "pay_sheet": await make_paid_sheet(db, city),
        "group": await make_group(db, city.school, name="导师组"),
        "player": {"person": player},
    }


async def make_learned(db: Connection, city: City, things: dict[str, Row], teacher: Row) -> None:
    """Completion, exercises, records, doubts, ticks, posts, questions, a growth file of a teacher."""
    activity, by = things["activity"], city.city_admin.actor.account_id
    own = {"teacher_id": teacher["id"], **{name: teacher[name] for name in PLACE}}
    of_class = own | {"activity_id": activity["id"]}
    for candidate, thing in ((NoticeCandidate, "notice"), (SurveyCandidate, "survey")):
        key = {f"{thing}_id": things[thing]["id"]}
        await db.insert(candidate, key | {"teacher_id": teacher["id"]})
    judged = {"is_sufficient": True, "judged_at": NOW, "judged_by": by}
    await db.insert(CourseJudgement, {"id": new_id(), **of_class, **judged})
    settled = {"completed": True, "conditions": [], "settled_at": NOW, "settled_by": by}
    await db.insert(CourseCompletion, {"id": new_id(), **of_class, **settled})
    handed_in = {"number": 1, "handed_in_at": NOW, "is_late": False, "state": "waiting"}
    exercise = {"exercise_id": things["exercise"]["id"], "text": "三个追问。"}
    await db.insert(ExerciseSubmission, {"id": new_id(), **of_class, **exercise, **handed_in})
    record = await make_record(db, activity, teacher, things["player"]["person"])
    await make_progress(db, activity, teacher)
    await make_learning_doubt(db, activity, teacher, record)
    tick = {"number": 2, "done_on": TODAY, "ticked_by": by, "ticked_at": NOW}
    await db.insert(
        ChecklistTick, {"id": new_id(), **own, "checklist_id": things["checklist"]["id"], **tick}
    )
    await make_rewarded(db, things, own, by)
    await make_said(db, city, things, teacher)
    await add_of_teacher(db, city, teacher, teacher)


async def make_paid_sheet(db: Connection, city: City) -> Row:
    """A sheet of pay inputs of the school, of a month in which nobody is counted yet."""
    by = city.school_admin.actor.account_id
    scheme = await make_scheme(db, city.school_admin, city.school)
    row = {
        "id": new_id(), **{name: city.school[name] for name in PLACE}, "scheme_id": scheme["id"],
        "starts_on": TODAY, "ends_on": TODAY, "closes_on": TODAY, "state": "open", "made_at": NOW,
        "made_by": by,
    }  # fmt: skip
    await db.insert(PaySheet, row)
    return row


async def make_rewarded(db: Connection, things: dict[str, Row], own: Row, by: UUID) -> None:
    """A proposal for a reward, a line of pay inputs, and what was told after the assessment."""
    rule, sheet = things["rule"], things["pay_sheet"]
    proposed = {
        "kind": "reward", "title": "先进个人", "happened_on": TODAY, "reason": "示范课",
        "evidence": "评课意见", "state": "proposed", "proposed_at": NOW, "proposed_by": by,
    }  # fmt: skip
    of_rule = {"rule_id": rule["id"], "unit_id": rule["unit_id"]}
    await db.insert(Incentive, {"id": new_id(), **own, **of_rule, **proposed})
    line = {"sheet_id": sheet["id"], "parts": [], "points": 0, "computed_at": NOW}
    place = {name: sheet[name] for name in PLACE}
    await db.insert(PayLine, {"id": new_id(), **own, **place, **line})
    assessment_id = await db._driver.fetchval(
        "SELECT id FROM assessment WHERE teacher_id = $1", own["teacher_id"]
    )
    told = {"strengths": "组织好", "to_work_on": "提问浅", "follow_up_on": TODAY, "given_at": NOW}
    await db.insert(
        FollowUp, {"id": new_id(), **own, "assessment_id": assessment_id, **told, "given_by": by}
    )


async def make_said(db: Connection, city: City, things: dict[str, Row], teacher: Row) -> None:
    """A discussion that the teacher opened, with a post that mentions the teacher, and two questions."""
    by, key, post = city.city_admin.actor.account_id, new_id(), new_id()
    opened = {"title": "研讨", "opened_by": by, "opened_at": NOW, "is_pinned": False}
    own = {"teacher_id": teacher["id"]}
    await db.insert(
        Discussion, {"id": key, "activity_id": things["activity"]["id"], **own, **opened}
    )
    written = {"number": 1, "text": "很受启发", "written_by": by, "written_at": NOW}
    await db.insert(DiscussionPost, {"id": post, "discussion_id": key, **own, **written})
    await db.insert(PostMention, {"post_id": post, **own})
    other = city.far_teacher["id"]
    asked = {
        "title": "追问", "is_private": True, "state": "asked", "asked_by": by, "asked_at": NOW,
        "since": NOW, "due_on": TODAY, "group_id": things["group"]["id"],
    }  # fmt: skip
    for one, adviser, of in (
        (teacher["id"], other, teacher), (other, teacher["id"], city.far_teacher),
    ):  # fmt: skip
        place = {name: of[name] for name in PLACE}
        ends = {"teacher_id": one, "adviser_id": adviser}
        await db.insert(Consultation, {"id": new_id(), **place, **ends, **asked})
