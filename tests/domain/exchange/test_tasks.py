"""One list over all workflows: what waits is there, is gone when done, and waits at a place."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Enum

from app.database.migrations import all_tables
from app.domain.access.actors import Actor
from app.domain.access.roles import Permission, Role
from app.domain.exchange.tasks import WORKFLOWS, TaskKind, list_task_counts, list_tasks
from app.domain.paging import BadCursor, PageRequest, UnknownSort
from app.domain.people.corrections import CorrectionOpinion, decline_correction
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_activity, make_group
from tests.make_attendance import make_leave
from tests.make_notices import make_notice
from tests.make_personal import make_correction
from tests.make_tasks import MAKERS

PAGE = PageRequest(limit=100)


async def tasks_of(db: Connection, who: Person, **asked: Any) -> list[Row]:
    given: dict[str, Any] = {"page": PAGE, "now": NOW} | asked
    return (await list_tasks(db, who.actor, **given)).items


def test_the_page_names_every_kind() -> None:
    page = (Path(__file__).parents[3] / "docs" / "tasks.md").read_text()
    assert [kind for kind in TaskKind if f"`{kind.value}`" not in page] == []


@pytest.mark.parametrize("kind", MAKERS)
async def test_what_waits_is_found_by_who_is_to_do_it(
    db: Connection, city: City, kind: TaskKind
) -> None:
    made = await MAKERS[kind](db, city)
    before = db.statements
    found = [row for row in await tasks_of(db, made.doer) if row["kind"] == kind]
    assert db.statements - before == 1
    assert [(row["subject_id"], row["waits_at"]) for row in found] == [(made.subject_id, made.at)]
    assert not found[0]["escalated"]
    assert found[0]["title"]
    assert await tasks_of(db, made.doer, kind=kind) == found
    everybody = [
        city.city_admin, city.county_admin, city.school_admin, city.sibling_admin, city.auditor,
        city.other_county_admin, city.teacher_account,
    ]  # fmt: skip
    for other in everybody:
        rows = await tasks_of(db, other, kind=kind)
        assert made.at not in {row["waits_at"] for row in rows} or other is made.doer
    counts = await list_task_counts(db, made.doer.actor, now=NOW)
    assert {"kind": kind, "tasks": 1, "overdue": 0, "escalated": 0} in counts or found[0]["overdue"]


@pytest.mark.parametrize(
    "kind",
    [TaskKind.EXERCISE_TO_REVIEW, TaskKind.ANSWERS_TO_MARK, TaskKind.ANSWER_RECHECK_TO_DECIDE],
)
async def test_what_stayed_with_a_merged_record_is_nobodys_work(
    db: Connection, city: City, kind: TaskKind
) -> None:
    """Its doors are closed, so that it could never be done."""
    made = await MAKERS[kind](db, city)
    await db._driver.execute(
        "UPDATE teacher SET merged_into_id = $1 WHERE id = $2",
        city.colleague["id"], city.teacher["id"],
    )  # fmt: skip
    assert await tasks_of(db, made.doer, kind=kind) == []


async def test_work_is_gone_when_it_was_done(db: Connection, city: City) -> None:
    row = await make_correction(db, city.teacher)
    assert [each["title"] for each in await tasks_of(db, city.school_admin)] == ["测试甲"]
    opinion = CorrectionOpinion(opinion="与证件一致，无须更正")
    await decline_correction(
        db, city.school_admin.actor, correction_id=row["id"], decision=opinion, now=NOW
    )
    assert await tasks_of(db, city.school_admin) == []


async def test_a_new_clerk_finds_what_the_last_one_left(db: Connection, city: City) -> None:
    await make_correction(db, city.teacher)
    await make_notice(db, city.county, city.county_admin)
    left = await tasks_of(db, city.school_admin)
    assert len(left) == 2
    successor = await make_account(db, "successor", Role.SCHOOL_ADMIN, city.school)
    assert await tasks_of(db, successor) == left


async def test_what_belongs_to_a_group_waits_for_its_leader(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    activity = await make_activity(db, city.school, city.school_admin, group=group)
    await make_leave(db, activity["sessions"][0], city.teacher)
    leave = TaskKind.LEAVE_TO_DECIDE
    (task,) = await tasks_of(db, leader, kind=leave)
    assert (task["waits_at"], task["overdue"]) == (group["id"], False)
    assert await tasks_of(db, city.school_admin, kind=leave) == []


@pytest.mark.parametrize(("days", "escalated"), [(7, False), (8, True)])
async def test_what_stays_undone_is_found_above(
    db: Connection, city: City, days: int, escalated: bool
) -> None:
    due = {"due_on": date(2026, 11, 20) - timedelta(days=days)}
    await make_notice(db, city.county, city.county_admin, city.school, **due)
    (here,) = await tasks_of(db, city.school_admin)
    assert (here["overdue"], here["escalated"]) == (True, False)
    above = await tasks_of(db, city.county_admin)
    assert [each["escalated"] for each in above] == [True] * escalated
    assert await tasks_of(db, city.city_admin) == []
    assert await tasks_of(db, city.other_county_admin) == []
    if escalated:
        counts = await list_task_counts(db, city.county_admin.actor, now=NOW)
        kind = TaskKind.NOTICE_TO_CONFIRM
        assert counts == [{"kind": kind, "tasks": 1, "overdue": 1, "escalated": 1}]


@pytest.mark.parametrize(("days", "escalated"), [(21, 0), (22, 1)])
async def test_what_has_no_due_day_is_found_above_later(
    db: Connection, city: City, days: int, escalated: int
) -> None:
    await make_correction(db, city.teacher, asked_at=NOW - timedelta(days=days))
    (here,) = await tasks_of(db, city.school_admin)
    assert here["due_on"] is None
    assert not here["overdue"]
    assert len(await tasks_of(db, city.county_admin)) == escalated


async def test_nobody_is_told_to_decide_about_themselves(db: Connection, city: City) -> None:
    await make_correction(db, city.teacher)
    own = await make_account(db, "both", Role.SCHOOL_ADMIN, city.school)
    object.__setattr__(own.actor, "teacher_id", city.teacher["id"])
    assert await tasks_of(db, own) == []
    made = await MAKERS[TaskKind.PLAN_TO_REVIEW](db, city)
    as_reviewer = Actor(
        account_id=city.school_admin.actor.account_id, grants=made.doer.actor.grants
    )
    page = await list_tasks(db, as_reviewer, page=PAGE, now=NOW)
    assert made.subject_id not in {row["subject_id"] for row in page.items}


async def test_a_ceiling_leaves_out_what_it_does_not_permit(db: Connection, city: City) -> None:
    await make_correction(db, city.teacher)
    admin = city.school_admin.actor
    for scopes, number in ((Permission.UNIT_READ, 0), (Permission.CORRECTION_DECIDE, 1)):
        actor = Actor(account_id=admin.account_id, grants=admin.grants, scopes=frozenset({scopes}))
        assert len((await list_tasks(db, actor, page=PAGE, now=NOW)).items) == number
    assert await tasks_of(db, city.integration) == []
    assert await list_task_counts(db, city.integration.actor, now=NOW) == []


async def test_the_list_is_sorted_filtered_and_read_in_pages(db: Connection, city: City) -> None:
    for days in (3, 1, 2):
        due = date(2026, 11, 18) + timedelta(days=days)
        await make_notice(db, city.county, city.county_admin, city.school, due_on=due)
    await make_notice(
        db, city.county, city.county_admin, city.school, due_on=date(2026, 11, 15), title="已逾期"
    )
    for each in (city.teacher, city.colleague):
        await make_correction(db, each)
    everything = await tasks_of(db, city.school_admin)
    dues = [row["due_on"] for row in everything]
    assert dues == [date(2026, 11, day) for day in (15, 19, 20, 21)] + [None, None]
    for sort in ("due_on", "-due_on", "since", "-since"):
        whole = await tasks_of(db, city.school_admin, page=PageRequest(limit=100, sort=sort))
        parts, cursor = [], None
        while True:
            request = PageRequest(limit=2, cursor=cursor, sort=sort)
            part = await list_tasks(db, city.school_admin.actor, page=request, now=NOW)
            parts += part.items
            cursor = part.next
            if cursor is None:
                break
        assert parts == whole
    late = await tasks_of(db, city.school_admin, overdue=True)
    assert late == everything[:2]
    assert late[0]["title"] == "已逾期"
    assert len(await tasks_of(db, city.school_admin, overdue=False)) == 4
    page = await list_tasks(db, city.school_admin.actor, page=PAGE, now=NOW)
    assert page.total is not None
    assert await page.total.count(db, [None]) == {None: 6}
    with pytest.raises(UnknownSort):
        await tasks_of(db, city.school_admin, page=PageRequest(sort="title"))
    with pytest.raises(BadCursor):
        await tasks_of(db, city.school_admin, page=PageRequest(cursor="bogus"))


async def test_all_kinds_at_once_are_one_statement(db: Connection, city: City) -> None:
    for kind in (TaskKind.CORRECTION_TO_DECIDE, TaskKind.PROBLEM_TO_TRIAGE, TaskKind.PLAN_OWED):
        await MAKERS[kind](db, city)
    before = db.statements
    counts = await list_task_counts(db, city.school_admin.actor, now=NOW)
    assert db.statements - before == 1
    assert [row["kind"] for row in counts] == sorted(
        ["correction_to_decide", "problem_to_triage", "plan_owed"]
    )


# The register of workflows.

NOTHING_WAITS = {
    "collection_form": "Its returns wait with the schools.",
    "course_test": "It waits for those who take it, until it closes by itself.",
    "delivery": "Worked through by the processes themselves.",
    "model_case_version": "It waits with its case.",
    "discussion": "Closed when it has been talked out, which nobody owes.",
    "teacher_state": "Whether somebody is in service.",
    "notice_reading": "A notice waits until there is such a row.",
    "export": "Made by the processes themselves.",
    "what_if": "Counted by the processes themselves; whoever asked follows it.",
    "import": "Worked on by the processes themselves; whoever handed it in follows it.",
    "import_row": "What became of a row of a file.",
    "province_record": "Waits for the province, not for anybody here.",
    "province_submission": "Worked through by the processes themselves.",
    "reconciliation": "Worked through by the processes themselves.",
    "identity_request": "Good for minutes, on the page of signing in.",
    "webhook_message": "Worked through by the processes themselves; a webhook that fails is a task.",
}
"""Tables that look as if something waited in them, with the reason why nothing does."""

_DONE = ("decided_at", "answered_at", "reviewed_at", "appraised_at", "confirmed_at", "closed_at",
         "summarised_at")  # fmt: skip


def test_every_table_in_which_something_waits_has_its_entry() -> None:
    tables = all_tables().tables
    looking = {
        name
        for name, table in tables.items()
        if isinstance(getattr(table.c.get("state"), "type", None), Enum)
        or any(done in table.c and table.c[done].nullable for done in _DONE)
    }
    covered = {each.table.__tablename__ for each in WORKFLOWS}
    assert looking - covered == NOTHING_WAITS.keys()


def test_every_kind_has_its_workflow_and_is_tried() -> None:
    assert {each.kind for each in WORKFLOWS} == set(TaskKind) == set(MAKERS)
