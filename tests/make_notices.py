"""Notices for tests."""

from typing import Any

from app.domain.training.notices import Notice, NoticeAudience, NoticeState, Receipt
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person


async def make_notice(db: Connection, unit: Row, by: Person, *audience: Row, **more: Any) -> Row:
    """A notice of a unit for these, otherwise for itself: published, and confirmed by units."""
    row = {
        "id": new_id(),
        **{name: unit[name] for name in ("city_id", "county_id", "school_id")},
        "title": "关于报送校本研修计划的通知",
        "text": "请各校于月底前报送本学期校本研修计划。",
        "receipt": Receipt.UNITS,
        "state": NoticeState.PUBLISHED,
        "created_by": by.actor.account_id,
    } | more
    if row["state"] != NoticeState.DRAFT:
        row["published_at"] = NOW
    await db.insert(Notice, row)
    targets = [target["id"] for target in audience or (unit,)]
    rows = [{"notice_id": row["id"], "target_id": target} for target in targets]
    await db.insert_all(NoticeAudience, rows)
    return row


async def make_busy_notices(db: Connection, city: City) -> None:
    """A notice of each of two units."""
    for unit in (city.county, city.school):
        await make_notice(db, unit, city.city_admin)
