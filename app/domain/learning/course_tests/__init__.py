"""Tests (测验) of a class, of another activity, or of a version of a course for all its classes.

    draft ──publish──▶ published
      ▲                   │ withdraw, while nobody has begun
      └───────────────────┘

A test has parts; each draws questions out of those named, or of those of a bank that fit. Which versions
it draws from is settled when it is published. In reading order: `table`, `test` (door, reads), `writing`,
`pooling`, `publishing`, `drawing` (pure: one paper by its seed).
"""

from app.domain.learning.course_tests.drawing import Drawn, draw_paper, number_drawn
from app.domain.learning.course_tests.pooling import CourseTestQuestionUnfit, CourseTestTooFew
from app.domain.learning.course_tests.publishing import (
    CourseTestEmpty,
    CourseTestOver,
    CourseTestTaken,
    CourseTestTooMany,
    publish_course_test,
    withdraw_course_test,
)
from app.domain.learning.course_tests.table import (
    MOST_DRAWN,
    CountedAttempt,
    CourseTest,
    CourseTestQuestion,
    CourseTestState,
    CourseTestView,
    Disclosure,
    SectionFields,
)
from app.domain.learning.course_tests.test import (
    COURSE_TESTS,
    IS_PUBLISHED,
    TEST_PLACES,
    CourseTestNotFound,
    CourseTestWrongState,
    beside_test,
    get_course_test,
    is_of_activity,
    list_course_tests,
    list_offered_course_tests,
)
from app.domain.learning.course_tests.writing import (
    CourseTestChanges,
    CourseTestTimesDisagree,
    NewCourseTest,
    NewTestSection,
    draft_course_test,
    update_course_test,
)

__all__ = [
    "COURSE_TESTS",
    "IS_PUBLISHED",
    "MOST_DRAWN",
    "TEST_PLACES",
    "CountedAttempt",
    "CourseTest",
    "CourseTestChanges",
    "CourseTestEmpty",
    "CourseTestNotFound",
    "CourseTestOver",
    "CourseTestQuestion",
    "CourseTestQuestionUnfit",
    "CourseTestState",
    "CourseTestTaken",
    "CourseTestTimesDisagree",
    "CourseTestTooFew",
    "CourseTestTooMany",
    "CourseTestView",
    "CourseTestWrongState",
    "Disclosure",
    "Drawn",
    "NewCourseTest",
    "NewTestSection",
    "SectionFields",
    "beside_test",
    "draft_course_test",
    "draw_paper",
    "get_course_test",
    "is_of_activity",
    "list_course_tests",
    "list_offered_course_tests",
    "number_drawn",
    "publish_course_test",
    "update_course_test",
    "withdraw_course_test",
]
