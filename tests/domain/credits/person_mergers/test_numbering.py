"""What is numbered for each person goes along whole, and many rows at once."""

from datetime import timedelta

import asyncpg

from app.domain.learning.exercise_submissions.table import ExerciseSubmission
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.domain.credits.making import make_closed_activity
from tests.domain.credits.person_mergers.test_following import count
from tests.make import NOW, City, make_note
from tests.make_choice import make_chosen
from tests.make_completions import make_exercise
from tests.make_learning import make_player, make_record
from tests.make_programmes import PLACE, make_twins, merge_twins
from tests.make_tests import make_attempt, make_bare_test


async def make_numbered(
    db: Connection, city: City, one: Row, other: Row, test: Row, exercise: Row
) -> None:
    """Attempts and what was handed in under either record, each numbered from one."""
    for teacher, started in ((one, [(1, 3), (2, 5)]), (other, [(1, 1), (2, 4), (3, 6)])):
        for number, hour in started:
            await make_attempt(db, test, teacher, number=number, at=NOW + timedelta(hours=hour))
    handed_in = (
        (one, 1, 1, "returned"), (other, 1, 2, "returned"), (one, 2, 3, "waiting"),
        (other, 2, 4, "accepted"),
    )  # fmt: skip
    for teacher, number, hour, state in handed_in:
        reviewed = {"reviewed_at": NOW, "reviewed_by": city.city_admin.actor.account_id}
        row = {
            "id": new_id(), "teacher_id": teacher["id"], **{name: teacher[name] for name in PLACE},
            "exercise_id": exercise["id"], "activity_id": exercise["activity_id"],
            "text": "三个追问。", "number": number, "handed_in_at": NOW + timedelta(hours=hour),
            "is_late": False, "state": state, "comment": "已阅",
        }  # fmt: skip
        await db.insert(ExerciseSubmission, row | (reviewed if state != "waiting" else {}))


async def test_attempts_and_what_was_handed_in_are_numbered_in_the_order_of_time(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    chosen = await make_chosen(db, city.city, city.city_admin)
    test = await make_bare_test(db, chosen, city.city_admin)
    exercise = await make_exercise(
        db, city.city_admin, await make_closed_activity(db, city.city, city.city_admin)
    )
    await make_numbered(db, city, one, other, test, exercise)
    await merge_twins(db, resources, city.city_admin, one, other)
    began = await driver.fetch(
        "SELECT number, started_at, school_id FROM course_test_attempt WHERE teacher_id = $1"
        " ORDER BY number",
        one["id"],
    )
    assert [(row["number"], row["started_at"]) for row in began] == [
        (n, NOW + timedelta(hours=hour)) for n, hour in enumerate((1, 3, 4, 5, 6), start=1)
    ]
    assert {row["school_id"] for row in began} == {one["school_id"]}
    said = await driver.fetch(
        "SELECT number, handed_in_at, state, comment FROM exercise_submission"
        " WHERE teacher_id = $1 ORDER BY number",
        one["id"],
    )
    assert [(row["number"], row["handed_in_at"], row["state"]) for row in said] == [
        (1, NOW + timedelta(hours=1), "returned"), (2, NOW + timedelta(hours=2), "returned"),
        (3, NOW + timedelta(hours=3), "returned"), (4, NOW + timedelta(hours=4), "accepted"),
    ]  # fmt: skip
    assert ["同一人重复登记" in row["comment"] for row in said] == [False, False, True, False]
    for column in ("course_test_attempt.teacher_id", "exercise_submission.teacher_id"):
        assert await count(driver, column, other) == 0


async def test_a_thousand_records_go_along_at_once_and_one_by_one_where_one_stays(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    activities = [await make_closed_activity(db, city.city, city.city_admin) for _ in range(3)]
    for teacher, some in ((one, activities[:1]), (other, activities)):
        for activity in some:
            await make_note(db, activity, teacher)
    player = await make_player(db, city.city, "player of twins")
    record = await make_record(db, activities[0], other, player)
    copied = [
        row["column_name"]
        for row in await driver.fetch(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'learning_record' AND column_name <> 'id'"
        )
    ]
    names = ", ".join(copied)
    await driver.execute(
        f"INSERT INTO learning_record (id, {names}) SELECT gen_random_uuid(), {names}"  # noqa: S608
        " FROM learning_record, generate_series(1, 1000) WHERE id = $1",
        record["id"],
    )
    await merge_twins(db, resources, city.city_admin, one, other)
    assert await count(driver, "learning_record.teacher_id", one) == 1001
    # Each that goes along by itself is written in a part of the transaction of its own.
    written = await driver.fetchval(
        "SELECT count(DISTINCT xmin::text) FROM learning_record WHERE teacher_id = $1", one["id"]
    )
    assert written == 1
    # Of notes the survivor has one of the activity; the others went along nevertheless.
    assert await count(driver, "note.teacher_id", one) == 3
    assert await count(driver, "note.teacher_id", other) == 1
