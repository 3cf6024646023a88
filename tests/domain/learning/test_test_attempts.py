import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from sqlalchemy import Uuid, bindparam, select

from app.database.pool import Pool
from app.domain.access.delegations import (
    Delegation,
    NewDelegation,
    create_delegation,
    revoke_delegation,
)
from app.domain.access.roles import Permission, Role
from app.domain.errors import NotAllowed
from app.domain.exchange.records import stream_record
from app.domain.learning.bank_questions import (
    AnsweredOtherwise,
    ChoiceNotOffered,
    FilledInTooLong,
    NewBankQuestion,
    revise_bank_question,
)
from app.domain.learning.course_completions import list_class_progress
from app.domain.learning.course_tests import CourseTestNotFound
from app.domain.learning.test_attempts import (
    AttemptNotFound,
    AttemptOver,
    AttemptsUsed,
    CourseTestAnswersKnown,
    CourseTestNotOpen,
    CourseTestOfOneself,
    NoPlaceForTest,
    PaperWithoutQuestion,
    get_test_attempt,
    has_test,
    list_own_test_attempts,
    list_taken_tests,
    passed,
    start_test_attempt,
)
from app.domain.learning.test_attempts.beginning import _DRAW
from app.domain.paging import PageRequest
from app.domain.training.attendance import AttendanceRole, AttendanceStatus
from app.request import Resources
from app.sql import Connection, Row, Statement, new_id
from tests import make_courses
from tests import make_tests as making
from tests.make import (
    NOW,
    TODAY,
    City,
    Person,
    make_account,
    make_attendance,
    make_city,
    make_group,
)
from tests.make_completions import TEST, make_class_with

PAGE = PageRequest(limit=100)
PARTICIPATE = Permission.PARTICIPATE
_BOUND = [bindparam(name, type_=Uuid) for name in ("activity_id", "teacher_id")]
_PASSED = Statement(select(passed(*_BOUND), has_test(_BOUND[0])))


async def outcome_of(db: Connection, test: Row, city: City) -> list[bool]:
    row = await db.one(_PASSED, activity_id=test["activity_id"], teacher_id=city.teacher["id"])
    return list((row or {}).values())


async def test_an_attempt_is_begun_saved_and_handed_in(db: Connection, city: City) -> None:
    who = city.teacher_account
    test = await making.make_test(db, city, (await making.make_bank(db, city))[:5])
    before = db.statements
    attempt = await making.start(db, who, test)
    assert db.statements - before == 7
    assert (attempt["number"], attempt["state"], attempt["points"]) == (1, "open", 10)
    paper = await making.paper_of(db, who, attempt)
    assert [each["ordinal"] for each in paper] == [1, 2, 3, 4, 5]
    assert paper[0]["options"] == making.YES_NO
    before = db.statements
    await making.save(db, who, attempt, making.RIGHT)
    assert db.statements - before == 6
    done = await making.hand_in(db, who, attempt)
    assert (done["state"], done["score"], done["passed"]) == ("marked", 10, True)
    assert await making.hand_in(db, who, attempt, NOW + timedelta(days=1)) == done
    assert await outcome_of(db, test, city) == [True, True]
    [taken] = (
        await list_taken_tests(db, city.school_admin.actor, test_id=test["id"], page=PAGE)
    ).items
    assert (taken["name"], taken["score"]) == (city.teacher["name"], 10)
    own = await list_own_test_attempts(db, who.actor, page=PAGE, test_id=test["id"])
    assert own.items == [done]


async def test_what_is_right_is_told_to_nobody_before_it_is_over(
    db: Connection, city: City
) -> None:
    who = city.teacher_account
    test = await making.make_test(
        db, city, (await making.make_bank(db, city))[:1], attempts_allowed=2,
        solutions_shown="at_once",
    )  # fmt: skip
    secret = ("awarded", "comment", "correct", "explanation")
    attempt = await making.start(db, who, test)
    await making.save(db, who, attempt, {1: {"choices": ["a"]}})
    [question] = await making.paper_of(db, who, attempt)
    assert [question[name] for name in secret] == [None] * 4
    assert (question["answer"], question["revision"]) == (["a"], 1)
    row = await get_test_attempt(db, who.actor, attempt_id=attempt["id"])
    assert (row["score"], row["passed"]) == (None, None)
    assert await outcome_of(db, test, city) == [False, True]
    await making.hand_in(db, who, attempt)
    # The result is shown, but not what is right: there is another attempt to be made.
    [question] = await making.paper_of(db, who, attempt)
    assert [question[name] for name in secret] == [2, None, None, None]
    await making.take(db, who, test, {1: {}})
    [question] = await making.paper_of(db, who, attempt)
    assert (question["correct"], question["explanation"]) == (
        ["a"], making.SINGLE["explanation"]
    )  # fmt: skip


