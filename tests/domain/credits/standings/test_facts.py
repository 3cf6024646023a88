"""What the rules are told of a person: where the school lies, and when the person was not at work."""

from datetime import date

from app.domain.credits.rules import Dated
from app.domain.credits.standings.due import recount_due
from app.domain.credits.standings.facts import read_people
from app.domain.organisation.units import LocationClass, UnitChanges, update_unit
from app.domain.people.careers import record_fact
from app.domain.people.facts.engagement import STATE, NewServiceState, ServiceState
from app.sql import Connection
from tests.domain.credits.standings.test_due import counted
from tests.make import NOW, TODAY, City


async def test_leave_and_place_are_told_and_leave_makes_a_verdict_due(
    db: Connection, city: City
) -> None:
    await counted(db, city)
    actor, teacher_id = city.school_admin.actor, city.teacher["id"]
    before = (await read_people(db, teacher_ids=[teacher_id]))[teacher_id].facts
    assert (before.leaves, before.location) == ((), None)
    for state, day in (
        (ServiceState.IN_SERVICE, date(2026, 1, 1)),
        (ServiceState.ON_LEAVE, date(2026, 3, 1)),
        (ServiceState.IN_SERVICE, date(2026, 9, 1)),
    ):
        new = NewServiceState(state=state, valid_from=day)
        await record_fact(db, actor, kind=STATE, teacher_id=teacher_id, new=new, now=NOW)
    place = UnitChanges(location=LocationClass.RURAL)
    await update_unit(db, city.city_admin.actor, unit_id=city.school["id"], changes=place)
    facts = (await read_people(db, teacher_ids=[teacher_id]))[teacher_id].facts
    assert facts.leaves == (Dated("on_leave", date(2026, 3, 1), date(2026, 8, 31)),)
    assert facts.location == "rural"
    assert await recount_due(db, day=TODAY, at_most=9) == 1
