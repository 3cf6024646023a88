from typing import Any

from app.domain.organisation.statistics import Measure
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client
from tests.make_organisation import make_statistic

STATE = (
    "mutation ($id: UUID!, $new: NewStatistic!) { stateStatistic(unitId: $id, new: $new)"
    " { id value countedIn unit { name } } }"
)


async def test_figures_are_stated_confirmed_and_compared(client: Client, city: City) -> None:
    county = {"id": str(city.county["id"])}
    figure: dict[str, Any] = {}
    for measure, value in (("ESTABLISHED_TEACHERS", 1030), ("TRAINED_PERSONS", 1103)):
        new = {"schoolYear": 2016, "measure": measure, "value": value, "source": "工作汇报"}
        stated = await client.graphql(city.county_admin, STATE, county | {"new": new})
        figure = stated["data"]["stateStatistic"]
        assert (figure["countedIn"], figure["unit"]) == ("PERSON", {"name": "甲县"})
    confirm = "mutation ($id: UUID!) { confirmStatistic(statisticId: $id) { confirmedAt } }"
    refused = await client.graphql(city.county_admin, confirm, {"id": figure["id"]})
    assert refused["errors"][0]["extensions"]["code"] == "statistic_confirmed_by_author"
    confirmed = await client.graphql(city.city_admin, confirm, {"id": figure["id"]})
    assert confirmed["data"]["confirmStatistic"]["confirmedAt"] is not None
    shown = await client.graphql(
        city.county_admin,
        "query ($id: UUID!, $figure: UUID!) { statistic(id: $figure) { value }"
        " statisticRates(unitId: $id, schoolYear: 2016) { name value exceedsWhole }"
        " statisticLines(unitId: $id, schoolYear: 2016) { measure stated confirmed } }",
        county | {"figure": figure["id"]},
    )
    assert shown["data"]["statistic"] == {"value": 1103}
    assert shown["data"]["statisticRates"] == [
        {"name": "TRAINED_SHARE", "value": "1.0709", "exceedsWhole": True}
    ]
    trained = {"measure": "TRAINED_PERSONS", "stated": 1103, "confirmed": True}
    assert trained in shown["data"]["statisticLines"]
    hidden = await client.graphql(
        city.school_admin, "query ($id: UUID!) { statisticLines(unitId: $id) { stated } }", county
    )
    of_year = "query ($id: UUID!) { statisticLines(unitId: $id, schoolYear: 99999) { stated } }"
    unknown = await client.graphql(city.county_admin, of_year, county)
    assert unknown["errors"][0]["extensions"]["code"] == "school_year_unknown"
    assert hidden["errors"][0]["extensions"]["code"] == "not_allowed"


async def test_the_figures_of_all_schools_are_one_statement(
    client: Client, city: City, db: Connection, pool: SharedPool
) -> None:
    await make_statistic(db, city.school, city.school_admin, Measure.STUDENTS, 500)
    before = pool.statements
    shown = await client.graphql(
        city.county_admin,
        "query ($id: UUID!) { unit(id: $id) { schools { statistics { nodes { value } } } }"
        " statistics(measure: STUDENTS) { totalCount } }",
        {"id": str(city.county["id"])},
    )
    assert shown["data"] == {
        "unit": {
            "schools": [
                {"statistics": {"nodes": [{"value": 500}]}}, {"statistics": {"nodes": []}},
            ]
        },
        "statistics": {"totalCount": 1},
    }  # fmt: skip
    assert pool.statements - before == 5