@pytest.mark.parametrize(("shown", "score"), [("never", None), ("after_close", None)])
async def test_a_result_that_is_not_to_be_shown_is_not(
    db: Connection, city: City, shown: str, score: None
) -> None:
    test = await making.make_test(
        db, city, (await making.make_bank(db, city))[:1], result_shown=shown,
        solutions_shown=shown, closes_at=making.FAR_AWAY,
    )  # fmt: skip
    done = await making.take(db, city.teacher_account, test, {1: {"choices": ["a"]}})
    assert (done["state"], done["score"], done["passed"]) == ("marked", score, None)
    [question] = await making.paper_of(db, city.teacher_account, done)
    assert (question["awarded"], question["correct"]) == (None, None)
    # It counts all the same.
    assert await outcome_of(db, test, city) == [True, True]


async def test_past_its_time_an_attempt_counts_what_was_saved_in_time(
    db: Connection, city: City
) -> None:
    who, now = city.teacher_account, making.LONG_AGO
    test = await making.make_test(
        db, city, (await making.make_bank(db, city))[:5], minutes=30, pass_percent=20,
        closes_at=now + timedelta(hours=1), solutions_shown="after_close",
    )  # fmt: skip
    attempt = await making.start(db, who, test, now)
    assert attempt["due_at"] == now + timedelta(minutes=30)
    await making.save(db, who, attempt, {1: {"choices": ["a"]}}, now=now)
    late = now + timedelta(minutes=30)
    with pytest.raises(AttemptOver):
        await making.save(db, who, attempt, {2: {"choices": ["a", "c"]}}, now=late)
    row = await making.hand_in(db, who, attempt, late)
    assert (row["handed_in_at"], row["state"], row["score"], row["passed"]) == (
        None, "marked", 2, True
    )  # fmt: skip
    assert (await making.paper_of(db, who, attempt))[0]["correct"] == ["a"]
    assert await outcome_of(db, test, city) == [True, True]
    # The test closes before the minutes of one who begins late are up.
    with pytest.raises(AttemptsUsed) as refused:
        await making.start(db, who, test, late)
    assert refused.value.details == {"attempts": 1}
    with pytest.raises(CourseTestNotOpen):
        await making.start(db, who, test, now + timedelta(hours=1))


async def test_what_comes_twice_or_late_from_a_device_changes_nothing(
    db: Connection, city: City
) -> None:
    who = city.teacher_account
    test = await making.make_test(db, city, (await making.make_bank(db, city))[:2])
    attempt = await making.start(db, who, test)
    await making.save(db, who, attempt, {1: {"choices": ["a"]}}, revision=3)
    await making.save(db, who, attempt, {1: {"choices": ["b"]}}, revision=2)
    await making.save(db, who, attempt, {1: {"choices": ["b"]}}, revision=3)
    first = (await making.paper_of(db, who, attempt))[0]
    assert (first["answer"], first["revision"]) == (["a"], 3)
    await making.save(db, who, attempt, {1: {}}, revision=4)  # taken back
    assert (await making.paper_of(db, who, attempt))[0]["answer"] == []
    assert (await making.hand_in(db, who, attempt))["score"] == 0


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        ({1: {"text": "a"}}, AnsweredOtherwise),
        ({1: {"choices": ["z"]}}, ChoiceNotOffered),
        ({1: {"choices": ["a", "b"]}}, ChoiceNotOffered),
        ({2: {"choices": ["a", "a"]}}, ChoiceNotOffered),
        ({5: {"text": "长" * 201}}, FilledInTooLong),
        ({7: {"text": "长"}}, PaperWithoutQuestion),
    ],
)
async def test_answers_that_are_none_are_refused(
    db: Connection, city: City, answer: dict[int, Any], refusal: type[Exception]
) -> None:
    test = await making.make_test(db, city, await making.make_bank(db, city))
    attempt = await making.start(db, city.teacher_account, test)
    with pytest.raises(refusal):
        await making.save(db, city.teacher_account, attempt, {3: {"is_true": True}} | answer)
    paper = await making.paper_of(db, city.teacher_account, attempt)
    assert {each["answer"] is None for each in paper} == {True}


