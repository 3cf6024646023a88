"""The kinds of files that are taken over, each declared in a file of its own."""

from app.domain.exchange.imports.kind import ImportKind, ImportSubject
from app.domain.exchange.imports.kinds.budgets import BUDGETS
from app.domain.exchange.imports.kinds.careers import CAREERS
from app.domain.exchange.imports.kinds.claims import CLAIMS
from app.domain.exchange.imports.kinds.courses import COURSES
from app.domain.exchange.imports.kinds.documents import DOCUMENTS
from app.domain.exchange.imports.kinds.expenses import EXPENSES
from app.domain.exchange.imports.kinds.groups import GROUPS
from app.domain.exchange.imports.kinds.indicators import INDICATORS
from app.domain.exchange.imports.kinds.national_roster import NATIONAL_ROSTER
from app.domain.exchange.imports.kinds.outside import NATIONAL_STUDY, OUTSIDE_TRAINING
from app.domain.exchange.imports.kinds.people import PEOPLE
from app.domain.exchange.imports.kinds.registers import ACTIVITIES
from app.domain.exchange.imports.kinds.resources import RESOURCES
from app.domain.exchange.imports.kinds.topics import TOPICS
from app.domain.exchange.imports.kinds.trainers import TRAINERS
from app.domain.exchange.imports.kinds.units import UNITS

KINDS: dict[ImportSubject, ImportKind] = {
    kind.subject: kind
    for kind in (
        UNITS, PEOPLE, CAREERS, GROUPS, ACTIVITIES, OUTSIDE_TRAINING, NATIONAL_STUDY, CLAIMS,
        NATIONAL_ROSTER, COURSES, TRAINERS, TOPICS, RESOURCES, DOCUMENTS, INDICATORS, BUDGETS,
        EXPENSES,
    )
}  # fmt: skip
"""Every kind by its subject, in the order in which a city is taken over."""
