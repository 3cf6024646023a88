from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.training import destinations
from app.domain.training.activities import ActivityKind, ActivityNotFound, ActivityState, WrongState
from app.domain.training.attendance import list_attendance
from app.domain.training.destinations import (
    DestinationNotFound,
    DestinationsFull,
    NewDestination,
    add_destination,
    list_destinations,
    remove_destination,
)
from app.sql import Connection
from tests.make import City, make_activity, make_attendance
from tests.make_forms import make_destination


def school(name: str, province: str, **more: Any) -> NewDestination:
    given = {"host": name, "province": province, "level": "national"}
    return NewDestination.model_validate(given | more)


async def test_a_visit_to_four_schools_in_two_provinces(db: Connection, city: City) -> None:
    visit = await make_activity(
        db, city.county, city.county_admin, kind=ActivityKind.VISIT, title="课改名校考察"
    )
    key, actor = {"activity_id": visit["id"]}, city.county_admin.actor
    for ordinal in range(4):
        province = "山东省" if ordinal < 2 else "江苏省"
        new = school(f"名校{ordinal}", province, funds="12000.50", funds_line="培训费")
        await add_destination(db, actor, **key, new=new)
    delegates = (city.teacher, city.colleague, city.sibling_teacher)
    await make_attendance(db, visit["sessions"][0], city.county_admin, *delegates)
    before = db.statements
    places = await list_destinations(db, city.teacher_account.actor, **key)
    assert db.statements - before == 2
    assert [each["host"] for each in places] == [f"名校{ordinal}" for ordinal in range(4)]
    assert {each["province"] for each in places} == {"山东省", "江苏省"}
    assert sum(each["funds"] for each in places) == Decimal("48002.00")
    went = await list_attendance(db, actor, **key, page=PageRequest())
    assert len(went.items) == 3


async def test_only_who_organises_says_where_it_leads(db: Connection, city: City) -> None:
    visit = await make_activity(db, city.county, city.county_admin)
    place = await make_destination(db, visit)
    new = school("名校", "山东省")
    for person in (city.teacher_account, city.school_admin):
        with pytest.raises(NotAllowed):
            await add_destination(db, person.actor, activity_id=visit["id"], new=new)
        with pytest.raises(NotAllowed):
            await remove_destination(db, person.actor, destination_id=place["id"])
    with pytest.raises(ActivityNotFound):
        await list_destinations(db, city.other_county_admin.actor, activity_id=visit["id"])
    actor = city.county_admin.actor
    assert (await remove_destination(db, actor, destination_id=place["id"]))["id"] == place["id"]
    assert await list_destinations(db, actor, activity_id=visit["id"]) == []
    with pytest.raises(DestinationNotFound):
        await remove_destination(db, actor, destination_id=place["id"])


async def test_where_a_closed_activity_led_stands(db: Connection, city: City) -> None:
    visit = await make_activity(db, city.county, city.county_admin, state=ActivityState.CLOSED)
    place = await make_destination(db, visit)
    with pytest.raises(WrongState):
        await remove_destination(db, city.county_admin.actor, destination_id=place["id"])
    with pytest.raises(WrongState):
        await add_destination(
            db, city.county_admin.actor, activity_id=visit["id"], new=school("名校", "山东省")
        )


async def test_an_activity_leads_to_so_many_places(
    db: Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destinations, "MOST_DESTINATIONS", 1)
    visit = await make_activity(db, city.county, city.county_admin)
    await make_destination(db, visit)
    with pytest.raises(DestinationsFull):
        await add_destination(
            db, city.county_admin.actor, activity_id=visit["id"], new=school("名校", "山东省")
        )


@pytest.mark.parametrize(
    "changed", [{"funds": "1.00"}, {"funds": "-1", "funds_line": "培训费"}, {"level": "galaxy"}]
)
def test_money_is_noted_with_its_line(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        school("名校", "山东省", **changed)
