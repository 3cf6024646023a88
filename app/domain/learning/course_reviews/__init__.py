"""Reviews of courses (申报、审核): what becomes of a course between its author and the superior.

    draft ──submit──▶ submitted ──approve──▶ approved ──publish──▶ published ──retire──▶ retired
      ▲                  │  └──return──▶ returned ──submit──▶ submitted …
      └──(written on)────┴──withdraw──▶ withdrawn ──submit──▶ submitted …

An agreed course can be revised: a revision is submitted, taken back, returned or approved in the same way,
and until it is approved the course stays in its state and says what it said (`courses.declaring`).

The superior of a group or a department is their unit, a school's its bureau, a county's the city. The city
has none: it publishes what it has drafted. Nobody decides on what they submitted or answer for, nor on a
course of a group, a department or a unit for which they have a role; and a delegate neither for the one who
submitted it nor for oneself.

Read `review` (what it is), then `taking`.
"""

from app.domain.learning.course_reviews.review import (
    COURSE_REVIEWS,
    CourseReview,
    CourseReviewNotFound,
    CourseReviewView,
    list_course_reviews,
    reviews_of_courses,
)
from app.domain.learning.course_reviews.taking import (
    CourseOfOneself,
    CourseOpinion,
    CourseRetirement,
    CourseWithoutSuperior,
    approve_course,
    place_of_course_review,
    publish_course,
    retire_course,
    return_course,
    revise_course,
    submit_course,
    withdraw_course,
)

__all__ = [
    "COURSE_REVIEWS",
    "CourseOfOneself",
    "CourseOpinion",
    "CourseRetirement",
    "CourseReview",
    "CourseReviewNotFound",
    "CourseReviewView",
    "CourseWithoutSuperior",
    "approve_course",
    "list_course_reviews",
    "place_of_course_review",
    "publish_course",
    "retire_course",
    "return_course",
    "reviews_of_courses",
    "revise_course",
    "submit_course",
    "withdraw_course",
]
