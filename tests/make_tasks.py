"""One piece of work of each kind, for tests: made, with who is to do it and where it waits."""

import sys
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from app.domain.access.roles import Role
from app.domain.credits.human_reviews import ReviewDecision, decide_human_review
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.exchange.tasks import TaskKind
from app.domain.exchange.webhooks import WebhookState
from app.domain.learning.topic_appraisals import (
    TopicExperts,
    ask_topic_experts,
    topic_appraisals_of,
)
from app.domain.organisation.statistics import Measure
from app.domain.people.careers import Employment
from app.domain.people.goals import Goal
from app.domain.training.evidence_checks import EvidenceCheck
from app.domain.training.vocabulary import ActivityState
from app.sql import Connection, new_id
from tests import (
    make_archive_tasks,
    make_collection_forms,
    make_course_tasks,
    make_demonstration_tasks,
    make_discussion_tasks,
    make_evaluation_tasks,
    make_incentive_tasks,
    make_reports,
    make_self_studies,
    make_stated_figures,
    make_tasks_of_funds,
    make_tests,
)
from tests.domain.credits.making import make_pack
from tests.made import Made
from tests.make import (
    NOW,
    City,
    make_account,
    make_activity,
    make_group,
    make_note,
)
from tests.make_attendance import make_doubt, make_leave
from tests.make_certificates import make_batch, make_certificates
from tests.make_checks import make_inspection
from tests.make_choice import make_choice_round
from tests.make_claims import (
    PUBLISHING,
    decide,
    make_human_review,
    make_objection,
    make_published,
    make_submitted,
    with_procedure,
)
from tests.make_documents import make_document
from tests.make_evidence import make_resemblance, make_sheet
from tests.make_learning import make_school_doubt
from tests.make_mentorships import make_mentoring_record, make_mentorship, make_proposed
from tests.make_needs import make_diagnosis, make_evaluation, make_problem, make_survey
from tests.make_notices import make_notice
from tests.make_organisation import make_assignment, make_statistic, make_target, make_visit
from tests.make_people import make_goal, make_transfer
from tests.make_personal import make_correction
from tests.make_places import make_partnership
from tests.make_plans import (
    approve,
    make_deadline,
    make_plan,
    make_session_plan,
    send_back,
    submit,
)
from tests.make_programmes import make_cohort, make_member, make_merger, make_programme
from tests.make_province import make_arrival, make_challenge
from tests.make_resources import make_resource, share
from tests.make_series import make_outside_training
from tests.make_topics import decide_step, file_step, make_award_round, make_output, make_topic
from tests.make_trainers import make_invited
from tests.make_webhooks import make_webhook

ANSWERED = {"answer": "已整改", "answered_at": NOW}


async def document_to_receive(db: Connection, city: City) -> Made:
    row = await make_document(db, city.county, city.city_admin, city.school, receive_by=NOW.date())
    return Made(row["id"], city.school_admin, city.school["id"])


async def guidance_to_answer(db: Connection, city: City) -> Made:
    asked = {"requests": "请报送整改方案", "due_on": date(2026, 12, 1)}
    row = await make_visit(db, city.school, city.county_admin, city.county, **asked)
    return Made(row["id"], city.school_admin, city.school["id"])


async def guidance_to_close(db: Connection, city: City) -> Made:
    by = {"answered_by": city.school_admin.actor.account_id}
    row = await make_visit(db, city.school, city.county_admin, city.county, **ANSWERED, **by)
    return Made(row["id"], city.county_admin, city.county["id"])


async def statistic_to_confirm(db: Connection, city: City) -> Made:
    row = await make_statistic(db, city.school, city.school_admin, Measure.TRAINED_PERSONS, 30)
    return Made(row["id"], city.county_admin, city.county["id"])


async def target_to_review(db: Connection, city: City) -> Made:
    assignment = await make_assignment(db, city.county, city.auditor, city.school)
    row = await make_target(db, assignment, due_on=date(2026, 11, 15))
    return Made(row["id"], city.county_admin, city.county["id"])


async def correction_to_decide(db: Connection, city: City) -> Made:
    row = await make_correction(db, city.teacher)
    return Made(row["id"], city.school_admin, city.school["id"])


