"""The kinds of files that are taken over, each declared in a file of its own."""

from app.domain.exchange.imports.kind import ImportKind, ImportSubject
from app.domain.exchange.imports.kinds.careers import CAREERS
from app.domain.exchange.imports.kinds.groups import GROUPS
from app.domain.exchange.imports.kinds.people import PEOPLE
from app.domain.exchange.imports.kinds.units import UNITS

KINDS: dict[ImportSubject, ImportKind] = {
    kind.subject: kind for kind in (UNITS, PEOPLE, CAREERS, GROUPS)
}
"""Every kind by its subject, in the order in which a city is taken over."""
