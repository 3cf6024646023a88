"""Rules of incentives over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.quality import incentive_rules
from app.domain.quality.incentive_rules import (
    IncentiveKind,
    IncentiveRuleEnd,
    IncentiveRuleView,
    NewIncentiveRule,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/incentive-rules",
    operation_id="list_incentive_rules",
    response_model=PageOf[IncentiveRuleView],
)
async def list_incentive_rules(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="制定单位 / unit")] = None,
    kind: Annotated[IncentiveKind | None, Query(description="奖励或惩处 / kind")] = None,
    code: Annotated[str | None, Query(description="规则代码 / code")] = None,
    in_force: Annotated[bool | None, Query(description="现行与否 / whether it holds today")] = None,
) -> Response:
    """The rules of the units in the actor's place, every version by default (`created`, `name`)."""
    found = await incentive_rules.list_incentive_rules(
        db, actor, page=page, unit_id=unit_id, kind=kind, code=code, in_force=in_force
    )
    return answer_page(request, found, fields)


@router.get(
    "/own-incentive-rules",
    operation_id="list_own_incentive_rules",
    response_model=PageOf[IncentiveRuleView],
)
async def list_own_incentive_rules(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """The rules in force today under which the actor stands (`created`, `name`)."""
    found = await incentive_rules.list_own_incentive_rules(db, actor, page=page)
    return answer_page(request, found, fields)


@router.get(
    "/incentive-rules/{rule_id}",
    operation_id="get_incentive_rule",
    response_model=IncentiveRuleView,
)
async def get_incentive_rule(db: Reading, actor: CurrentActor, rule_id: UUID) -> Response:
    """One version of a rule."""
    found = await incentive_rules.get_incentive_rule(db, actor, rule_id=rule_id)
    return answer(found)


@router.post(
    "/units/{unit_id}/incentive-rules",
    operation_id="publish_incentive_rule",
    response_model=IncentiveRuleView,
    status_code=201,
)
async def publish_incentive_rule(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewIncentiveRule
) -> Response:
    """Publish a rule of a unit; where there is one of its code, as the next version."""
    found = await incentive_rules.publish_incentive_rule(
        db, actor, unit_id=unit_id, new=new, now=now()
    )
    return answer(found, 201)


@router.post(
    "/incentive-rules/{rule_id}/end",
    operation_id="end_incentive_rule",
    response_model=IncentiveRuleView,
)
async def end_incentive_rule(
    db: Transaction, actor: CurrentActor, rule_id: UUID, end: IncentiveRuleEnd
) -> Response:
    """Propose nothing more by a rule, from a day on."""
    found = await incentive_rules.end_incentive_rule(db, actor, rule_id=rule_id, end=end, now=now())
    return answer(found)