async def transfer_to_answer(db: Connection, city: City) -> Made:
    row = await make_transfer(db, city.teacher, city.school_admin)
    return Made(row["id"], city.county_admin, city.county["id"])


async def transfer_to_complete(db: Connection, city: City) -> Made:
    row = await make_transfer(db, city.teacher, city.school_admin)
    sql = "UPDATE transfer SET state = 'accepted', decided_at = $2 WHERE id = $1"
    await db._driver.execute(sql, row["id"], NOW)
    return Made(row["id"], city.county_admin, city.county["id"])


async def goal_to_report(db: Connection, city: City) -> Made:
    place = {name: city.teacher[name] for name in ("city_id", "county_id", "school_id")}
    goal = {"title": "上好一节展示课", "measure": "全校听评", "due_on": date(2026, 12, 1)}
    row = {"id": new_id(), "teacher_id": city.teacher["id"], **place, **goal, "set_at": NOW}
    await db.insert(Goal, row)
    return Made(row["id"], city.teacher_account, city.teacher["id"])


async def goal_to_appraise(db: Connection, city: City) -> Made:
    row = await make_goal(db, city.teacher)
    sql = "UPDATE goal SET reported_at = $2, result = 'reached' WHERE id = $1"
    await db._driver.execute(sql, row["id"], NOW)
    return Made(row["id"], city.school_admin, city.school["id"])


async def growth_to_assess(db: Connection, city: City) -> Made:
    sql = "UPDATE employment SET superseded_at = $2 WHERE teacher_id = $1"
    await db._driver.execute(sql, city.teacher["id"], NOW)
    since = {"teacher_id": city.teacher["id"], "valid_from": date(2025, 12, 1)}
    row = {"id": new_id(), **since, "school_id": city.school["id"]}
    await db.insert(Employment, row)
    return Made(city.teacher["id"], city.school_admin, city.school["id"])


async def nomination_to_decide(db: Connection, city: City) -> Made:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    row = await make_member(db, cohort, city.teacher, city.school_admin)
    return Made(row["id"], city.county_admin, city.county["id"])


async def person_merger_to_answer(db: Connection, city: City) -> Made:
    row = await make_merger(db, city.far_teacher, city.teacher, city.city_admin)
    return Made(row["id"], city.school_admin, city.school["id"])


async def plan_owed(db: Connection, city: City) -> Made:
    row = await make_deadline(db, city.county_admin, city.county)
    return Made(row["id"], city.school_admin, city.school["id"])


async def plan_to_review(db: Connection, city: City) -> Made:
    plan = await make_plan(db, city.school_admin, unit_id=str(city.school["id"]))
    await submit(db, city.school_admin, plan)
    return Made(plan["id"], city.county_admin, city.county["id"])


async def plan_to_revise(db: Connection, city: City) -> Made:
    made = await plan_to_review(db, city)
    await send_back(db, city.county_admin, {"id": made.subject_id})
    return Made(made.subject_id, city.school_admin, city.school["id"])


async def plan_to_publish(db: Connection, city: City) -> Made:
    made = await plan_to_review(db, city)
    await approve(db, city.county_admin, {"id": made.subject_id})
    return Made(made.subject_id, city.school_admin, city.school["id"])


async def self_study_to_decide(db: Connection, city: City) -> Made:
    study = await make_self_studies.make_reported(db, city)
    return Made(study["id"], city.school_admin, city.school["id"])


async def self_study_to_revise(db: Connection, city: City) -> Made:
    study = await make_self_studies.make_study(db, city.teacher_account, city.teacher)
    await make_self_studies.submit(db, city.teacher_account, study)
    await make_self_studies.decide(db, city.school_admin, study, agreed=False)
    return Made(study["id"], city.teacher_account, city.teacher["id"])


async def session_plan_to_review(db: Connection, city: City) -> Made:
    later = NOW + timedelta(days=5)
    activity = await make_activity(db, city.school, city.school_admin, begins=later)
    row = await make_session_plan(db, city.school_admin, activity["sessions"][0])
    return Made(row["id"], city.county_admin, city.county["id"])


