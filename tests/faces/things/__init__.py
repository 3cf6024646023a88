"""What lies at each place beside what every unit has, one module for each topic.

A maker is given the world with its places and actors, and adds things of new kinds to
`world.places[name]`: at the city, the county, the school, the sibling and the far school alike.
"""

from collections.abc import Awaitable, Callable

from app.sql import Connection
from tests.faces.things import (
    archives,
    attendance,
    certificates,
    checklists,
    checks,
    choices,
    claims,
    collection_forms,
    completions,
    courses,
    deliveries,
    demonstrations,
    discussions,
    documents,
    evaluations,
    evidence,
    forms,
    funds,
    identities,
    imports,
    incentives,
    learning,
    ledger,
    mentorships,
    needs,
    notices,
    places,
    plans,
    programmes,
    province,
    reports,
    resources,
    series,
    stated_figures,
    tests,
    timetables,
    topics,
    trainers,
    webhooks,
    what_ifs,
)
from tests.faces.world import World
from tests.make import City

Maker = Callable[[Connection, World, City], Awaitable[None]]

MAKERS: tuple[Maker, ...] = (
    identities.add_things,
    attendance.add_things,
    evidence.add_things,
    forms.add_things,
    needs.add_things,
    notices.add_things,
    documents.add_things,
    programmes.add_things,
    plans.add_things,
    courses.add_things,
    completions.add_things,
    choices.add_things,
    tests.add_things,
    timetables.add_things,
    places.add_things,
    deliveries.add_things,
    claims.add_things,
    checks.add_things,
    topics.add_things,
    resources.add_things,
    series.add_things,
    ledger.add_things,
    certificates.add_things,
    webhooks.add_things,
    what_ifs.add_things,
    imports.add_things,
    province.add_things,
    trainers.add_things,
    mentorships.add_things,
    discussions.add_things,
    learning.add_things,
    funds.add_things,
    evaluations.add_things,
    checklists.add_things,
    reports.add_things,
    incentives.add_things,
    archives.add_things,
    stated_figures.add_things,
    collection_forms.add_things,
    demonstrations.add_things,
)
"""Every topic's `add_things`, in the order in which they build on each other."""