async def test_who_has_no_place_takes_no_test(db: Connection, city: City) -> None:
    test = await making.make_test(db, city, (await making.make_bank(db, city))[:1])
    with pytest.raises(NoPlaceForTest):
        await making.start(db, city.colleague_account, test)
    with pytest.raises(CourseTestNotFound):
        await making.start(db, city.sibling_teacher_account, test)
    with pytest.raises(NotAllowed):
        await making.start(db, city.school_admin, test)


@pytest.mark.parametrize(
    ("status", "role", "takes"),
    [
        ("late", "participant", True),
        ("absent", "participant", False),
        ("present", "speaker", False),
    ],
)
async def test_who_came_without_a_place_takes_what_is_asked_of_them(
    db: Connection, city: City, status: str, role: str, takes: bool
) -> None:
    """Exactly those of whom the conditions of the class ask the test."""
    by, who = city.school_admin, city.colleague_account
    made = await make_class_with(db, city, TEST)
    activity_id = made["activity_id"]
    bank = await making.make_bank(db, city, making.SINGLE)
    test = await making.make_test(db, city, bank, activity_id=activity_id)
    await make_attendance(
        db, made["sessions"][0], by, city.colleague,
        status=AttendanceStatus(status), role=AttendanceRole(role),
    )  # fmt: skip
    rows = await list_class_progress(db, by.actor, activity_id=activity_id)
    assert [row["teacher_id"] for row in rows] == [city.colleague["id"]] * takes
    if not takes:
        with pytest.raises(NoPlaceForTest):
            await making.start(db, who, test)
        return
    assert [row["is_met"] for row in rows] == [False]
    attempt = await making.take(db, who, test, {1: {"choices": ["a"]}})
    assert attempt["activity_id"] == activity_id
    [row] = await list_class_progress(db, by.actor, activity_id=activity_id)
    assert row["is_met"]


async def test_who_made_a_test_does_not_take_it(db: Connection, city: City) -> None:
    test = await making.make_test(db, city, (await making.make_bank(db, city))[:1])
    await db._driver.execute(
        "UPDATE course_test SET published_by = $1", city.teacher_account.actor.account_id
    )
    with pytest.raises(CourseTestOfOneself):
        await making.start(db, city.teacher_account, test)


async def test_who_may_read_what_is_right_does_not_take_a_test(db: Connection, city: City) -> None:
    who = city.teacher_account
    test = await making.make_test(db, city, (await making.make_bank(db, city))[:1])
    administrator = making.with_role_of(who, city.school_admin)
    # An application that may not write courses for the person changes nothing about what the person reads.
    through = replace(administrator.actor, client_id=new_id(), scopes=frozenset({PARTICIPATE}))
    for actor in (administrator.actor, through):
        with pytest.raises(CourseTestAnswersKnown):
            await start_test_attempt(db, actor, test_id=test["id"], now=NOW)
    page = await list_own_test_attempts(db, who.actor, page=PAGE)
    assert page.items == []
    # A role elsewhere, and one here that reads no answers, keep nobody from it.
    for other in (city.sibling_admin, city.auditor):
        elsewhere = making.with_role_of(who, other)
        assert (await making.start(db, elsewhere, test))["state"] == "open"


async def test_a_delegate_who_reads_what_is_right_does_not_take_a_test(
    db: Connection, city: City
) -> None:
    """Nor does one who has given the delegation back since the test was drafted."""
    who = city.teacher_account
    given: dict[str, Any] = {
        "subject_id": city.school["id"], "delegate_id": who.actor.account_id, "reason": "外出学习",
        "valid_to": TODAY + timedelta(days=7),
    }  # fmt: skip

    async def delegate(by: Person, permission: Permission, **changed: Any) -> Row:
        new = NewDelegation(**given | changed, permissions=[permission])
        return await create_delegation(db, by.actor, new=new, now=NOW)

    before = await delegate(city.school_admin, Permission.COURSE_WRITE)
    await revoke_delegation(
        db, who.actor, delegation_id=before["id"], now=NOW - timedelta(minutes=1)
    )
    test = await making.make_test(db, city, (await making.make_bank(db, city))[:1])
    held = await delegate(city.county_admin, Permission.COURSE_WRITE, subject_id=city.county["id"])
    with pytest.raises(CourseTestAnswersKnown):
        await making.start(db, who, test)
    later = NOW + timedelta(minutes=1)
    await revoke_delegation(db, who.actor, delegation_id=held["id"], now=later)
    with pytest.raises(CourseTestAnswersKnown):
        await making.start(db, who, test)
    assert (await list_own_test_attempts(db, who.actor, page=PAGE)).items == []
    # Another who acts for the same people elsewhere, or in what reads no answers, takes it.
    await db._driver.execute("UPDATE delegation SET revoked_at = $1", NOW - timedelta(minutes=1))
    await delegate(city.school_admin, Permission.GROUP_WRITE)
    elsewhere = {"subject_id": city.sibling["id"], "permissions": [Permission.COURSE_WRITE]}
    granter = {"granter_id": city.sibling_admin.actor.account_id, "given_at": NOW}
    await db.insert(Delegation, {"id": new_id(), **given, **elsewhere, **granter})
    assert (await making.start(db, who, test))["state"] == "open"


