"""`yanxun sheets`: indicator sheets that are shipped, and publishing one of them for a bureau."""

import asyncio
import sys
from datetime import UTC, datetime
from uuid import UUID

from app.cli.output import console, tell
from app.cli.publishing import REFUSED, as_account, write
from app.domain.access.actors import Actor
from app.domain.access.audit import Provenance, record_act
from app.domain.access.roles import Permission
from app.domain.errors import DomainError, NotAllowed
from app.domain.quality.indicator_sheets import (
    ShippedIndicatorSheetNotFound,
    ShippedSheetChoice,
    publish_shipped_indicator_sheet,
)
from app.domain.quality.indicator_sheets.shipped import shipped_sheets
from app.sql import Connection, Row


def list_sheets() -> None:
    """The shipped sheets, one a line."""
    for sheet in shipped_sheets().values():
        console.print(f"{sheet.code}  {sheet.name}（{len(sheet.indicators)}项）", markup=False)


def show(code: str) -> None:
    """A shipped sheet as JSON, as it is published with the key of a bureau beside it."""
    sheet = shipped_sheets().get(code)
    if sheet is None:
        tell(ShippedIndicatorSheetNotFound(sheet=code))
        sys.exit(REFUSED)
    write(sheet.model_dump(mode="json", exclude_defaults=True))


def publish(code: str, account: str, unit: UUID | None) -> None:
    """Publish a shipped sheet for a bureau, by default the account's; exits with 3 where it is refused."""
    now = datetime.now(UTC)

    async def put_in_force(db: Connection, actor: Actor) -> Row:
        own = next(iter(actor.grants), None)
        if own is None:
            raise NotAllowed(Permission.GUIDANCE_EVALUATE.value)
        of = unit or own.county_id or own.city_id
        choice = ShippedSheetChoice(unit_id=of, code=code)
        row = await publish_shipped_indicator_sheet(db, actor, choice=choice, now=now)
        named = "publish_shipped_indicator_sheet"
        await record_act(db, actor, operation=named, target_id=row["id"], provenance=Provenance())
        return row

    try:
        row = asyncio.run(as_account(account, now, put_in_force))
    except DomainError as refusal:
        tell(refusal)
        sys.exit(REFUSED)
    console.print(
        f"已发布 / published: {row['code']}@{row['version']}  {row['name']}", markup=False
    )
