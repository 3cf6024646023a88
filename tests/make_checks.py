"""Inspections of groups and observation quotas for tests, put there as they are."""

from datetime import date
from typing import Any

from app.domain.training.group_inspections import GroupInspection
from app.domain.training.observation_quotas import ObservationQuota
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_group
from tests.make_evidence import place
from tests.make_plans import make_plan, make_published


async def make_inspection(db: Connection, group: Row, by: Person, **more: Any) -> Row:
    """An inspection of a group, on behalf of its own unit unless said otherwise."""
    row = {
        "id": new_id(), "group_id": group["id"], **place(group), "by_unit_id": group["unit_id"],
        "inspected_on": date(2026, 11, 18), "inspectors": "教导处", "plans": "good",
        "findings": "计划完整，记载不全。", "suggestions": "补齐活动记载。", "recorded_at": NOW,
        "recorded_by": by.actor.account_id,
    } | more  # fmt: skip
    await db.insert(GroupInspection, row)
    return row


async def make_quota(db: Connection, unit: Row, lessons: int, **more: Any) -> Row:
    """A quota of a unit since September: of everybody, for a semester, unless said otherwise."""
    row = {
        "id": new_id(), **place(unit), "role": "teacher", "term": "semester", "lessons": lessons,
        "valid_from": date(2026, 9, 1), "valid_to": None,
    } | more  # fmt: skip
    await db.insert(ObservationQuota, row)
    return row


async def make_busy_checks(db: Connection, city: City) -> None:
    """Two groups, each inspected by another bureau, with a plan that was agreed; and two quotas."""
    for unit, by, bureau in (
        (city.school, city.school_admin, city.county),
        (city.sibling, city.sibling_admin, city.city),
    ):
        group = await make_group(db, unit, name="受检教研组")
        await make_inspection(db, group, city.county_admin, by_unit_id=bureau["id"])
        plan = await make_plan(db, city.county_admin, group_id=group["id"])
        await make_published(db, city.county_admin, by, plan)
        await make_quota(db, unit, 15)
