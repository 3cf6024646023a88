"""What waits in the workflows of courses, their runs, self-studies, and what players told."""

from sqlalchemy import case, func, or_
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.of_plans import ABOVE_ORGANISER, ORGANISER
from app.domain.exchange.tasks.places import above_unit_of, superior, unit_of
from app.domain.exchange.tasks.waiting import NOW, Waiting
from app.domain.learning.choice_rounds import ChoiceRound, ChoiceRoundState
from app.domain.learning.course_runs import CourseClass, CourseRun, RunState
from app.domain.learning.courses import Course, CourseState, CourseVersion, declares_completion
from app.domain.learning.exercise_submissions import ExerciseState, ExerciseSubmission
from app.domain.learning.exercises import Exercise
from app.domain.learning.learning_doubts import LearningDoubt, LearningDoubtState
from app.domain.learning.self_studies import SelfStudy, SelfStudyState
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity, ActivityState

_OF_PART = func.num_nonnulls(col(Course.group_id), col(Course.department_id)) > 0
_OWNER = func.coalesce(
    *(col(getattr(Course, f"{each}_id")) for each in ("group", "department", "unit"))
)
_ABOVE_OWNER = case((_OF_PART, col(Course.unit_id)), else_=above_unit_of(Course))
_REVIEWED_AT, _ABOVE_REVIEW = superior(Course, _OF_PART)


def _of_author(kind: TaskKind, state: CourseState) -> Waiting:
    """A course that its author goes on with."""
    return Waiting(
        kind=kind,
        permission=Permission.COURSE_WRITE,
        table=Course,
        title=col(Course.title),
        since=col(Course.since),
        at=_OWNER,
        above=_ABOVE_OWNER,
        waits=is_among(col(Course.state), [state]),
    )


OF_COURSES = (
    Waiting(
        kind=TaskKind.COURSE_TO_REVIEW,
        permission=Permission.COURSE_REVIEW,
        table=Course,
        title=col(Course.title),
        since=func.coalesce(col(Course.revision_since), col(Course.since)),
        at=_REVIEWED_AT,
        above=_ABOVE_REVIEW,
        waits=or_(
            is_among(col(Course.state), [CourseState.SUBMITTED]),
            col(Course.revision_since).is_not(None),
        ),
        by=col(Course.submitted_by),
        of=col(Course.responsible_id),
    ),
    _of_author(TaskKind.COURSE_TO_REVISE, CourseState.RETURNED),
    _of_author(TaskKind.COURSE_TO_PUBLISH, CourseState.APPROVED),
)

_RUN_OF_PART = func.num_nonnulls(col(CourseRun.group_id), col(CourseRun.department_id)) > 0
_JUDGED_AT, _ABOVE_JUDGEMENT = superior(CourseRun, _RUN_OF_PART)

OF_COURSE_RUNS = (
    Waiting(
        kind=TaskKind.COURSE_RUN_TO_JUDGE,
        permission=Permission.COURSE_REVIEW,
        table=CourseRun,
        rows=beside(CourseRun, Course, col(CourseRun.course_id) == col(Course.id)),
        title=func.concat(col(Course.title), " ", col(CourseRun.name)),
        since=col(CourseRun.ended_at),
        at=_JUDGED_AT,
        above=_ABOVE_JUDGEMENT,
        waits=is_among(col(CourseRun.state), [RunState.CONCLUDED])
        & col(CourseRun.rating).is_(None),
        by=col(CourseRun.ended_by),
    ),
)

