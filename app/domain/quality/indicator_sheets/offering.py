"""Sheets that are shipped, and publishing one of them for a bureau."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.organisation.units import hold_unit
from app.domain.quality.indicator_sheets.indicator import IndicatorCode
from app.domain.quality.indicator_sheets.publishing import (
    IndicatorSheetPublishedAlready,
    NewIndicatorSheet,
    ShippedIndicatorSheetNotFound,
    publish_indicator_sheet,
)
from app.domain.quality.indicator_sheets.sheet import IndicatorSheet, IndicatorSheetFields
from app.domain.quality.indicator_sheets.shipped import shipped_sheets
from app.sql import Connection, Row, Statement


class ShippedIndicatorSheetView(IndicatorSheetFields):
    """A sheet that is shipped."""


class ShippedSheetChoice(Command):
    """Which of the shipped sheets a bureau publishes as its own."""

    unit_id: UUID = Field(description="发布单位（市、县级教育局） / bureau that publishes it")
    code: IndicatorCode = Field(description="随附指标表代码 / code of the shipped sheet")


# What may be asked.


async def list_shipped_indicator_sheets(db: Connection, actor: Actor) -> list[dict[str, Any]]:
    """The sheets that are shipped, ready to be published as a bureau's own."""
    del db  # They are the same for all who may see evaluations at all.
    actor.require(Permission.GUIDANCE_READ)
    return [sheet.model_dump() for sheet in shipped_sheets().values()]


# What may be done.

_LATEST = Statement(
    select(*(col(getattr(IndicatorSheet, name)) for name in IndicatorSheetFields.model_fields))
    .where(
        col(IndicatorSheet.unit_id) == bindparam("unit_id", type_=Uuid),
        col(IndicatorSheet.code) == bindparam("code"),
    )
    .order_by(col(IndicatorSheet.version).desc())
    .limit(1)
)


async def publish_shipped_indicator_sheet(
    db: Connection, actor: Actor, *, choice: ShippedSheetChoice, now: datetime
) -> Row:
    """Publish a shipped sheet for a bureau; refused where its latest version says the same."""
    shipped = shipped_sheets().get(choice.code)
    if shipped is None:
        raise ShippedIndicatorSheetNotFound(sheet=choice.code)
    right = Permission.GUIDANCE_EVALUATE
    unit = await hold_unit(db, actor, unit_id=choice.unit_id, permission=right)
    said = shipped.model_dump()
    stored = [each.model_dump(mode="json") for each in shipped.indicators]
    latest = await db.one(_LATEST, unit_id=unit["id"], code=choice.code)
    if latest == said | {"indicators": stored}:
        raise IndicatorSheetPublishedAlready
    new = NewIndicatorSheet.model_validate({"unit_id": unit["id"], **said})
    return await publish_indicator_sheet(db, actor, new=new, now=now)
