"""Publishing sheets, and the one that is shipped."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Uuid, bindparam, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.units import Level, hold_unit, place_of
from app.domain.quality.indicator_sheets.indicator import NewIndicator
from app.domain.quality.indicator_sheets.sheet import (
    INDICATOR_SHEETS,
    EvaluatedKind,
    IndicatorSheet,
    IndicatorSheetFields,
)
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewIndicatorSheet(IndicatorSheetFields, Command):
    """A sheet to be published; one of a code that there is becomes its next version."""

    unit_id: UUID = Field(description="发布单位（市、县级教育局） / bureau that publishes it")
    indicators: list[NewIndicator] = Field(  # type: ignore[assignment]  # narrower, for the faces' inputs
        min_length=1, max_length=60, description="指标 / indicators"
    )


# What can be refused.


class IndicatorSheetNeedsBureau(Invalid):
    """By what a unit is judged is for the bureau above it to say."""

    code = "indicator_sheet_needs_bureau"
    zh = "指标表只能由教育局发布；评估县（市、区）的指标表由市教育局发布。"
    en = "A bureau publishes a sheet; one by which counties are evaluated, the city's."


class IndicatorWeightsOff(Invalid):
    """The weights make the total that the sheet states."""

    code = "indicator_weights_off"
    zh = "各指标权重合计为 {sum}，与总分 {total} 不符。"
    en = "The weights make {sum} and not {total}, the total that is stated."


class IndicatorRepeated(Invalid):
    """Each indicator has a code of its own, and nothing is computed for two of them."""

    code = "indicator_repeated"
    zh = "指标代码或计量项重复：{names}。"
    en = "These codes or measures stand in the sheet twice: {names}."


class IndicatorSheetPublishedMeanwhile(Conflict):
    """Somebody published a version of it at the same moment."""

    code = "indicator_sheet_published_meanwhile"
    zh = "该指标表刚刚由他人发布了新版本，请查看后重试。"
    en = "Somebody has just published a version of this sheet: look at it and try again."


def _check(new: NewIndicatorSheet) -> None:
    """Refuse a sheet whose lines do not fit together."""
    codes = [each.code for each in new.indicators]
    measures = [each.measure.value for each in new.indicators if each.measure is not None]
    twice = sorted({name for names in (codes, measures) for name in names if names.count(name) > 1})
    if twice:
        raise IndicatorRepeated(names=", ".join(twice))
    made = sum((each.weight for each in new.indicators), Decimal(0))
    if made != new.total:
        raise IndicatorWeightsOff(sum=f"{made.normalize():f}", total=f"{new.total.normalize():f}")


# What may be asked.


async def get_indicator_sheet_schema(db: Connection, actor: Actor) -> dict[str, Any]:
    """The JSON Schema of a sheet to be published, for editors."""
    del db  # It is the same for all who may see evaluations at all.
    actor.require(Permission.GUIDANCE_READ)
    return NewIndicatorSheet.model_json_schema()


# What may be done.

_NEXT = Statement(
    select(func.coalesce(func.max(col(IndicatorSheet.version)), 0) + 1).where(
        col(IndicatorSheet.unit_id) == bindparam("unit_id", type_=Uuid),
        col(IndicatorSheet.code) == bindparam("code"),
    )
)


async def publish_indicator_sheet(
    db: Connection, actor: Actor, *, new: NewIndicatorSheet, now: datetime
) -> Row:
    """Publish a sheet of a bureau, as the next version where there is one of its code."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.GUIDANCE_EVALUATE)
    above = {EvaluatedKind.SCHOOL: (Level.CITY, Level.COUNTY), EvaluatedKind.COUNTY: (Level.CITY,)}
    if unit["level"] not in above[new.evaluated]:
        raise IndicatorSheetNeedsBureau
    _check(new)
    row = {
        "id": new_id(),
        **new.model_dump(include=set(IndicatorSheetFields.model_fields)),
        "indicators": [each.model_dump(mode="json") for each in new.indicators],
        **place_of(unit),
        "version": await db.value(_NEXT, unit_id=unit["id"], code=new.code),
        "published_at": now,
        "published_by": actor.account_id,
    }
    try:
        async with db.transaction():
            await db.insert(IndicatorSheet, row)
    except UniqueViolationError:
        raise IndicatorSheetPublishedMeanwhile from None
    return await INDICATOR_SHEETS.get(db, actor, row["id"])
