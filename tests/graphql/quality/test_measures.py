from app.domain.quality.regulations import RegulationKind
from app.sql import Connection
from tests.make import City, Client
from tests.make_documents import make_regulation
from tests.make_evaluations import make_held_activity

QUERY = """
query ($unit: UUID!, $county: UUID!) {
  indicatorMeasures { code unit isShare }
  unitMeasures(unitId: $unit, since: "2026-09-01", until: "2026-11-20") {
    measure numerator denominator value asOf rows }
  measuredSchools(unitId: $county, measure: ACTIVITIES_HELD, since: "2026-09-01",
                  until: "2026-11-20") { unitId value }
}
"""


async def test_measures(client: Client, db: Connection, city: City) -> None:
    await make_held_activity(db, city)
    keys = {"unit": str(city.school["id"]), "county": str(city.county["id"])}
    answer = await client.graphql(city.county_admin, QUERY, keys)
    data = answer["data"]
    assert {"code": "NO_SHOWS", "unit": "PERSON_TIMES", "isShare": False} in data[
        "indicatorMeasures"
    ]
    [share] = [row for row in data["unitMeasures"] if row["measure"] == "ATTENDANCE_SHARE"]
    assert (share["numerator"], share["denominator"], share["value"]) == (1, 2, "50.00")
    assert {row["unitId"]: row["value"] for row in data["measuredSchools"]} == {
        keys["unit"]: "1", str(city.sibling["id"]): "0",
    }  # fmt: skip
    refused = await client.graphql(city.teacher_account, QUERY, keys)
    assert {each["extensions"]["code"] for each in refused["errors"]} <= {
        "not_allowed", "unit_not_found",
    }  # fmt: skip


ROWS = """
query ($unit: UUID!, $after: String) {
  measureRows(unitId: $unit, measure: ATTENDANCE_SHARE, since: "2026-09-01", until: "2026-11-20",
              whole: true, first: 1, after: $after) {
    nodes { id name counts unitId } pageInfo { endCursor hasNextPage } }
}
"""


async def test_the_rows_of_a_city_are_read_page_by_page(
    client: Client, db: Connection, city: City
) -> None:
    await make_held_activity(db, city)
    given = {"unit": str(city.city["id"]), "after": None}
    first = (await client.graphql(city.city_admin, ROWS, given))["data"]["measureRows"]
    assert first["pageInfo"]["hasNextPage"]
    given["after"] = first["pageInfo"]["endCursor"]
    last = (await client.graphql(city.city_admin, ROWS, given))["data"]["measureRows"]
    assert not last["pageInfo"]["hasNextPage"]
    rows = [*first["nodes"], *last["nodes"]]
    assert sorted(row["counts"] for row in rows) == [False, True]
    assert {row["name"] for row in rows} == {city.teacher["name"], city.colleague["name"]}
    refused = await client.graphql(
        city.sibling_admin, ROWS, given | {"unit": str(city.school["id"])}
    )
    assert {each["extensions"]["code"] for each in refused["errors"]} == {"unit_not_found"}


OF_SCHOOLS = """
query ($county: UUID!) {
  measuredSchools(unitId: $county, measure: REGULATIONS_SHARE, since: "2026-09-01",
                  until: "2026-11-20") { unitId numerator denominator value }
}
"""


async def test_a_school_claims_nothing_that_its_regulations_show(
    client: Client, db: Connection, city: City
) -> None:
    for kind in RegulationKind:
        await make_regulation(db, city.school, city.school_admin, kind)
    asked = {"county": str(city.county["id"])}
    told = (await client.graphql(city.county_admin, OF_SCHOOLS, asked))["data"]["measuredSchools"]
    assert {row["unitId"]: (row["numerator"], row["denominator"]) for row in told} == {
        str(city.school["id"]): (1, 1), str(city.sibling["id"]): (0, 1),
    }  # fmt: skip