async def session_plan_to_revise(db: Connection, city: City) -> Made:
    made = await session_plan_to_review(db, city)
    sql = """UPDATE session_plan SET state = 'returned', decided_at = $2, decided_by = $3,
        opinion = '请补充措施' WHERE id = $1"""
    by = city.county_admin.actor.account_id
    await db._driver.execute(sql, made.subject_id, NOW, by)
    return Made(made.subject_id, city.school_admin, city.school["id"])


async def leave_to_decide(db: Connection, city: City) -> Made:
    activity = await make_activity(db, city.school, city.school_admin)
    row = await make_leave(db, activity["sessions"][0], city.teacher)
    return Made(row["id"], city.school_admin, city.school["id"])


async def partnership_to_answer(db: Connection, city: City) -> Made:
    activity = await make_activity(db, city.far_school, city.city_admin)
    row = await make_partnership(db, activity, city.school, city.city_admin)
    return Made(row["id"], city.school_admin, city.school["id"])


async def outside_training_to_confirm(db: Connection, city: City) -> Made:
    row = await make_outside_training(db, city.teacher, city.teacher_account)
    return Made(row["id"], city.school_admin, city.school["id"])


async def activity_to_close(db: Connection, city: City) -> Made:
    before = NOW - timedelta(days=3)
    row = await make_activity(
        db, city.school, city.school_admin, begins=before, state=ActivityState.HELD
    )
    return Made(row["id"], city.school_admin, city.school["id"])


async def activity_to_summarise(db: Connection, city: City) -> Made:
    activity = await make_activity(db, city.school, city.school_admin, state=ActivityState.CLOSED)
    row = await make_evaluation(db, activity, summary_due_on=date(2026, 12, 1))
    return Made(row["id"], city.school_admin, city.school["id"])


async def attendance_doubt_to_decide(db: Connection, city: City) -> Made:
    activity = await make_activity(db, city.school, city.school_admin)
    row = await make_doubt(db, activity["sessions"][0], activity, city.teacher)
    return Made(row["id"], city.school_admin, city.school["id"])


async def learning_doubt_to_decide(db: Connection, city: City) -> Made:
    row = await make_school_doubt(db, city)
    return Made(row["id"], city.school_admin, city.school["id"])


async def notes_to_check(db: Connection, city: City) -> Made:
    activity = await make_activity(db, city.county, city.county_admin)
    await make_note(db, activity, city.teacher)
    await make_note(db, activity, city.colleague)
    return Made(activity["id"], city.school_admin, city.school["id"])


async def note_to_revise(db: Connection, city: City) -> Made:
    activity = await make_activity(db, city.school, city.school_admin)
    note = await make_note(db, activity, city.teacher)
    check = {
        "id": new_id(), "note_id": note["id"], "note_version": 1, "verdict": "returned",
        "remark": "请写具体", "checked_by": city.school_admin.actor.account_id, "checked_at": NOW,
    }  # fmt: skip
    await db.insert(EvidenceCheck, check)
    return Made(note["id"], city.teacher_account, city.teacher["id"])


async def resemblance_to_decide(db: Connection, city: City) -> Made:
    activity = await make_activity(db, city.county, city.county_admin)
    one, other = [
        await make_note(db, activity, each) for each in (city.teacher, city.sibling_teacher)
    ]
    row = await make_resemblance(db, one["id"], other["id"])
    return Made(row["id"], city.county_admin, city.county["id"])


async def observation_to_answer(db: Connection, city: City) -> Made:
    row = await make_sheet(db, city.teacher, city.colleague_account, city.colleague)
    return Made(row["id"], city.teacher_account, city.teacher["id"])


async def survey_to_answer(db: Connection, city: City) -> Made:
    row = await make_survey(db, city.county, city.county_admin)
    return Made(row["id"], city.teacher_account, city.teacher["id"])


async def problem_to_triage(db: Connection, city: City) -> Made:
    row = await make_problem(db, city.school, city.school_admin)
    return Made(row["id"], city.school_admin, city.school["id"])


async def diagnosis_to_answer(db: Connection, city: City) -> Made:
    row = await make_diagnosis(db, city.school, city.county_admin)
    return Made(row["id"], city.school_admin, city.school["id"])


