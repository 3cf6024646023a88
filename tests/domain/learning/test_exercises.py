from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.learning.exercises import (
    ExerciseChanges,
    ExerciseDueBefore,
    ExerciseNotFound,
    ExercisesFull,
    ExercisesSettled,
    ExerciseWithdrawn,
    create_exercise_link,
    exercises_by_id,
    get_exercise,
    giving,
    list_exercises,
    list_offered_exercises,
    update_exercise,
    withdraw_exercise,
)
from app.domain.learning.exercises.table import ExerciseFile
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityState, WrongState
from app.domain.training.files import (
    FileKeptInside,
    FileLinks,
    FileNotFound,
    FileSharing,
    NewFileLink,
    PupilsStayInside,
)
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_activity
from tests.make_completions import (
    ATTENDANCE,
    close_class,
    make_class_with,
    make_exercise,
    settle,
)
from tests.make_evidence import make_file

PAGE = PageRequest(limit=100)


async def change(db: Connection, by: Person, exercise: Row, **values: Any) -> Row:
    changes = ExerciseChanges.model_validate(values)
    return await update_exercise(db, by.actor, exercise_id=exercise["id"], changes=changes, now=NOW)


async def titles(db: Connection, by: Person, activity: Row, **filters: Any) -> list[str]:
    page = await list_exercises(db, by.actor, activity_id=activity["id"], page=PAGE, **filters)
    return [row["title"] for row in page.items]


