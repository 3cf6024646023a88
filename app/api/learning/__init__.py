"""Learning over REST, a router of each noun."""

from app.api.learning import (
    choice_rounds,
    choices,
    course_citations,
    course_classes,
    course_reviews,
    course_runs,
    courses,
    fair_access,
)

LEARNING = (
    courses.router,
    course_reviews.router,
    course_citations.router,
    course_runs.router,
    course_classes.router,
    choice_rounds.router,
    choices.router,
    fair_access.router,
)
"""What the wing answers, in the order of the documentation."""
