"""What may be asked about learning and done with it."""

import strawberry

from app.graphql.learning.choice_rounds import ChoiceRoundMutations, ChoiceRoundQueries
from app.graphql.learning.choices import ChoiceMutations, ChoiceQueries
from app.graphql.learning.course_citations import CourseCitationMutations, CourseCitationQueries
from app.graphql.learning.course_classes import CourseClassMutations, CourseClassQueries
from app.graphql.learning.course_reviews import CourseReviewMutations, CourseReviewQueries
from app.graphql.learning.course_runs import CourseRunMutations, CourseRunQueries
from app.graphql.learning.courses import CourseMutations, CourseQueries
from app.graphql.learning.fair_access import FairAccessQueries


@strawberry.type
class LearningQueries(
    CourseQueries,
    CourseReviewQueries,
    CourseCitationQueries,
    CourseRunQueries,
    CourseClassQueries,
    ChoiceRoundQueries,
    ChoiceQueries,
    FairAccessQueries,
):
    """What may be asked about learning."""


@strawberry.type
class LearningMutations(
    CourseMutations,
    CourseReviewMutations,
    CourseCitationMutations,
    CourseRunMutations,
    CourseClassMutations,
    ChoiceRoundMutations,
    ChoiceMutations,
):
    """What may be done about learning."""
