import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import NotAllowed
from app.domain.learning.exercise_submissions import (
    ExerciseHandedIn,
    ExerciseNotForYou,
    ExerciseOfOneself,
    ExerciseReview,
    ExerciseReviewed,
    ExerciseSubmissionNotFound,
    NewExerciseSubmission,
    create_exercise_submission_link,
    exercise_submissions_by_id,
    get_exercise_submission,
    list_exercise_submissions,
    list_exercise_submissions_to_review,
    list_own_exercise_submissions,
)
from app.domain.learning.exercises import (
    ExerciseNotFound,
    ExercisesSettled,
    ExerciseWithdrawn,
    withdraw_exercise,
)
from app.domain.paging import PageRequest
from app.domain.training.enrolments import enrol_oneself
from app.domain.training.evidence import forget_unattached_files
from app.domain.training.files import (
    FileKeptInside,
    FileLinks,
    FileNotFound,
    FileSharing,
    NewFileLink,
    get_file,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_activity, make_city
from tests.make_completions import (
    EXERCISES,
    LATER,
    attend,
    close_class,
    hand_in,
    make_class_with,
    make_exercise,
    review,
    settle,
)
from tests.make_evidence import make_file
from tests.make_forms import make_staff

PAGE = PageRequest(limit=100)


async def make_given(db: Connection, city: City) -> tuple[Row, Row]:
    """An activity of the county in which the teacher has a place, with an exercise."""
    activity = await make_activity(db, city.county, city.county_admin)
    await enrol_oneself(db, city.teacher_account.actor, activity_id=activity["id"], now=NOW)
    return activity, await make_exercise(db, city.county_admin, activity)


async def test_it_is_handed_in_and_again_once_it_was_returned(db: Connection, city: City) -> None:
    activity, exercise = await make_given(db, city)
    before = db.statements
    first = await hand_in(db, city.teacher_account, exercise)
    assert db.statements - before == 4
    assert (first["number"], first["state"], first["is_late"]) == (1, "waiting", False)
    with pytest.raises(ExerciseHandedIn):
        await hand_in(db, city.teacher_account, exercise)
    returned = await review(db, city.county_admin, first, accepted=False)
    assert (returned["state"], returned["name"], returned["comment"]) == (
        "returned", "测试甲", "请结合课例。",
    )  # fmt: skip
    with pytest.raises(ExerciseReviewed):
        await review(db, city.county_admin, first)
    late = NOW + timedelta(days=8)
    second = await hand_in(db, city.teacher_account, exercise, at=late, text="重写的追问。")
    assert (second["number"], second["is_late"]) == (2, True)
    done = await review(db, city.county_admin, second, score="92.5")
    assert (done["state"], str(done["score"])) == ("accepted", "92.50")
    with pytest.raises(ExerciseHandedIn):
        await hand_in(db, city.teacher_account, exercise)
    own = await list_own_exercise_submissions(db, city.teacher_account.actor, page=PAGE)
    assert [(row["number"], row["state"], row["text"]) for row in own.items] == [
        (1, "returned", "三个追问。"), (2, "accepted", "重写的追问。"),
    ]  # fmt: skip
    page = await list_exercise_submissions(
        db, city.county_admin.actor, activity_id=activity["id"], page=PAGE, state="accepted"  # type: ignore[arg-type]
    )  # fmt: skip
    assert [row["id"] for row in page.items] == [second["id"]]


async def test_only_who_takes_part_hands_in(db: Connection, city: City) -> None:
    _, exercise = await make_given(db, city)
    with pytest.raises(ExerciseNotForYou):
        await hand_in(db, city.colleague_account, exercise)
    with pytest.raises(NotAllowed):
        await hand_in(db, city.school_admin, exercise)
    elsewhere = await make_activity(db, city.sibling, city.sibling_admin)
    theirs = await make_exercise(db, city.sibling_admin, elsewhere)
    with pytest.raises(ExerciseNotFound):
        await hand_in(db, city.colleague_account, theirs)
    with pytest.raises(ExerciseNotFound):
        await hand_in(db, city.colleague_account, {"id": elsewhere["id"]})
    await withdraw_exercise(db, city.county_admin.actor, exercise_id=exercise["id"], now=NOW)
    with pytest.raises(ExerciseWithdrawn):
        await hand_in(db, city.teacher_account, exercise)


def test_something_is_handed_in_and_who_returns_says_why() -> None:
    with pytest.raises(ValidationError):
        NewExerciseSubmission.model_validate({})
    with pytest.raises(ValidationError):
        ExerciseReview.model_validate({"accepted": False})
    with pytest.raises(ValidationError):
        ExerciseReview.model_validate({"accepted": True, "score": "100.5"})


async def test_of_classmates_nobody_sees_anything(db: Connection, city: City) -> None:
    activity, exercise = await make_given(db, city)
    submission = await hand_in(db, city.teacher_account, exercise)
    key = {"submission_id": submission["id"]}
    for person in (city.colleague_account, city.school_admin, city.auditor):
        with pytest.raises((ExerciseSubmissionNotFound, NotAllowed)):
            await get_exercise_submission(db, person.actor, **key)
    found = await exercise_submissions_by_id(
        db, city.colleague_account.actor, submission_ids=[submission["id"]]
    )
    assert found == {submission["id"]: None}
    for person in (city.colleague_account, city.auditor):
        with pytest.raises(NotAllowed):
            await list_exercise_submissions(db, person.actor, activity_id=activity["id"], page=PAGE)
    with pytest.raises((ExerciseSubmissionNotFound, NotAllowed)):
        await review(db, city.colleague_account, submission)
    with pytest.raises(ExerciseSubmissionNotFound):
        await review(db, city.other_county_admin, submission)


async def test_who_carries_the_activity_reviews_what_others_handed_in(
    db: Connection, city: City
) -> None:
    activity, exercise = await make_given(db, city)
    submission = await hand_in(db, city.teacher_account, exercise)
    speaker = city.sibling_teacher_account
    waiting = await list_exercise_submissions_to_review(db, speaker.actor, page=PAGE)
    assert not waiting.items
    await make_staff(db, activity, city.sibling_teacher)
    await make_staff(db, activity, city.teacher, role="host")
    waiting = await list_exercise_submissions_to_review(db, speaker.actor, page=PAGE)
    assert [row["id"] for row in waiting.items] == [submission["id"]]
    with pytest.raises(ExerciseOfOneself):
        await review(db, city.teacher_account, submission)
    assert (await review(db, speaker, submission))["state"] == "accepted"


async def test_nobody_reviews_their_own_through_another_role(db: Connection, city: City) -> None:
    _, exercise = await make_given(db, city)
    submission = await hand_in(db, city.teacher_account, exercise)
    oneself = replace(city.county_admin.actor, teacher_id=city.teacher["id"])
    with pytest.raises(ExerciseOfOneself):
        await review(db, Person(actor=oneself, name="x"), submission)


async def test_nothing_is_handed_in_once_the_class_is_settled(db: Connection, city: City) -> None:
    made = await make_class_with(db, city, EXERCISES)
    by = city.school_admin
    await attend(db, made, by, city.teacher)
    exercise = await make_exercise(db, by, made)
    await close_class(db, by, made)
    await settle(db, by, made)
    with pytest.raises(ExercisesSettled):
        await hand_in(db, city.teacher_account, exercise, at=LATER)


async def test_files_are_ones_own_kept_and_opened_by_the_reviewer(
    db: Connection, city: City
) -> None:
    _, exercise = await make_given(db, city)
    teacher, colleague = city.teacher_account, city.colleague_account
    theirs = await make_file(db, city.school, colleague, city.colleague)
    with pytest.raises(FileNotFound):
        await hand_in(db, teacher, exercise, file_ids=[theirs["id"]])
    shared = await make_file(db, city.school, teacher, city.teacher, sharing=FileSharing.ACTIVITY)
    inside = await make_file(db, city.school, teacher, city.teacher)
    ids = sorted([shared["id"], inside["id"]])
    submission = await hand_in(db, teacher, exercise, text=None, file_ids=ids)
    assert submission["file_ids"] == ids

    async def link(person: Person, file_id: Any) -> Row:
        return await create_exercise_submission_link(
            db, person.actor, submission_id=submission["id"], file_id=file_id,
            new=NewFileLink(), links=FileLinks(b"k" * 32), now=NOW,
        )  # fmt: skip

    assert str(shared["id"]) in (await link(city.county_admin, shared["id"]))["url"]
    with pytest.raises(FileKeptInside):
        await link(city.county_admin, inside["id"])
    with pytest.raises(FileNotFound):
        await link(city.county_admin, theirs["id"])
    with pytest.raises((ExerciseSubmissionNotFound, NotAllowed)):
        await link(colleague, shared["id"])
    assert await forget_unattached_files(db, now=NOW + timedelta(days=40)) == 1
    assert await get_file(db, teacher.actor, file_id=inside["id"])


async def test_of_two_that_are_handed_in_at_once_one_stands(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        _, exercise = await make_given(db, city)

    async def race() -> str:
        try:
            async with real_pool.transaction() as db:
                return str((await hand_in(db, city.teacher_account, exercise))["state"])
        except ExerciseHandedIn as refused:
            return refused.code

    outcomes = await asyncio.gather(*(race() for _ in range(5)))
    assert sorted(outcomes) == ["exercise_handed_in"] * 4 + ["waiting"]
