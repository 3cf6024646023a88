"""What refers to the merged record, in every table: what goes along, and what both have, kept once."""

from datetime import date
from decimal import Decimal

import asyncpg
import pytest

from app.domain.credits.assessments.assessment import Assessment
from app.domain.credits.packs import PackDocument
from app.domain.credits.person_mergers.lots import DATED, MOVED
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.credits.verification import verify_ledger
from app.domain.learning.resources import Resource
from app.domain.organisation.committees import CommitteeMember
from app.domain.organisation.responsibilities import Responsibility
from app.domain.paging import PageRequest
from app.domain.people.cohort_members import list_cohort_members
from app.domain.people.cohorts import get_cohort
from app.domain.people.facts.kinds import KINDS
from app.domain.training.activities import ActivitySession
from app.domain.training.activities.audience import ActivityCandidate
from app.domain.training.attendance import AttendanceRole, AttendanceStatus
from app.domain.training.attendance.changes import AttendanceChange
from app.domain.training.enrolments import Enrolment
from app.domain.training.groups import GroupMember
from app.domain.training.plan_deadlines import list_plans_owed
from app.domain.training.plans.table import Plan
from app.domain.training.surveys import SurveyReceipt
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.domain.credits.making import (
    attend,
    make_closed_activity,
    make_pack,
    make_recognised,
    open_ended,
)
from tests.domain.credits.person_mergers.learned import make_learned, make_taught
from tests.make import NOW, TODAY, City, make_activity, make_fact, make_group, make_note
from tests.make_attendance import make_leave
from tests.make_choice import make_choice_round, make_chosen
from tests.make_claims import make_human_review, put_claim, put_loan
from tests.make_courses import make_course
from tests.make_evidence import make_evidence, make_file, make_sheet
from tests.make_forms import make_result, make_staff
from tests.make_mentorships import make_mentorship
from tests.make_needs import make_problem, make_survey
from tests.make_organisation import make_committee
from tests.make_people import enter_person, make_goal
from tests.make_plans import make_deadline, make_session_plan
from tests.make_programmes import (
    PLACE,
    agree,
    make_cohort,
    make_member,
    make_programme,
    make_twins,
    merge_twins,
    propose_twins,
)
from tests.make_series import make_outside_training
from tests.make_tests import make_bare_test, make_learning
from tests.make_topics import file_step, make_appraisal, make_output, make_topic
from tests.make_trainers import make_trainer

FACTS: dict[str, dict[str, str]] = {
    "employment": {},
    "establishment": {"establishment": "contracted"},
    "service_state": {"state": "seconded"},
    "service_place": {"kind": "main"},
    "rank": {"rank": "first_grade"},
    "post": {"post": "principal"},
    "honour": {
        "honour": "backbone_teacher", "level": "county", "issuer": "甲县教育局", "title": "骨干",
    },
    "education": {"level": "master", "study": "in_progress", "institution": "测试师范大学", "major": ""},
    "growth_result": {"stage": "one_year", "finding": "reached", "note": ""},
    "qualification": {"qualification": "primary", "subject": "", "issuer": "甲县教育局"},
    "registration": {"conclusion": "qualified", "issuer": "甲县教育局"},
}  # fmt: skip
AT_A_SCHOOL = {"employment", "service_place", "post"}


async def count(driver: asyncpg.Connection, column: str, teacher: Row) -> int:
    table, _, owner = column.partition(".")
    query = f"SELECT count(*) FROM {table} WHERE {owner} = $1"  # noqa: S608  our own names
    return int(await driver.fetchval(query, teacher["id"]))


async def counts(driver: asyncpg.Connection, teacher: Row) -> dict[str, int]:
    return {column: await count(driver, column, teacher) for column in MOVED}


