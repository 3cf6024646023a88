from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.quality.demonstration_calls import (
    DemonstrationCallDaysUnfit,
    DemonstrationCodeRepeated,
    DemonstrationPointsOff,
    NewDemonstrationCondition,
)
from app.domain.quality.demonstrations import (
    list_demonstration_findings,
)
from app.sql import Connection
from tests.make import NOW, TODAY, City
from tests.make_demonstrations import (
    CALL,
    CONDITION,
    make_application,
    make_call,
)
from tests.make_evaluations import make_published

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"closes_on": TODAY - DAY, "opens_on": TODAY - 2 * DAY}, DemonstrationCallDaysUnfit),
        ({"closes_on": TODAY, "opens_on": TODAY + DAY}, DemonstrationCallDaysUnfit),
        ({"conditions": [CONDITION, CONDITION]}, DemonstrationCodeRepeated),
        ({"criteria": [CALL["criteria"][0]]}, DemonstrationPointsOff),
    ],
)
async def test_a_call_whose_parts_do_not_fit_is_refused(
    db: Connection, city: City, more: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        await make_call(db, city.city, city.city_admin, **more)
    with pytest.raises(NotAllowed):
        await make_call(db, city.school, city.school_admin)


@pytest.mark.parametrize(
    "off",
    [
        {"at_most": "3"}, {"at_least": None}, {"measure": None}, {"kind": "evaluation"},
        {"designation_level": "city"}, {"source": "x"}, {"years": 6},
    ],
)  # fmt: skip
def test_a_condition_says_one_thing_and_names_its_source(off: dict[str, Any]) -> None:
    NewDemonstrationCondition.model_validate(CONDITION)
    with pytest.raises(ValueError, match=r".+"):
        NewDemonstrationCondition.model_validate(CONDITION | off)


async def test_each_of_the_years_has_to_satisfy_a_condition(db: Connection, city: City) -> None:
    two: dict[str, Any] = {
        "conditions": [
            CONDITION | {"years": 2},
            {"code": "score", "name": "评估得分率", "kind": "evaluation", "at_least": "40",
             "source": CONDITION["source"]},
            {"code": "title", "name": "已为县级示范校", "kind": "designation", "at_least": "1",
             "designation_level": "county", "source": CONDITION["source"]},
        ]
    }  # fmt: skip
    call = await make_call(db, city.city, city.city_admin, **two)
    await make_application(db, call, city.school, city.school_admin)
    evaluation = await make_published(db, city)
    found = await list_demonstration_findings(
        db, city.school_admin.actor, call_id=call["id"], unit_id=city.school["id"], now=NOW
    )
    told = [(each["code"], each["numerator"], each["denominator"], each["met"]) for each in found]
    score = evaluation["score"]
    assert told == [
        ("activities", 2, None, True), ("activities", 0, None, False),
        ("score", score, 100, True), ("title", 0, None, False),
    ]  # fmt: skip
    assert found[2]["rows"] == f"/api/v1/unit-evaluations/{evaluation['id']}"
    assert (found[1]["since"], found[1]["until"]) == (date(2024, 11, 21), date(2025, 11, 20))