async def test_an_exercise_is_given_to_those_for_whom_the_class_is(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    by = city.school_admin
    file = await make_file(db, city.school, by)
    exercise = await make_exercise(db, by, activity, file_ids=[file["id"]])
    assert exercise["file_ids"] == [file["id"]]
    await make_exercise(db, by, activity, title="先做的", due_on=TODAY)
    assert await titles(db, by, activity) == ["先做的", "设计三个追问"]
    actor = city.teacher_account.actor
    offered = await list_offered_exercises(db, actor, page=PAGE, activity_id=activity["id"])
    assert [row["title"] for row in offered.items] == ["先做的", "设计三个追问"]
    assert (await get_exercise(db, actor, exercise_id=exercise["id"]))["text"]
    other = city.sibling_teacher_account.actor
    with pytest.raises(ExerciseNotFound):
        await get_exercise(db, other, exercise_id=exercise["id"])
    assert await exercises_by_id(db, other, exercise_ids=[exercise["id"]]) == {exercise["id"]: None}
    with pytest.raises(NotAllowed):
        await make_exercise(db, city.teacher_account, activity)


async def test_it_is_changed_and_taken_back_by_who_gave_it(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    by = city.school_admin
    file = await make_file(db, city.school, by)
    exercise = await make_exercise(db, by, activity, file_ids=[file["id"]])
    day = TODAY + timedelta(days=14)
    changed = await change(db, by, exercise, due_on=day, file_ids=[])
    assert (changed["due_on"], changed["file_ids"], changed["title"]) == (
        day, [], exercise["title"],
    )  # fmt: skip
    with pytest.raises(ExerciseDueBefore):
        await change(db, by, exercise, due_on=TODAY - timedelta(days=1))
    with pytest.raises(ValidationError):
        ExerciseChanges.model_validate({"title": None})
    with pytest.raises(NotAllowed):
        await change(db, city.teacher_account, exercise, title="改名")
    gone = await withdraw_exercise(db, by.actor, exercise_id=exercise["id"], now=NOW)
    assert gone["withdrawn_at"] == NOW
    with pytest.raises(ExerciseWithdrawn):
        await change(db, by, exercise, title="改名")
    assert await titles(db, by, activity, withdrawn=False) == []
    actor = city.teacher_account.actor
    assert not (await list_offered_exercises(db, actor, page=PAGE)).items


async def test_what_cannot_be_given(
    db: Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = city.school_admin
    activity = await make_activity(db, city.school, by)
    with pytest.raises(ExerciseDueBefore):
        await make_exercise(db, by, activity, due_on=TODAY - timedelta(days=1))
    foreign = await make_file(db, city.sibling, city.sibling_admin)
    with pytest.raises(FileNotFound):
        await make_exercise(db, by, activity, file_ids=[foreign["id"]])
    pupils = await make_file(db, city.school, by, shows_pupils=True)
    with pytest.raises(PupilsStayInside):
        await make_exercise(db, by, activity, file_ids=[pupils["id"]])
    draft = await make_activity(db, city.school, by, state=ActivityState.DRAFT)
    with pytest.raises(WrongState):
        await make_exercise(db, by, draft)
    monkeypatch.setattr(giving, "MOST_EXERCISES", 0)
    with pytest.raises(ExercisesFull):
        await make_exercise(db, by, activity)


async def test_once_it_is_settled_who_completed_exercises_stay(db: Connection, city: City) -> None:
    made = await make_class_with(db, city, ATTENDANCE)
    by = city.school_admin
    exercise = await make_exercise(db, by, made)
    await close_class(db, by, made)
    await change(db, by, exercise, title="结束后仍可改")
    await settle(db, by, made)
    with pytest.raises(ExercisesSettled):
        await make_exercise(db, by, made)
    with pytest.raises(ExercisesSettled):
        await withdraw_exercise(db, by.actor, exercise_id=exercise["id"], now=NOW)


async def test_who_sees_the_exercise_opens_its_files(db: Connection, city: City) -> None:
    by = city.school_admin
    activity = await make_activity(db, city.school, by)
    files = [await make_file(db, city.school, by) for _ in range(2)]
    exercise = await make_exercise(db, by, activity, file_ids=[files[0]["id"]])
    links = FileLinks(b"k" * 32)

    async def link(person: Person, file_id: Any) -> Row:
        return await create_exercise_link(
            db, person.actor, exercise_id=exercise["id"], file_id=file_id,
            new=NewFileLink(), links=links, now=NOW,
        )  # fmt: skip

    assert str(files[0]["id"]) in (await link(city.teacher_account, files[0]["id"]))["url"]
    with pytest.raises(FileNotFound):
        await link(city.teacher_account, files[1]["id"])
    with pytest.raises(ExerciseNotFound):
        await link(city.sibling_teacher_account, files[0]["id"])


async def test_a_file_that_stays_inside_its_unit_is_not_opened_through_an_exercise(
    db: Connection, city: City
) -> None:
    """The school's file is attached to what the county holds for two schools."""
    activity = await make_activity(db, city.county, city.county_admin, city.school, city.sibling)
    kept, shared = [
        await make_file(db, city.school, city.school_admin, sharing=sharing)
        for sharing in (FileSharing.UNIT, FileSharing.ACTIVITY)
    ]
    bureaus = await make_file(db, city.county, city.county_admin)
    files = [bureaus["id"]]
    exercise = await make_exercise(db, city.county_admin, activity, file_ids=files)
    for each in (kept, shared):
        await db.insert(ExerciseFile, {"exercise_id": exercise["id"], "file_id": each["id"]})

    async def opens(person: Person, file: Row) -> bool:
        asked = create_exercise_link(
            db, person.actor, exercise_id=exercise["id"], file_id=file["id"],
            new=NewFileLink(), links=FileLinks(b"k" * 32), now=NOW,
        )  # fmt: skip
        try:
            return str(file["id"]) in (await asked)["url"]
        except FileKeptInside:
            return False

    for person in (city.teacher_account, city.school_admin):
        assert await opens(person, kept)
    for person in (city.sibling_teacher_account, city.sibling_admin, city.county_admin):
        assert not await opens(person, kept)
    for person in (city.teacher_account, city.sibling_teacher_account, city.county_admin):
        assert await opens(person, shared)
        assert await opens(person, bureaus), "attached for those below"