async def make_things(db: Connection, city: City) -> dict[str, Row]:
    """What a teacher can have a row of: an activity with a session, a survey, a cohort, a round."""
    chosen = await make_chosen(db, city.city, city.city_admin)
    led = {"unit_id": city.city["id"], "leader_id": city.far_teacher["id"], "level": "city"}
    topic = await make_topic(db, city.city_admin, **led)
    activity = await make_closed_activity(db, city.city, city.city_admin)
    return {
        **await make_taught(db, city, activity),
        "step": await file_step(db, city.city_admin, topic),
        "chosen": chosen,
        "test": await make_bare_test(db, chosen, city.city_admin),
        "round": await make_choice_round(db, city.city, city.city_admin, chosen),
        "activity": activity,
        "survey": await make_survey(db, city.city, city.city_admin),
        "cohort": await make_cohort(db, await make_programme(db, city.city)),
    }


async def make_changed_attendance(db: Connection, city: City, activity: Row, teacher: Row) -> None:
    """A record of attendance that was corrected once."""
    [session], admin = activity["sessions"], city.city_admin
    own = {"teacher_id": teacher["id"], **{name: teacher[name] for name in PLACE}}
    of_session = {"session_id": session["id"], "activity_id": activity["id"]}
    await attend(db, activity, [teacher])
    attendance_id = await db._driver.fetchval(
        "SELECT id FROM attendance WHERE teacher_id = $1 AND session_id = $2",
        teacher["id"], session["id"],
    )  # fmt: skip
    change = {
        "status_before": "absent", "status_after": "present", "role_before": "participant",
        "role_after": "participant", "method": "organiser", "reason": "补签", "after_closing": True,
        "changed_at": NOW, "changed_by": admin.actor.account_id, "attendance_id": attendance_id,
    }  # fmt: skip
    await db.insert(AttendanceChange, {"id": new_id(), **own, **of_session, **change})


async def make_research(db: Connection, city: City, step: Row, teacher: Row) -> None:
    """A topic that the teacher leads, an output, a resource, and a score for another's topic."""
    admin, unit = city.city_admin, {"unit_id": city.city["id"]}
    await make_topic(db, admin, **unit, leader_id=teacher["id"], level="city")
    await make_output(db, admin, teacher, **unit, title=f"成果{teacher['id']}")
    await make_appraisal(db, step, teacher, admin)
    added = {"added_by": admin.actor.account_id, "added_at": NOW, "version": 1, "grams": ["课例"]}
    said = {"title": "课例", "plain_title": "课例", "kind": "electronic", "licence": "teaching"}
    own = {"teacher_id": teacher["id"], **{name: teacher[name] for name in PLACE}}
    await db.insert(Resource, {"id": new_id(), **own, **added, **said, "sharing": "school"})