async def test_who_leads_a_group_does_not_take_what_draws_from_its_bank(
    db: Connection, city: City
) -> None:
    """The test is the school's; one of its questions is of the group, whose leader reads it there."""
    who, group = city.teacher_account, await make_group(db, city.school)
    leader = making.with_role_of(who, await make_account(db, "组长", Role.GROUP_LEADER, group))
    other = await make_group(db, city.school, name="数学教研组")
    of_other = making.with_role_of(who, await make_account(db, "组长", Role.GROUP_LEADER, other))
    bank = await making.make_bank(db, city, making.SINGLE)
    bank += await making.add(db, city.school_admin, making.NUMBER, group_id=group["id"])
    test = await making.make_test(db, city, bank)
    with pytest.raises(CourseTestAnswersKnown):
        await making.start(db, leader, test)
    assert (await making.start(db, of_other, test))["number"] == 1


async def test_one_teacher_sees_nothing_of_another(db: Connection, city: City) -> None:
    test = await making.make_test(db, city, (await making.make_bank(db, city))[:1])
    attempt = await making.take(db, city.teacher_account, test, {1: {"choices": ["a"]}})
    for other in (city.colleague_account, city.sibling_admin):
        with pytest.raises(AttemptNotFound):
            await get_test_attempt(db, other.actor, attempt_id=attempt["id"])
    for above in (city.school_admin, city.auditor, city.county_admin):
        with pytest.raises(NotAllowed):
            await get_test_attempt(db, above.actor, attempt_id=attempt["id"])


async def test_a_question_that_is_revised_stays_as_it_was_in_a_test(
    db: Connection, city: City
) -> None:
    bank = await making.make_bank(db, city)
    test = await making.make_test(db, city, bank[:1])
    attempt = await making.start(db, city.teacher_account, test)
    new = NewBankQuestion.model_validate(making.SINGLE | {"correct": ["b"], "text": "改过的题目"})
    await revise_bank_question(
        db, city.school_admin.actor, question_id=bank[0]["id"], new=new, now=NOW
    )
    await making.save(db, city.teacher_account, attempt, {1: {"choices": ["a"]}})
    assert (await making.hand_in(db, city.teacher_account, attempt))["score"] == 2
    [question] = await making.paper_of(db, city.teacher_account, attempt)
    assert question["text"] == making.SINGLE["text"]


@pytest.mark.parametrize(("counted", "is_passed"), [("best", True), ("last", False)])
async def test_the_best_or_the_last_attempt_counts(
    db: Connection, city: City, counted: str, is_passed: bool
) -> None:
    test = await making.make_test(
        db, city, (await making.make_bank(db, city))[:1], attempts_allowed=3, counted=counted
    )
    who = city.teacher_account
    await making.take(db, who, test, {1: {"choices": ["a"]}})
    second = await making.take(db, who, test, {1: {"choices": ["b"]}})
    assert (second["number"], second["passed"]) == (2, False)
    # One that is under way counts as none.
    await making.start(db, who, test)
    assert await outcome_of(db, test, city) == [is_passed, True]


async def test_a_test_of_a_course_is_taken_in_its_class(db: Connection, city: City) -> None:
    course = await make_courses.make_school_course(db, city)
    run = await make_courses.make_run(db, city.school_admin, course)
    made = await make_courses.make_published_class(db, city.school_admin, run)
    await making.enrol(db, city.teacher_account, made)
    bank = await making.make_bank(db, city)
    test = await making.make_test(db, city, bank[:1], course_id=course["id"])
    taken = await making.take(db, city.teacher_account, test, {1: {"choices": ["a"]}})
    assert taken["activity_id"] == made["activity_id"]
    assert await outcome_of(db, taken, city) == [True, True]
    second = await making.make_test(db, city, bank[1:2], activity_id=made["activity_id"])
    # Both are owed.
    assert await outcome_of(db, second, city) == [False, True]


