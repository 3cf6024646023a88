"""The rows of the access matrix: what each operation needs, and what it is done with.

A row says which permission an operation needs, of which kind its target is, and what is sent. What
each role may then do at each place follows from one rule (`rule.expected`). Each topic has its module.
"""

from tests.faces.matrix import (
    access,
    archives,
    attendance,
    certificates,
    checklists,
    checks,
    choices,
    claims,
    completions,
    courses,
    credits,  # noqa: A004
    discussions,
    documents,
    evaluations,
    evidence,
    exchange,
    exports,
    forms,
    funds,
    imports,
    incentives,
    learning,
    live,
    mentorships,
    needs,
    notices,
    organisation,
    people,
    places,
    plans,
    programmes,
    province,
    reports,
    resources,
    series,
    tests,
    timetables,
    topics,
    trainers,
    training,
    webhooks,
    what_ifs,
)
from tests.faces.rule import Listing, Open, Row

TOPICS = (
    access,
    organisation,
    people,
    programmes,
    training,
    places,
    series,
    plans,
    courses,
    completions,
    choices,
    tests,
    timetables,
    forms,
    needs,
    notices,
    documents,
    attendance,
    evidence,
    checks,
    archives,
    checklists,
    topics,
    resources,
    credits,
    what_ifs,
    certificates,
    claims,
    exchange,
    imports,
    exports,
    province,
    live,
    webhooks,
    trainers,
    mentorships,
    discussions,
    learning,
    funds,
    evaluations,
    reports,
    incentives,
)

MATRIX: dict[str, Row | Listing | Open] = {
    name: row for topic in TOPICS for name, row in topic.ROWS.items()
}
"""Every operation that a signed-in person can ask for."""

assert len(MATRIX) == sum(len(topic.ROWS) for topic in TOPICS), "an operation has one row"
