from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.training.activities import ActivityNotFound, ActivitySession, ActivityState
from app.domain.training.steps import list_steps
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, make_activity
from tests.make_forms import STEPS, make_form


async def research(db: Connection, city: City, *steps: str | None, **more: Any) -> Row:
    """An activity of action research whose sessions, of two hours each, carry out these steps."""
    form = await make_form(db, city.city, steps=STEPS)
    activity = await make_activity(
        db, city.school, city.school_admin, sessions=0, form_id=form["id"], hours=Decimal(8), **more
    )
    sessions = [
        {
            "id": new_id(),
            "activity_id": activity["id"],
            "ordinal": ordinal,
            "starts_at": NOW + timedelta(hours=2 * ordinal - 2),
            "ends_at": NOW + timedelta(hours=2 * ordinal),
            "hours": Decimal(2),
            "secret": bytes(range(32)),
            "step": step,
        }
        for ordinal, step in enumerate(steps, start=1)
    ]
    await db.insert_all(ActivitySession, sessions)
    return activity


async def test_a_step_is_done_once_a_session_of_it_was_held(db: Connection, city: City) -> None:
    activity = await research(db, city, "problem", "problem", "action", None)
    later = NOW + timedelta(hours=4)
    before = db.statements
    rows = await list_steps(db, city.teacher_account.actor, activity_id=activity["id"], now=later)
    assert db.statements - before == 3
    assert [(row["code"], row["sessions"], row["held"], row["is_done"]) for row in rows] == [
        ("problem", 2, 2, True), ("action", 1, 0, False), ("summary", 0, 0, False)
    ]  # fmt: skip
    assert rows[0]["first_held_at"] == NOW + timedelta(hours=2)
    assert rows[2]["required"] is False


@pytest.mark.parametrize("state", [ActivityState.DRAFT, ActivityState.CANCELLED])
async def test_nothing_was_held_of_what_did_not_take_place(
    db: Connection, city: City, state: ActivityState
) -> None:
    activity = await research(db, city, "problem", state=state, published_at=None)
    rows = await list_steps(
        db, city.school_admin.actor, activity_id=activity["id"], now=NOW + timedelta(days=9)
    )
    assert [(row["sessions"], row["held"]) for row in rows] == [(1, 0), (0, 0), (0, 0)]
    assert {row["first_held_at"] for row in rows} == {None}


async def test_an_activity_without_a_form_has_no_steps(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    key = {"activity_id": activity["id"]}
    assert await list_steps(db, city.school_admin.actor, **key, now=NOW) == []
    with pytest.raises(ActivityNotFound):
        await list_steps(db, city.sibling_admin.actor, **key, now=NOW)
