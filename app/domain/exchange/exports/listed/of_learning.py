"""The lists of the wing learning that can be exported."""

from app.domain.exchange.exports.listed.listing import Listed
from app.domain.learning import (
    choice_rounds,
    choices,
    course_citations,
    course_classes,
    course_reviews,
    course_runs,
    courses,
    fair_access,
)
from app.domain.learning.choice_rounds import ChoiceRoundView
from app.domain.learning.choices import ChoiceView, MadeChoiceView
from app.domain.learning.course_citations import CourseCitationView
from app.domain.learning.course_classes import CourseClassView
from app.domain.learning.course_reviews import CourseReviewView
from app.domain.learning.course_runs import CourseRunView
from app.domain.learning.courses import CourseVersionView, CourseView
from app.domain.learning.fair_access import UnplacedTeacherView

LISTS = (
    Listed(choice_rounds.list_choice_rounds, ChoiceRoundView),
    Listed(choices.list_choices, MadeChoiceView),
    Listed(choice_rounds.list_offered_choice_rounds, ChoiceRoundView),
    Listed(choices.list_teacher_choices, ChoiceView),
    Listed(course_citations.list_course_citations, CourseCitationView),
    Listed(course_classes.list_course_classes, CourseClassView),
    Listed(course_classes.list_offered_course_classes, CourseClassView),
    Listed(course_reviews.list_course_reviews, CourseReviewView),
    Listed(course_runs.list_course_runs, CourseRunView),
    Listed(course_runs.list_offered_course_runs, CourseRunView),
    Listed(courses.list_course_versions, CourseVersionView),
    Listed(courses.list_courses, CourseView),
    Listed(courses.list_published_courses, CourseView),
    Listed(fair_access.list_unplaced_teachers, UnplacedTeacherView),
)
