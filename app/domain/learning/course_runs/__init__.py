"""Runs of courses (开课): a course given in a term by whoever organises it, in classes (班).

A run is of one approved version; its classes are activities (`learning.course_classes`). When all have
ended it is concluded, and judged by the superior of who gave it (绩效评估). In reading order: `table`
(classes' too), `run` (door, reads), `giving`, `judging`, `figures`.
"""

from app.domain.learning.course_runs.figures import CourseRunFigures, get_course_run_figures
from app.domain.learning.course_runs.giving import (
    CourseRunChanges,
    CourseWithoutApprovedVersion,
    NewCourseRun,
    RunClassesOpen,
    RunCompletionsOpen,
    RunConclusion,
    RunDaysDisagree,
    RunWithoutClasses,
    cancel_course_run,
    conclude_course_run,
    hold_course_run,
    open_course_run,
    update_course_run,
)
from app.domain.learning.course_runs.judging import RunJudgement, RunOfOneself, judge_course_run
from app.domain.learning.course_runs.run import (
    COURSE_RUNS,
    RUN_PLACES,
    CourseRunNotFound,
    RunWrongState,
    check_run_state,
    course_runs_by_id,
    get_course_run,
    has_offered_class,
    list_course_runs,
    list_offered_course_runs,
    runs_of_cohorts,
    runs_of_courses,
)
from app.domain.learning.course_runs.table import (
    CourseClass,
    CourseRun,
    CourseRunView,
    RunRating,
    RunState,
)

__all__ = [
    "COURSE_RUNS",
    "RUN_PLACES",
    "CourseClass",
    "CourseRun",
    "CourseRunChanges",
    "CourseRunFigures",
    "CourseRunNotFound",
    "CourseRunView",
    "CourseWithoutApprovedVersion",
    "NewCourseRun",
    "RunClassesOpen",
    "RunCompletionsOpen",
    "RunConclusion",
    "RunDaysDisagree",
    "RunJudgement",
    "RunOfOneself",
    "RunRating",
    "RunState",
    "RunWithoutClasses",
    "RunWrongState",
    "cancel_course_run",
    "check_run_state",
    "conclude_course_run",
    "course_runs_by_id",
    "get_course_run",
    "get_course_run_figures",
    "has_offered_class",
    "hold_course_run",
    "judge_course_run",
    "list_course_runs",
    "list_offered_course_runs",
    "open_course_run",
    "runs_of_cohorts",
    "runs_of_courses",
    "update_course_run",
]
