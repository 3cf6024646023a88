"""Publishing a call for demonstration schools."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Invalid
from app.domain.organisation.units import Level, hold_unit, place_of
from app.domain.quality.demonstration_calls.call import (
    DEMONSTRATION_CALLS,
    DemonstrationCall,
    DemonstrationCallFields,
)
from app.domain.quality.demonstration_calls.condition import (
    NewDemonstrationCondition,
    NewDemonstrationCriterion,
)
from app.sql import Connection, Row, new_id

POINTS = Decimal(100)
"""What all criteria make."""


class NewDemonstrationCall(DemonstrationCallFields, Command):
    """A call to be published by a bureau."""

    unit_id: UUID = Field(description="发布教育局 / bureau that publishes it")
    conditions: list[NewDemonstrationCondition] = Field(  # type: ignore[assignment]  # narrower, for the faces' inputs
        min_length=1, max_length=30, description="申报条件 / conditions"
    )
    criteria: list[NewDemonstrationCriterion] = Field(  # type: ignore[assignment]  # the same
        min_length=1, max_length=30, description="评审标准 / criteria; a hundred points"
    )


# What can be refused.


class DemonstrationCallNeedsBureau(Invalid):
    """A title is given by a bureau."""

    code = "demonstration_call_needs_bureau"
    zh = "创建通知只能由教育局发布。"
    en = "A bureau publishes a call."


class DemonstrationCallDaysUnfit(Invalid):
    """Whoever is asked has time to apply."""

    code = "demonstration_call_days_unfit"
    zh = "申报截止日不得早于开始日，也不得早于今天。"
    en = "Applying ends after it begins, and not before today."


class DemonstrationPointsOff(Invalid):
    """The criteria make a hundred points."""

    code = "demonstration_points_off"
    zh = "各项评审标准满分合计为 {sum}，应为 100。"
    en = "The criteria make {sum} points and not a hundred."


class DemonstrationCodeRepeated(Invalid):
    """Each condition and each criterion has a code of its own."""

    code = "demonstration_code_repeated"
    zh = "条件或评审标准的代码重复：{names}。"
    en = "These codes stand twice among the conditions or the criteria: {names}."


def _check(new: NewDemonstrationCall, *, today: date) -> None:
    """Refuse a call whose parts do not fit together."""
    if new.closes_on < max(new.opens_on, today):
        raise DemonstrationCallDaysUnfit
    for part in (new.conditions, new.criteria):
        codes = [each.code for each in part]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise DemonstrationCodeRepeated(names=", ".join(twice))
    made = sum((each.points for each in new.criteria), Decimal(0))
    if made != POINTS:
        raise DemonstrationPointsOff(sum=f"{made.normalize():f}")


# What may be done.


async def publish_demonstration_call(
    db: Connection, actor: Actor, *, new: NewDemonstrationCall, now: datetime
) -> Row:
    """Publish a call of a bureau to all schools below it."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.GUIDANCE_EVALUATE)
    if unit["level"] == Level.SCHOOL:
        raise DemonstrationCallNeedsBureau
    _check(new, today=civil_date(now))
    row = {
        "id": new_id(),
        **new.model_dump(include=set(DemonstrationCallFields.model_fields)),
        "conditions": [each.model_dump(mode="json") for each in new.conditions],
        "criteria": [each.model_dump(mode="json") for each in new.criteria],
        **place_of(unit),
        "published_at": now,
        "published_by": actor.account_id,
    }
    await db.insert(DemonstrationCall, row)
    return await DEMONSTRATION_CALLS.get(db, actor, row["id"])
