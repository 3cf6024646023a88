"""Credits over GraphQL, and the types of the parts that standings and explanations share."""

import strawberry
from pydantic import BaseModel

from app.domain.credits.packs.parts import Unit
from app.domain.credits.standings.views import (
    AssumptionView,
    BasisView,
    CapView,
    CountedView,
    CutView,
    NamedValue,
    RequirementView,
    SaidView,
    WindowView,
)

_PARTS: dict[str, type[BaseModel]] = {
    "Basis": BasisView,
    "Assumption": AssumptionView,
    "NamedValue": NamedValue,
    "Said": SaidView,
    "Cut": CutView,
    "CountedEntry": CountedView,
    "CapStanding": CapView,
    "WindowStanding": WindowView,
    "RequirementStanding": RequirementView,
}
# In the schema a unit is a school or a bureau.
strawberry.enum(Unit, name="CreditUnit", description=Unit.__doc__)
# The parts of a standing have no edges: their views are the types themselves.
for _name, _part in _PARTS.items():
    strawberry.pydantic.type(name=_name, description=_part.__doc__)(_part)