async def diagnosis_due(db: Connection, city: City) -> Made:
    by = {"answered_by": city.school_admin.actor.account_id, "next_due_on": date(2026, 12, 1)}
    row = await make_diagnosis(db, city.school, city.county_admin, **ANSWERED, **by)
    return Made(row["id"], city.county_admin, city.county["id"])


async def topic_step_to_decide(db: Connection, city: City) -> Made:
    topic = await make_topic(db, city.teacher_account)
    row = await file_step(db, city.teacher_account, topic)
    return Made(row["id"], city.school_admin, city.school["id"])


async def topic_to_appraise(db: Connection, city: City) -> Made:
    unit_id, leader_id = city.sibling["id"], city.sibling_teacher["id"]
    topic = await make_topic(
        db, city.sibling_admin, unit_id=unit_id, leader_id=leader_id, level="county"
    )
    step = await file_step(db, city.sibling_admin, topic)
    new = TopicExperts(expert_ids=[city.teacher["id"]])
    await ask_topic_experts(db, city.county_admin.actor, step_id=step["id"], new=new, now=NOW)
    appraisals = await topic_appraisals_of(db, city.county_admin.actor, step_ids=[step["id"]])
    (row,) = appraisals[step["id"]]
    return Made(row["id"], city.teacher_account, city.teacher["id"])


async def topic_to_revise(db: Connection, city: City) -> Made:
    topic = await make_topic(db, city.teacher_account)
    step = await file_step(db, city.teacher_account, topic)
    await decide_step(db, city.school_admin, step, "returned")
    return Made(topic["id"], city.teacher_account, city.teacher["id"])


async def output_to_confirm(db: Connection, city: City) -> Made:
    row = await make_output(db, city.teacher_account, city.teacher)
    return Made(row["id"], city.school_admin, city.school["id"])


async def resource_to_review(db: Connection, city: City) -> Made:
    row = await make_resource(db, city.teacher_account)
    await share(db, city.teacher_account, row, "county")
    return Made(row["id"], city.county_admin, city.county["id"])


async def choice_round_to_settle(db: Connection, city: City) -> Made:
    row = await make_choice_round(
        db, city.county, city.county_admin,
        opens_at=NOW - timedelta(days=2), closes_at=NOW - timedelta(days=1),
    )  # fmt: skip
    return Made(row["id"], city.county_admin, city.county["id"])


async def award_to_give(db: Connection, city: City) -> Made:
    row = await make_award_round(db, city.county_admin, city.county, closes_on="2026-11-19")
    return Made(row["id"], city.county_admin, city.county["id"])


async def group_inspection_to_answer(db: Connection, city: City) -> Made:
    group = await make_group(db, city.school)
    row = await make_inspection(db, group, city.school_admin, due_on=date(2026, 12, 1))
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    return Made(row["id"], leader, group["id"])


async def group_inspection_to_close(db: Connection, city: City) -> Made:
    group = await make_group(db, city.school)
    by = {"answered_by": city.school_admin.actor.account_id, "by_unit_id": city.county["id"]}
    row = await make_inspection(db, group, city.county_admin, **ANSWERED, **by)
    return Made(row["id"], city.county_admin, city.county["id"])


async def certificate_to_recheck(db: Connection, city: City) -> Made:
    row, *_ = await make_certificates(db, city)
    [entry] = await db._driver.fetch(
        "SELECT id FROM credit_entry WHERE teacher_id = $1", row["teacher_id"]
    )
    new = NewReversal(reason="未参加")
    await reverse_entry(db, city.county_admin.actor, entry_id=entry["id"], new=new, now=NOW)
    return Made(row["id"], city.city_admin, city.city["id"])


async def human_review_to_put_right(db: Connection, city: City) -> Made:
    activity = await make_activity(db, city.school, city.school_admin)
    row = await make_human_review(db, city.teacher, activity)
    found = ReviewDecision(put_right=True, opinion="学时有误")
    await decide_human_review(
        db, city.county_admin.actor, review_id=row["id"], decision=found, now=NOW
    )
    return Made(row["id"], city.county_admin, city.county["id"])