async def make_all(db: Connection, city: City, things: dict[str, Row], teacher: Row) -> None:
    """A row of the teacher in every column by which rows go along, but for the session's one plan."""
    admin, activity = city.city_admin, things["activity"]
    own = {"teacher_id": teacher["id"], **{name: teacher[name] for name in PLACE}}
    await make_staff(db, activity, teacher)
    assessment = {"term": "year", "starts_on": date(2025, 9, 1), "ends_on": date(2026, 8, 31)}
    said = {"judgement": "qualified", "opinion": "合格", "figures": [], "recorded_at": NOW}
    by = {"recorded_by": admin.actor.account_id}
    await db.insert(Assessment, {"id": new_id(), **own, **assessment, **said, **by})
    await make_changed_attendance(db, city, activity, teacher)
    await make_member(db, things["cohort"], teacher, admin)
    await make_result(db, activity, teacher, admin)
    await db.insert(
        Enrolment, {"id": new_id(), **own, "activity_id": activity["id"], "enrolled_at": NOW}
    )
    await make_evidence(db, activity, admin, teacher)
    await make_file(db, city.city, admin, teacher)
    await make_goal(db, teacher)
    await make_leave(db, activity["sessions"][0], teacher)
    note = await make_note(db, activity, teacher)
    again = "UPDATE note SET text = text || '补充', version = 2 WHERE id = $1"
    await db._driver.execute(again, note["id"])
    await make_sheet(db, teacher, admin, city.far_teacher, title="同一节课")
    await make_sheet(db, city.far_teacher, admin, teacher, title=f"听课{teacher['id']}")
    plan = {
        "kind": "individual", "title": "个人研修计划", "state": "draft", "since": NOW, "version": 0,
        "starts_on": TODAY, "ends_on": TODAY, "created_by": admin.actor.account_id,
    }  # fmt: skip
    await db.insert(Plan, {"id": new_id(), **own, **plan})
    receipt = {"survey_id": things["survey"]["id"], "answered_on": TODAY}
    await db.insert(SurveyReceipt, receipt | {"teacher_id": teacher["id"]})
    await make_problem(db, city.city, admin, teacher_id=teacher["id"])
    await put_claim(db, teacher)
    await make_human_review(db, teacher, activity)
    await put_loan(db, teacher, admin)
    await db.insert(ActivityCandidate, {"activity_id": activity["id"], "teacher_id": teacher["id"]})
    await make_outside_training(db, teacher, admin)
    await make_course(db, admin, unit_id=city.city["id"], responsible_id=teacher["id"])
    await make_learning(db, admin, things, teacher)
    await make_research(db, city, things["step"], teacher)
    await make_learned(db, city, things, teacher)