_CLASSES = (
    beside(CourseClass, Activity, col(CourseClass.activity_id) == col(Activity.id))
    .join(CourseRun.__table__, col(CourseClass.run_id) == col(CourseRun.id))  # type: ignore[attr-defined]
    .join(
        CourseVersion.__table__,  # type: ignore[attr-defined]
        (col(CourseVersion.course_id) == col(CourseRun.course_id))
        & (col(CourseVersion.number) == col(CourseRun.version)),
    )
)
_HANDED_IN = (
    beside(ExerciseSubmission, Exercise, col(ExerciseSubmission.exercise_id) == col(Exercise.id))
    .join(Activity.__table__, col(Exercise.activity_id) == col(Activity.id))  # type: ignore[attr-defined]
    .join(
        Teacher.__table__,  # type: ignore[attr-defined]
        # What stayed with a record that was merged is past review.
        (col(ExerciseSubmission.teacher_id) == col(Teacher.id))
        & col(Teacher.merged_into_id).is_(None),
    )
)

OF_COMPLETIONS = (
    Waiting(
        kind=TaskKind.EXERCISE_TO_REVIEW,
        permission=Permission.ATTENDANCE_WRITE,
        table=ExerciseSubmission,
        rows=_HANDED_IN,
        title=col(Exercise.title),
        since=col(ExerciseSubmission.handed_in_at),
        at=ORGANISER,
        above=ABOVE_ORGANISER,
        waits=is_among(col(ExerciseSubmission.state), [ExerciseState.WAITING]),
        of=col(ExerciseSubmission.teacher_id),
    ),
    Waiting(
        kind=TaskKind.COURSE_CLASS_TO_SETTLE,
        permission=Permission.ATTENDANCE_WRITE,
        table=CourseClass,
        rows=_CLASSES,
        title=col(Activity.title),
        since=col(Activity.closed_at),
        at=ORGANISER,
        above=ABOVE_ORGANISER,
        waits=is_among(col(Activity.state), [ActivityState.CLOSED])
        & col(CourseClass.settled_at).is_(None)
        & declares_completion(),
    ),
)

OF_CHOICES = (
    Waiting(
        kind=TaskKind.CHOICE_ROUND_TO_SETTLE,
        permission=Permission.ACTIVITY_WRITE,
        table=ChoiceRound,
        title=col(ChoiceRound.title),
        since=col(ChoiceRound.closes_at),
        at=col(ChoiceRound.unit_id),
        above=above_unit_of(ChoiceRound),
        waits=is_among(col(ChoiceRound.state), [ChoiceRoundState.PUBLISHED])
        & (col(ChoiceRound.closes_at) <= NOW),
    ),
)

OF_LEARNING_DOUBTS = (
    Waiting(
        kind=TaskKind.LEARNING_DOUBT_TO_DECIDE,
        permission=Permission.ATTENDANCE_REVIEW,
        table=LearningDoubt,
        rows=beside(LearningDoubt, Activity, col(LearningDoubt.activity_id) == col(Activity.id)),
        title=col(Activity.title),
        since=col(LearningDoubt.found_at),
        at=unit_of(LearningDoubt),
        above=above_unit_of(LearningDoubt),
        waits=is_among(col(LearningDoubt.state), [LearningDoubtState.OPEN]),
        of=col(LearningDoubt.teacher_id),
    ),
)

OF_SELF_STUDIES = (
    Waiting(
        kind=TaskKind.SELF_STUDY_TO_DECIDE,
        permission=Permission.PLAN_REVIEW,
        table=SelfStudy,
        title=col(SelfStudy.title),
        since=col(SelfStudy.since),
        at=col(SelfStudy.school_id),
        above=above_unit_of(SelfStudy),
        waits=is_among(col(SelfStudy.state), [SelfStudyState.SUBMITTED, SelfStudyState.REPORTED]),
        by=col(SelfStudy.submitted_by),
        of=col(SelfStudy.teacher_id),
    ),
    Waiting(
        kind=TaskKind.SELF_STUDY_TO_REVISE,
        permission=Permission.PLAN_WRITE,
        table=SelfStudy,
        title=col(SelfStudy.title),
        since=col(SelfStudy.since),
        at=col(SelfStudy.teacher_id),
        above=col(SelfStudy.school_id),
        waits=is_among(col(SelfStudy.state), [SelfStudyState.RETURNED]),
    ),
)
