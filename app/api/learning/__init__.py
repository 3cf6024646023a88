"""Learning over REST, a router of each noun."""

from fastapi import APIRouter

from app.api.learning import (
    course_citations,
    course_classes,
    course_reviews,
    course_runs,
    courses,
)

LEARNING: tuple[APIRouter, ...] = (
    courses.router,
    course_reviews.router,
    course_citations.router,
    course_runs.router,
    course_classes.router,
)
"""What the wing answers, in the order of the documentation."""
