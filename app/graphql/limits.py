"""What a document may ask for at most; `execution.cost` says how it is measured."""

from app.domain.paging import LARGEST_PAGE
from app.graphql.execution import Limits

LIMITS = Limits(
    deepest=12,
    most_aliases=30,
    dearest=150_000,  # fields of the answer: a third of a second of one core
    largest_page=LARGEST_PAGE,
    usual_list=30,  # counties of a city, schools of a county
)

MOST_TOKENS = 1_000
