from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.training.activities import (
    ActivityState,
    NewSession,
    SessionNotFound,
    SessionOutsideActivity,
    SessionsOverlap,
    WrongState,
    add_session,
    get_session,
    list_sessions,
    remove_session,
)
from app.sql import Connection
from tests.make import NOW, City, make_activity


def new_session(hours: str = "2.00", **changed: Any) -> NewSession:
    given = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=2), "hours": hours}
    return NewSession.model_validate(given | changed)


async def test_sessions_follow_one_another(db: Connection, city: City) -> None:
    draft = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.DRAFT, sessions=0, hours=Decimal(4)
    )
    actor = city.school_admin.actor
    first = await add_session(
        db, actor, activity_id=draft["id"], new=new_session(place="报告厅", speaker="测试甲")
    )
    assert first == {
        "id": first["id"],
        "activity_id": draft["id"],
        "ordinal": 1,
        "starts_at": NOW,
        "ends_at": NOW + timedelta(hours=2),
        "place": "报告厅",
        "speaker": "测试甲",
        "delivery": "in_person",
        "link": None,
        "step": None,
        "hours": Decimal("2.00"),
        "occurrence_of": None,
        "places": None,
    }
    late, end = first["ends_at"], first["ends_at"] + timedelta(hours=1)
    overlapping = new_session(starts_at=late - timedelta(seconds=1), ends_at=end)
    with pytest.raises(SessionsOverlap):
        await add_session(db, actor, activity_id=draft["id"], new=overlapping)
    new = new_session(starts_at=late, ends_at=end)
    second = await add_session(db, actor, activity_id=draft["id"], new=new)
    assert second["ordinal"] == 2
    assert await list_sessions(db, actor, activity_id=draft["id"]) == [first, second]
    assert await remove_session(db, actor, session_id=first["id"]) == first
    assert await list_sessions(db, actor, activity_id=draft["id"]) == [second]
    with pytest.raises(SessionNotFound):
        await get_session(db, actor, session_id=first["id"])


async def test_sessions_of_what_is_published_stand(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    actor, session = city.school_admin.actor, activity["sessions"][0]
    with pytest.raises(WrongState):
        await add_session(db, actor, activity_id=activity["id"], new=new_session())
    with pytest.raises(WrongState):
        await remove_session(db, actor, session_id=session["id"])
    with pytest.raises(NotAllowed):
        await remove_session(db, city.teacher_account.actor, session_id=session["id"])
    with pytest.raises(SessionNotFound):
        await remove_session(db, city.sibling_admin.actor, session_id=session["id"])
    assert len(await list_sessions(db, actor, activity_id=activity["id"])) == 1


async def test_a_session_lies_within_the_civil_days_of_its_activity(
    db: Connection, city: City
) -> None:
    draft = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.DRAFT, sessions=0, hours=Decimal(2)
    )
    late = NOW + timedelta(hours=13)  # Eleven at night in China.
    ends = late + timedelta(minutes=59)
    actor = city.school_admin.actor
    midnight = late + timedelta(hours=1)
    for end in (ends, midnight):
        fits = new_session(starts_at=late, ends_at=end)
        added = await add_session(db, actor, activity_id=draft["id"], new=fits)
        await remove_session(db, actor, session_id=added["id"])
    for new in (
        new_session(starts_at=late, ends_at=midnight + timedelta(microseconds=1)),
        new_session(starts_at=midnight, ends_at=midnight + timedelta(hours=1)),
        new_session(starts_at=NOW - timedelta(hours=11), ends_at=NOW),
    ):
        with pytest.raises(SessionOutsideActivity) as refused:
            await add_session(db, actor, activity_id=draft["id"], new=new)
        assert refused.value.details == {"starts_on": "2026-11-20", "ends_on": "2026-11-20"}


@pytest.mark.parametrize(
    "changed",
    [{"ends_at": NOW}, {"ends_at": NOW - timedelta(hours=1)}, {"hours": "0"},
     {"starts_at": NOW.replace(tzinfo=None)}, {"secret": "x"},
     {"ends_at": "9999-12-31T23:00:00Z"}, {"starts_at": "0001-01-01T00:00:00+14:00"}],
)  # fmt: skip
def test_nonsense_is_no_session(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        new_session(**changed)
