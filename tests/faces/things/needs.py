"""What each place asks and finds out: surveys, a link, an evaluation, a problem, a diagnosis."""

from app.domain.training.activities.table import Activity
from app.domain.training.surveys import SurveyState
from app.sql import Connection
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, TODAY, City
from tests.make_needs import (
    make_diagnosis,
    make_evaluation,
    make_link,
    make_problem,
    make_survey,
)


async def add_things(db: Connection, world: World, city: City) -> None:
    """A draft, a survey that is open and one that is over, with what hangs below them."""
    by = city.city_admin
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        unit = units[-1]
        draft = await make_survey(db, unit, by, state=SurveyState.DRAFT)
        opened = await make_survey(db, unit, by)
        over = await make_survey(db, unit, by, state=SurveyState.CLOSED, previous_id=opened["id"])
        link = await make_link(db, opened, unit, by, f"token-of-{unit['id']}")
        activity = await add_row(
            db, Activity, **place_of(unit), title="已结束的活动", kind="seminar",
            mode="concentrated", channel="school_based", hours=1, content=[], starts_on=TODAY,
            requires_note=False, ends_on=TODAY, state="closed", published_at=NOW, closed_at=NOW,
            created_by=by.actor.account_id,
        )  # fmt: skip
        evaluation = await make_evaluation(db, {"id": activity})
        problem = await make_problem(db, unit, by, teacher_id=None)
        own = world.teachers.get(name)
        things["survey_draft"] = Thing(draft["id"], path)
        things["survey"] = Thing(opened["id"], path, audience=unit["id"])
        things["survey_over"] = Thing(over["id"], path, audience=unit["id"])
        things["survey_link"] = Thing(link["id"], path)
        things["closed_activity"] = Thing(activity, path)
        things["evaluation"] = Thing(evaluation["id"], path)
        things["problem"] = Thing(problem["id"], path)
        diagnosis = await make_diagnosis(db, unit, by, by_unit_id=unit["county_id"])
        things["diagnosis"] = Thing(diagnosis["id"], path)
        if own is not None:
            said = await make_problem(db, unit, by, teacher_id=own["id"])
            things["own_problem"] = Thing(said["id"], path, teacher_id=own["id"])
