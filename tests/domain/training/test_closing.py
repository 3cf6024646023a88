from datetime import timedelta

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityNotFound, ActivityState, IllegalTransition
from app.domain.training.closing import close_activity
from app.domain.training.doubts import list_doubts
from app.domain.training.evaluations import list_evaluations
from app.sql import Connection, Row
from tests.make import NOW, City, make_activity, make_attendance

PAGE = PageRequest()
LONG_AFTER = NOW + timedelta(days=5)


async def activity_in(db: Connection, city: City, state: ActivityState) -> Row:
    """An activity of the school, whose register was entered long after it."""
    activity = await make_activity(db, city.school, city.school_admin, state=state)
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    await db._driver.execute("UPDATE attendance SET recorded_at = $1", LONG_AFTER)
    return activity


async def what_hangs_on(db: Connection, city: City, activity: Row) -> tuple[list[str], int]:
    """The kinds of doubt about an activity, and how many evaluations it has."""
    actor, activity_id = city.school_admin.actor, activity["id"]
    doubts = await list_doubts(db, actor, page=PAGE, activity_id=activity_id)
    evaluations = await list_evaluations(db, actor, page=PAGE, activity_id=activity_id)
    return [each["kind"] for each in doubts.items], len(evaluations.items)


async def test_closing_looks_for_doubts_and_opens_the_evaluation(
    db: Connection, city: City
) -> None:
    activity = await activity_in(db, city, ActivityState.HELD)
    closed = await close_activity(
        db, city.school_admin.actor, activity_id=activity["id"], now=LONG_AFTER
    )
    assert (closed["state"], closed["closed_at"]) == ("closed", LONG_AFTER)
    assert await what_hangs_on(db, city, activity) == (["back_filled"], 1)
    again = close_activity(db, city.school_admin.actor, activity_id=activity["id"], now=LONG_AFTER)
    with pytest.raises(IllegalTransition):
        await again
    assert await what_hangs_on(db, city, activity) == (["back_filled"], 1)


@pytest.mark.parametrize(
    ("who", "state", "refusal"),
    [
        ("school_admin", ActivityState.PUBLISHED, IllegalTransition),
        ("school_admin", ActivityState.CANCELLED, IllegalTransition),
        ("teacher_account", ActivityState.HELD, NotAllowed),
        ("sibling_admin", ActivityState.HELD, ActivityNotFound),
    ],
)
async def test_who_cannot_close_it_changes_nothing(
    db: Connection, city: City, who: str, state: ActivityState, refusal: type[DomainError]
) -> None:
    activity = await activity_in(db, city, state)
    with pytest.raises(refusal):
        await close_activity(
            db, getattr(city, who).actor, activity_id=activity["id"], now=LONG_AFTER
        )
    assert await what_hangs_on(db, city, activity) == ([], 0)