async def test_it_is_taken_in_the_class_that_goes_on(db: Connection, city: City) -> None:
    course, by = await make_courses.make_school_course(db, city), city.school_admin
    classes = []
    for _ in range(2):
        run = await make_courses.make_run(db, by, course)
        classes.append(await make_courses.make_published_class(db, by, run))
        await making.enrol(db, city.teacher_account, classes[-1])
    await db._driver.execute(
        "UPDATE activity SET state = 'cancelled' WHERE id = $1", classes[1]["activity_id"]
    )
    bank = await making.make_bank(db, city, making.SINGLE)
    test = await making.make_test(db, city, bank, course_id=course["id"])
    attempt = await making.start(db, city.teacher_account, test)
    assert attempt["activity_id"] == classes[0]["activity_id"]


async def test_a_paper_is_drawn_part_by_part_from_a_large_bank(db: Connection, city: City) -> None:
    """By the seed that is kept the same is drawn; no more is read than a paper has."""
    bank = await making.make_bank(
        db, city, *({**making.SINGLE, "text": f"第 {n} 种提问", "points": n} for n in range(1, 41))
    )
    named = [str(row["id"]) for row in bank[:3]]
    made = await make_class_with(db, city, TEST)
    for who in (city.teacher_account, city.colleague_account):
        await making.enrol(db, who, made)
    test = await making.draft(
        db, city.school_admin, [], activity_id=made["activity_id"],
        sections=[{"question_ids": named}, {"draw": 10}],
    )  # fmt: skip
    await making.publish(db, city.school_admin, test)
    papers = []
    for who in (city.teacher_account, city.colleague_account):
        attempt = await making.start(db, who, test)
        points = [row["points"] for row in await making.paper_of(db, who, attempt)]
        assert points[:3] == [1, 2, 3]
        # Each part in its order, each question once, and none of those that the first part has.
        assert len(set(points)) == 13
        assert points[3:] == sorted(points[3:])
        assert min(points[3:]) > 3
        papers.append(points)
        seed = await db._driver.fetchval(
            "SELECT seed FROM course_test_attempt WHERE id = $1", attempt["id"]
        )
        drawn = await db.all(
            _DRAW, test_id=test["id"], seed=str(seed), sections=[0, 1], draws=[3, 10]
        )
        assert [Decimal(row["document"]["points"]) for row in drawn] == points
    assert papers[0] != papers[1]


async def test_an_activity_without_a_test_is_passed_by_nobody(db: Connection, city: City) -> None:
    made = await making.make_class(db, city)
    assert await outcome_of(db, made, city) == [False, False]


async def test_two_that_are_begun_at_once_are_one(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        test = await making.make_test(db, city, (await making.make_bank(db, city))[:1])

    async def begin() -> Row:
        async with real_pool.transaction() as db:
            return await making.start(db, city.teacher_account, test)

    begun = await asyncio.gather(*(begin() for _ in range(4)))
    assert len({row["id"] for row in begun}) == 1
    assert {row["number"] for row in begun} == {1}


async def test_what_was_said_is_in_the_own_record_and_in_no_trail(
    db: Connection, city: City
) -> None:
    """Neither the record of an open attempt nor the audit trail tells what is right or what it is worth."""
    test = await making.make_test(db, city, await making.make_bank(db, city, making.SINGLE))
    attempt = await making.start(db, city.teacher_account, test)
    await making.save(db, city.teacher_account, attempt, {1: {"choices": ["a"]}})
    pieces = [piece async for piece in stream_record(db, city.teacher_account.actor, now=NOW)]
    record = msgspec.json.decode(b"".join(pieces))
    [kept] = record["course_test_attempt"]
    assert kept["given"]["1"]["said"] == ["a"]
    assert not {"awarded", "correct", "score"} & kept.keys()
    changes = await db._driver.fetch(
        "SELECT table_name, before, after FROM audit_change WHERE table_name LIKE ANY ($1)",
        ["bank_question%", "course_test%"],
    )
    told = [each for row in changes for each in (row["before"], row["after"]) if each]
    assert {row["table_name"] for row in changes} >= {
        "bank_question", "bank_question_version", "course_test_attempt", "course_test_answer"
    }  # fmt: skip
    for name in ("correct", "explanation", "document", "given", "seed", "awarded"):
        assert {str(each[name]) for each in told if name in each} <= {"None", "hidden", "***"}, name
