"""Of each place a draft of a report, and of each bureau a minimum."""

from app.domain.quality.activity_minimums import ActivityMinimum
from app.domain.quality.reports import Report, ReportState
from app.sql import Connection
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, City
from tests.make_reports import SINCE, TODAY, UNTIL, frozen

_KINDS = ("city_year", "county_work", "school_year")


async def add_things(db: Connection, world: World, city: City) -> None:
    """Written as they lie in the database: what they are counted from would be seen in other lists."""
    by = city.city_admin.actor.account_id
    for name, units in world.units.items():
        unit, path = units[-1], tuple(each["id"] for each in units)
        report = await add_row(
            db, Report, **place_of(unit), kind=_KINDS[len(units) - 1], state=ReportState.DRAFT,
            title="工作报告", since=SINCE, until=UNTIL, as_of=TODAY, known_at=NOW, figures=frozen(),
            inequality=None, comparison=[], sections=[], drafted_by=by, edited_at=NOW,
        )  # fmt: skip
        world.places[name]["report"] = Thing(report, path)
        if unit["school_id"] is None:
            minimum = await add_row(
                db, ActivityMinimum, **place_of(unit), at_least=2, months=3, source="第五条",
                valid_from=TODAY, recorded_at=NOW, set_by=by,
            )  # fmt: skip
            world.places[name]["activity_minimum"] = Thing(minimum, path)
