"""Forecasts over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from pydantic import BaseModel
from strawberry import Info

from app.domain.credits import forecasts
from app.domain.credits.forecasts import (
    AheadView,
    ClosingPlanView,
    ForecastView,
    Method,
    RequirementForecastView,
)
from app.graphql.context import Context
from app.request import now

strawberry.enum(Method, name="ForecastMethod", description=Method.__doc__)
_PARTS: dict[str, type[BaseModel]] = {
    "RequirementForecast": RequirementForecastView,
    "ActivityAhead": AheadView,
    "ForecastPlan": ClosingPlanView,
}
for _name, _part in _PARTS.items():
    strawberry.pydantic.type(name=_name, description=_part.__doc__)(_part)


@strawberry.pydantic.type(name="Forecast", description="学分预测 / how a cycle will end")
class ForecastNode(ForecastView):
    """How a teacher's cycle will end, as things stand today."""


@strawberry.type
class ForecastQueries:
    """What may be asked about forecasts."""

    @strawberry.field(description="学分预测 / how a cycle will end", graphql_type=ForecastNode)
    async def forecast(self, info: Info[Context], teacher_id: UUID) -> Any:
        """How a teacher's present cycle will end."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: forecasts.get_forecast(db, actor, teacher_id=teacher_id, now=now())
        )
