"""Every kind of fact, by its name, in the order in which a career is told."""

from app.domain.people.facts.engagement import EMPLOYMENT, ESTABLISHMENT, PLACE, STATE
from app.domain.people.facts.merits import EDUCATION, GROWTH_RESULT, HONOUR
from app.domain.people.facts.posts import POST
from app.domain.people.facts.qualifications import QUALIFICATION, REGISTRATION
from app.domain.people.facts.ranks import RANK

KINDS = {
    kind.name: kind
    for kind in (
        EMPLOYMENT, ESTABLISHMENT, STATE, PLACE, RANK, POST, HONOUR, EDUCATION, GROWTH_RESULT,
        QUALIFICATION, REGISTRATION,
    )
}  # fmt: skip
