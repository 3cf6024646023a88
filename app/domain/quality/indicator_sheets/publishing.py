"""Publishing sheets, a bureau's own and those that are shipped."""

from collections.abc import Sequence
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
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.units import Level, hold_unit, place_of
from app.domain.quality.indicator_sheets.indicator import Indicator, NewIndicator
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


class ShippedIndicatorSheetNotFound(NotFound):
    """No sheet of this code is shipped."""

    code = "shipped_indicator_sheet_not_found"
    zh = "没有代码为“{sheet}”的随附指标表。"
    en = "No sheet with the code {sheet} is shipped."


class IndicatorSheetPublishedAlready(Conflict):
    """What is shipped says nothing else than the bureau's latest version."""

    code = "indicator_sheet_published_already"
    zh = "该指标表的最新版本与随附的指标表相同，无须再次发布。"
    en = "The latest version of this sheet says what the shipped one says: it is published already."


def check_lines(indicators: Sequence[Indicator], total: Decimal) -> None:
    """Refuse lines of a sheet that do not fit together."""
    codes = [each.code for each in indicators]
    measures = [each.measure.value for each in indicators if each.measure is not None]
    twice = sorted({name for names in (codes, measures) for name in names if names.count(name) > 1})
    if twice:
        raise IndicatorRepeated(names=", ".join(twice))
    made = sum((each.weight for each in indicators), Decimal(0))
    if made != total:
        raise IndicatorWeightsOff(sum=f"{made.normalize():f}", total=f"{total.normalize():f}")


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
    check_lines(new.indicators, new.total)
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