async def test_a_row_of_every_table_goes_along_and_takes_the_place(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    things = await make_things(db, city)
    await make_all(db, city, things, other)
    [session, *_] = (await make_activity(db, city.city, city.city_admin))["sessions"]
    await make_session_plan(db, city.city_admin, session, teacher_id=other["id"])
    await make_trainer(db, city.city, city.city_admin, other)
    for apprentice, mentor in ((other, city.colleague), (city.colleague, other)):
        await make_mentorship(db, city.city, city.city_admin, apprentice, mentor)
    assert set((await counts(driver, other)).values()) == {1}
    await merge_twins(db, resources, city.city_admin, one, other)
    assert set((await counts(driver, one)).values()) == {1}
    assert set((await counts(driver, other)).values()) == {0}
    for table in (
        "attendance", "contest_result", "credit_claim", "credit_loan", "human_review", "leave",
        "note", "observation_sheet", "plan",
    ):  # fmt: skip
        query = f"SELECT school_id, county_id FROM {table} WHERE teacher_id = $1"  # noqa: S608
        [row] = await driver.fetch(query, one["id"])
        assert tuple(row) == (one["school_id"], one["county_id"]), table


async def test_of_what_both_have_one_row_counts_and_the_other_stays_behind(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    things = await make_things(db, city)
    for teacher in (one, other):
        await make_all(db, city, things, teacher)
    await merge_twins(db, resources, city.city_admin, one, other)
    left = {column for column, rows in (await counts(driver, other)).items() if rows}
    assert left == {
        "activity_candidate.teacher_id", "archive_volume.teacher_id", "outside_training.teacher_id",
        "activity_staff.teacher_id", "assessment.teacher_id", "attendance.teacher_id",
        "checklist_tick.teacher_id", "course_completion.teacher_id", "course_judgement.teacher_id",
        "learning_doubt.teacher_id", "learning_progress.teacher_id",
        "choice.teacher_id", "cohort_member.teacher_id", "contest_result.teacher_id", "enrolment.teacher_id",
        "human_review.teacher_id", "incentive.teacher_id",
        "leave.teacher_id", "note.teacher_id", "notice_candidate.teacher_id", "survey_candidate.teacher_id",
        "observation_sheet.teacher_id", "survey_receipt.teacher_id", "topic_appraisal.expert_id",
    }  # fmt: skip
    found = await counts(driver, one)
    assert {found[column] for column in left} == {1}
    assert {found[column] for column in found.keys() - left} == {2, 0}


async def test_nobody_is_made_to_have_observed_oneself(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    await make_sheet(db, one, city.city_admin, other)
    await make_sheet(db, other, city.city_admin, one)
    await merge_twins(db, resources, city.city_admin, one, other)
    sheets = await driver.fetch("SELECT teacher_id, observer_id FROM observation_sheet")
    assert {tuple(row) for row in sheets} == {
        (one["id"], other["id"]),
        (other["id"], one["id"]),
    }


async def test_a_result_that_was_struck_at_the_one_does_not_keep_out_the_others(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    activity = await make_closed_activity(db, city.city, city.city_admin)
    by = {"superseded_by": city.city_admin.actor.account_id, "reason": "登记有误"}
    await make_result(db, activity, one, city.city_admin, superseded_at=NOW, **by)
    await make_result(db, activity, other, city.city_admin)
    await merge_twins(db, resources, city.city_admin, one, other)
    assert await count(driver, "contest_result.teacher_id", one) == 2


async def test_who_completed_a_cohort_has_completed_it_and_takes_one_place(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    admin = city.city_admin
    cohort = await make_cohort(db, await make_programme(db, city.city))
    by = {"decided_by": admin.actor.account_id, "decided_at": NOW, "opinion": "同意"}
    ended = {"ended_on": TODAY, "ended_by": admin.actor.account_id, "ended_because": "合格"}
    await make_member(db, cohort, one, admin, state="admitted", **by)
    results = ["met", "met"]
    await make_member(db, cohort, other, admin, state="completed", results=results, **by, **ended)
    await merge_twins(db, resources, admin, one, other)
    members = await list_cohort_members(
        db, admin.actor, cohort_id=cohort["id"], page=PageRequest(limit=10)
    )
    [member] = members.items
    assert (member["teacher_id"], member["state"], member["results"]) == (
        one["id"], "completed", results,
    )  # fmt: skip
    assert (await get_cohort(db, admin.actor, cohort_id=cohort["id"]))["teachers"] == 1


@pytest.mark.parametrize(
    ("here", "there", "after"),
    [
        ("absent", "excused", "excused"),
        ("excused", "late", "late"),
        ("late", "present", "present"),
        ("present", "late", "present"),
        ("left_early", "absent", "left_early"),
    ],
)
async def test_the_better_record_of_a_session_counts(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources,
    here: str, there: str, after: str,
) -> None:  # fmt: skip
    one, other = await make_twins(db, city, resources)
    activity = await make_closed_activity(db, city.city, city.city_admin)
    await attend(db, activity, [one], status=AttendanceStatus(here))
    await attend(db, activity, [other], status=AttendanceStatus(there))
    await merge_twins(db, resources, city.city_admin, one, other)
    status = "SELECT status FROM attendance WHERE teacher_id = $1"
    assert await driver.fetchval(status, one["id"]) == after


async def test_a_speaker_stays_a_speaker(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    activity = await make_closed_activity(db, city.city, city.city_admin)
    await attend(db, activity, [one])
    await attend(db, activity, [other], role=AttendanceRole.SPEAKER)
    await merge_twins(db, resources, city.city_admin, one, other)
    role = "SELECT role FROM attendance WHERE teacher_id = $1"
    assert await driver.fetchval(role, one["id"]) == "speaker"


async def test_of_two_entries_of_one_source_the_one_worth_more_stays(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    await make_pack(db, city.city)
    admin = city.city_admin
    activity = await make_closed_activity(db, city.city, admin, content=["ethics"])
    long = dict(activity["sessions"][0]) | {"id": new_id(), "ordinal": 2, "hours": Decimal("20.00")}
    await db.insert(ActivitySession, long)
    await attend(db, activity, [one])
    await attend(db, activity | {"sessions": [long]}, [other])
    await recognise_activity(db, admin.actor, activity_id=activity["id"], now=NOW)
    done = await merge_twins(db, resources, admin, one, other)
    assert (done["carried_over"], done["struck"]) == (1, 1)
    in_force = (
        "SELECT kind, attempt, hours, id FROM credit_entry e WHERE teacher_id = $1"
        " AND kind <> 'reverse' AND NOT EXISTS"
        " (SELECT FROM credit_entry r WHERE r.reverses_id = e.id)"
    )
    [stays] = await driver.fetch(in_force, one["id"])
    assert tuple(stays)[:3] == ("transfer_in", 2, Decimal("20.00"))
    assert not await driver.fetch(in_force, other["id"])
    struck = "SELECT reason FROM credit_entry WHERE teacher_id = $1 AND kind = 'reverse'"
    assert str(stays["id"]) in await driver.fetchval(struck, one["id"])
    assert (await verify_ledger(db)).finding is None
    # What was attended under both is recognised in full once the bureau reverses and recognises again.
    new = NewReversal(reason="合并后按两次出勤重新认定")
    await reverse_entry(db, admin.actor, entry_id=stays["id"], new=new, now=NOW)
    again = await recognise_activity(db, admin.actor, activity_id=activity["id"], now=NOW)
    assert again["entered"] == 1
    [whole] = await driver.fetch(in_force, one["id"])
    assert tuple(whole)[:3] == ("earn", 3, Decimal("30.00"))
    assert (await verify_ledger(db)).finding is None


async def test_a_rule_that_asks_for_what_was_earned_means_what_was_carried_over(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    peer = await enter_person(db, city, resources, name="王大力", id_number="E00000003")
    content = open_ended().model_dump(mode="json", exclude_defaults=True)
    cap = content["caps"][0] | {"id": "earned", "of": {"kind": ["earn"]}, "window": "cycle"}
    cap["maximum"] = cap["maximum"] | {"value": "1.00"}
    content["caps"].append(cap)
    await make_pack(db, city.city, PackDocument.model_validate(content))
    await make_recognised(db, city.city, city.city_admin, [other, peer], hours="40.00")
    await merge_twins(db, resources, city.city_admin, one, other)
    counted = "SELECT counted_credits, counted_hours FROM standing WHERE teacher_id = $1"
    [mine] = await driver.fetch(counted, one["id"])
    [theirs] = await driver.fetch(counted, peer["id"])
    assert theirs["counted_hours"] < Decimal("40.00"), "the cap cuts"
    assert tuple(mine) == tuple(theirs)


async def test_verification_finds_credit_or_a_standing_under_a_merged_record(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    await make_pack(db, city.city)
    await make_recognised(db, city.city, city.city_admin, [one, other])
    await driver.execute(
        "UPDATE teacher SET merged_into_id = $1 WHERE id = $2", one["id"], other["id"]
    )
    found = (await verify_ledger(db)).finding
    assert found is not None
    assert found.key["teacher_id"] == str(other["id"])


async def test_verification_finds_that_a_standing_of_what_was_reversed_is_gone(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, _ = await make_twins(db, city, resources)
    await make_pack(db, city.city)
    await make_recognised(db, city.city, city.city_admin, [one])
    entry = await driver.fetchval("SELECT id FROM credit_entry WHERE teacher_id = $1", one["id"])
    new = NewReversal(reason="误认定")
    await reverse_entry(db, city.city_admin.actor, entry_id=entry, new=new, now=NOW)
    await driver.execute("DELETE FROM standing WHERE teacher_id = $1", one["id"])
    found = (await verify_ledger(db)).finding
    assert found is not None
    assert found.table == "standing"


@pytest.mark.parametrize(
    "column",
    ["credit_entry.teacher_id", "account.teacher_id", "teacher.merged_into_id", "unit.id"],
)
async def test_the_database_moves_nothing_else(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources, column: str
) -> None:
    one, other = await make_twins(db, city, resources)
    await propose_twins(db, resources, city.city_admin, one, other)
    move = "SELECT move_to_survivor($1, $2, $3)"
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="do not go along"):
        async with db.transaction():
            await driver.execute(move, ["goal.teacher_id", column], other["id"], one["id"])


async def test_a_merged_record_owes_no_plan(
    db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources, "school")
    deadline = await make_deadline(
        db, city.school_admin, city.school, owed_by="teachers", kind="individual"
    )
    await merge_twins(db, resources, city.county_admin, one, other)
    owed = await list_plans_owed(db, city.school_admin.actor, deadline_id=deadline["id"])
    found = {row["owner_id"] for row in owed}
    assert (one["id"] in found, other["id"] in found) == (True, False)


async def make_facts(db: Connection, city: City, teacher: Row) -> None:
    """A fact of every kind that refers to a teacher, of 2015, and seats that are held today."""
    years = (date(2015, 9, 1), date(2016, 9, 1))
    assert FACTS.keys() == KINDS.keys()
    for name, kind in KINDS.items():
        at = {"school_id": city.school["id"]} if name in AT_A_SCHOOL else {}
        await make_fact(db, teacher, kind, *years, **FACTS[name], **at)
    group = await make_group(db, city.city, name=f"名师组{teacher['id']}")
    held = {"teacher_id": teacher["id"], "valid_from": date(2020, 9, 1)}
    head = {"id": new_id(), "group_id": group["id"], "duty": "head", **held}
    await db.insert(GroupMember, head)
    committee = await make_committee(db, city.city)
    seat = {"id": new_id(), "committee_id": committee["id"], "duty": "member", **held}
    await db.insert(CommitteeMember, seat)


async def believed(driver: asyncpg.Connection, teacher: Row) -> dict[str, int]:
    """How many rows of each table of dated facts are believed of a teacher."""
    found = {}
    for table in DATED:
        name = table.__tablename__
        query = f"SELECT count(*) FROM {name} WHERE teacher_id = $1 AND superseded_at IS NULL"  # noqa: S608
        found[str(name)] = await driver.fetchval(query, teacher["id"])
    return found


async def test_a_fact_of_every_kind_goes_along(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    before = await believed(driver, one)
    await make_facts(db, city, other)
    duty = {"unit_id": city.city["id"], "duty": "academic_office", "valid_from": TODAY}
    await db.insert(Responsibility, {"id": new_id(), "teacher_id": other["id"], **duty})
    await merge_twins(db, resources, city.city_admin, one, other)
    after = await believed(driver, one)
    # The post at the other school ends today and goes along too.
    assert {name: after[name] - before[name] for name in after} == {
        name: 2 if name == "teacher_post" else 1 for name in after
    }
    assert set((await believed(driver, other)).values()) == {0}


async def test_a_fact_that_both_have_is_believed_once(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    for teacher in (one, other):
        await make_facts(db, city, teacher)
    before = await believed(driver, one)
    await merge_twins(db, resources, city.city_admin, one, other)
    after = await believed(driver, one)
    gained = {name for name in after if after[name] > before[name]}
    assert gained == {"teacher_post", "group_member", "committee_member"}, "other groups and seats"
    assert set((await believed(driver, other)).values()) == {0}


async def test_it_takes_as_many_statements_however_much_there_is(
    db: Connection, city: City, resources: Resources
) -> None:
    await make_pack(db, city.city)
    spent = []
    for number, activities in enumerate((1, 6)):
        one = await enter_person(db, city, resources, id_number=f"E0000001{number}")
        other = await enter_person(db, city, resources, "far_school", id_number=f"E0000002{number}")
        for _ in range(activities):
            await make_recognised(db, city.city, city.city_admin, [other])
        merger = await propose_twins(db, resources, city.city_admin, one, other)
        before = db.statements
        await agree(db, city.city_admin, merger)
        spent.append(db.statements - before)
    assert spent[0] == spent[1]