async def certificate_batch_to_approve(db: Connection, city: City) -> Made:
    row = await make_batch(db, city)
    return Made(row["id"], city.city_admin, city.city["id"])


async def notice_to_confirm(db: Connection, city: City) -> Made:
    row = await make_notice(db, city.county, city.county_admin, city.school)
    return Made(row["id"], city.school_admin, city.school["id"])


async def claim_to_review(db: Connection, city: City) -> Made:
    await make_pack(db, city.city)
    row = await make_submitted(db, city.teacher_account)
    return Made(row["id"], city.school_admin, city.school["id"])


async def claim_to_revise(db: Connection, city: City) -> Made:
    await make_pack(db, city.city)
    row = await make_submitted(db, city.teacher_account)
    await decide(db, city.school_admin, row, "return")
    return Made(row["id"], city.teacher_account, city.teacher["id"])


async def claim_to_publish(db: Connection, city: City) -> Made:
    await make_pack(db, city.city, with_procedure(**PUBLISHING))
    row = await make_submitted(db, city.teacher_account)
    for person in (city.school_admin, city.county_admin):
        row = await decide(db, person, row)
    return Made(row["id"], city.county_admin, city.county["id"])


async def claim_objection_to_decide(db: Connection, city: City) -> Made:
    await make_pack(db, city.city, with_procedure(**PUBLISHING))
    claim, publication = await make_published(db, city)
    row = await make_objection(db, city.sibling_teacher_account, claim, publication)
    return Made(row["id"], city.county_admin, city.county["id"])


async def human_review_to_decide(db: Connection, city: City) -> Made:
    activity = await make_activity(db, city.school, city.school_admin)
    row = await make_human_review(db, city.teacher, activity)
    return Made(row["id"], city.county_admin, city.county["id"])


async def webhook_to_restore(db: Connection, city: City) -> Made:
    row = await make_webhook(db, city, state=WebhookState.FAILING, disabled_at=NOW)
    return Made(row["id"], city.city_admin, city.city["id"])


async def challenge_to_answer(db: Connection, city: City) -> Made:
    row = await make_challenge(db, city)
    return Made(row["id"], city.county_admin, city.county["id"])


async def arrival_to_settle(db: Connection, city: City) -> Made:
    row = await make_arrival(db, city, teacher=city.teacher)
    return Made(row["id"], city.county_admin, city.county["id"])


async def trainer_invitation_to_answer(db: Connection, city: City) -> Made:
    row = await make_invited(db, city.county, city.county_admin, city.teacher)
    return Made(row["id"], city.teacher_account, city.teacher["id"])


async def mentorship_to_sign(db: Connection, city: City) -> Made:
    row = await make_proposed(db, city.school, city.school_admin, city.far_teacher, city.teacher)
    return Made(row["id"], city.teacher_account, city.teacher["id"])


async def mentoring_record_to_confirm(db: Connection, city: City) -> Made:
    held = await make_mentorship(db, city.school, city.school_admin, city.teacher, city.colleague)
    row = await make_mentoring_record(db, held, city.colleague_account)
    return Made(row["id"], city.teacher_account, city.teacher["id"])


async def mentorship_to_conclude(db: Connection, city: City) -> Made:
    term = {"valid_from": date(2025, 9, 1), "valid_to": date(2026, 11, 20)}
    row = await make_mentorship(
        db, city.school, city.school_admin, city.colleague, city.teacher, **term
    )
    return Made(row["id"], city.school_admin, city.school["id"])


_PLACES = (
    sys.modules[__name__],
    make_archive_tasks,
    make_collection_forms,
    make_course_tasks,
    make_demonstration_tasks,
    make_discussion_tasks,
    make_evaluation_tasks,
    make_incentive_tasks,
    make_reports,
    make_stated_figures,
    make_tasks_of_funds,
    make_tests,
)
MAKERS: dict[TaskKind, Callable[[Connection, City], Awaitable[Made]]] = {
    kind: next(getattr(each, kind.value) for each in _PLACES if hasattr(each, kind.value))
    for kind in TaskKind
}
"""What makes something wait, by its kind."""
