"""Of each place's activity: an exercise, what was handed in to it, and what was settled of whom."""

from uuid import UUID

from app.domain.learning.course_completions import CourseCompletion
from app.domain.learning.exercise_submissions import ExerciseSubmission
from app.domain.learning.exercises import Exercise
from app.sql import Connection, Row
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, TODAY, City


async def add_things(db: Connection, world: World, city: City) -> None:
    """One of somebody else, which is the organiser's to decide on; where a teacher is, one of theirs."""
    by = city.city_admin.actor.account_id
    for name, units in world.units.items():
        things, path, unit = world.places[name], tuple(each["id"] for each in units), units[-1]
        activity_id = things["offered"].id
        exercise = await add_row(
            db, Exercise, activity_id=activity_id, title="三个追问", text="设计三个追问。",
            due_on=TODAY, given_at=NOW, given_by=by,
        )  # fmt: skip
        things["exercise"] = Thing(exercise, path, audience=unit["id"])
        completion, submission = await _add_of(db, city.direct_teacher, activity_id, exercise, by)
        things["settled_completion"] = Thing(completion, path)
        things["handed_in"] = Thing(submission, path)
        if name in world.teachers:
            teacher = world.teachers[name]
            completion, submission = await _add_of(db, teacher, activity_id, exercise, by)
            things["completion"] = Thing(completion, path, teacher_id=teacher["id"])
            things["exercise_submission"] = Thing(submission, path, teacher_id=teacher["id"])


async def _add_of(
    db: Connection, teacher: Row, activity_id: UUID, exercise_id: UUID, by: UUID
) -> tuple[UUID, UUID]:
    common = {"activity_id": activity_id, "teacher_id": teacher["id"], **place_of(teacher)}
    completion = await add_row(
        db, CourseCompletion, **common, completed=True, conditions=[], settled_at=NOW, settled_by=by
    )
    submission = await add_row(
        db, ExerciseSubmission, **common, exercise_id=exercise_id, text="三个追问。", number=1,
        handed_in_at=NOW, is_late=False, state="waiting",
    )  # fmt: skip
    return completion, submission
