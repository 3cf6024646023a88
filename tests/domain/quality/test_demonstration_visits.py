from datetime import timedelta
from typing import Any

import pytest

from app.domain.access.roles import Role
from app.domain.quality.demonstration_visits import (
    DemonstrationVisitChoice,
    DemonstrationVisitExists,
    DemonstrationVisitUnfit,
    add_demonstration_visit,
    list_demonstration_visits,
)
from app.domain.quality.demonstrations import (
    DemonstrationVisitMissing,
    decide_demonstration,
)
from app.domain.quality.unit_evaluations import EvaluatorOfOwnUnit
from app.sql import Connection
from tests.make import NOW, TODAY, City, make_account
from tests.make_demonstrations import (
    AGREED,
    appoint,
    appraise,
    make_experts,
    make_under_review,
    refused,
)
from tests.make_organisation import make_visit

DAY = timedelta(days=1)


async def test_what_goes_to_the_public_was_visited(db: Connection, city: City) -> None:
    row = await make_under_review(db, city, experts_needed=1)
    by, key = city.city_admin.actor, {"demonstration_id": row["id"]}
    [one] = await make_experts(db, city, 1)
    await appoint(db, row, city.city_admin, one)
    await appraise(db, row, one, "60", "40")
    act = decide_demonstration(db, by, **key, decision=AGREED, now=NOW)
    await refused(db, city, row, DemonstrationVisitMissing, act)
    for more in ({"bureau": city.county}, {"visited_on": TODAY - DAY}, {"unit": city.sibling}):
        given: dict[str, Any] = {"bureau": city.city, "visited_on": TODAY, "unit": city.school}
        unfit = given | more
        visit = await make_visit(
            db, unfit["unit"], city.city_admin, unfit["bureau"], visited_on=unfit["visited_on"]
        )
        with pytest.raises(DemonstrationVisitUnfit):
            await add_demonstration_visit(
                db, by, **key, choice=DemonstrationVisitChoice(visit_id=visit["id"]), now=NOW
            )
    visit = await make_visit(db, city.school, city.city_admin, city.city, visited_on=TODAY)
    choice = DemonstrationVisitChoice(visit_id=visit["id"])
    own = await make_account(
        db, "本校", Role.CITY_ADMIN, city.city, school_id=city.school["id"],
        county_id=city.county["id"],
    )  # fmt: skip
    with pytest.raises(EvaluatorOfOwnUnit):
        await add_demonstration_visit(db, own.actor, **key, choice=choice, now=NOW)
    assert await list_demonstration_visits(db, by, **key) == []
    await add_demonstration_visit(db, by, **key, choice=choice, now=NOW)
    async with db.transaction():
        with pytest.raises(DemonstrationVisitExists):
            async with db.transaction():
                await add_demonstration_visit(db, by, **key, choice=choice, now=NOW)
    [shown] = await list_demonstration_visits(db, city.school_admin.actor, **key)
    assert shown["findings"] == visit["findings"]
    decided = await decide_demonstration(db, by, **key, decision=AGREED, now=NOW)
    assert decided["score"] == 100
