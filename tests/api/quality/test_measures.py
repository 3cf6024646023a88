from app.domain.quality.regulations import RegulationKind
from app.sql import Connection
from tests.make import City, Client
from tests.make_documents import make_regulation
from tests.make_evaluations import make_held_activity

PERIOD = "since=2026-09-01&until=2026-11-20"


async def test_measures_say_what_they_were_computed_from(
    client: Client, db: Connection, city: City
) -> None:
    await make_held_activity(db, city)
    address = f"/units/{city.school['id']}/measures?{PERIOD}"
    rows = (await client.get(city.school_admin, address)).json()
    [share] = [row for row in rows if row["measure"] == "attendance_share"]
    told = {name: share[name] for name in ("numerator", "denominator", "value", "since", "until")}
    assert told == {
        "numerator": 1, "denominator": 2, "value": "50.00", "since": "2026-09-01",
        "until": "2026-11-20",
    }  # fmt: skip
    # The rows behind it are at the address that it names.
    behind = await client.get(city.school_admin, share["rows"].removeprefix("/api/v1"))
    assert len(behind.json()["items"]) == 1
    meanings = (await client.get(city.school_admin, "/indicator-measures")).json()
    assert [row["code"] for row in meanings] == [row["measure"] for row in rows]


async def test_schools_are_measured_side_by_side(
    client: Client, db: Connection, city: City
) -> None:
    await make_held_activity(db, city)
    address = f"/units/{city.county['id']}/measured-schools?measure=activities_held&{PERIOD}"
    rows = (await client.get(city.county_admin, address)).json()
    assert {row["unit_id"]: row["value"] for row in rows} == {
        str(city.school["id"]): "1", str(city.sibling["id"]): "0",
    }  # fmt: skip


async def test_refusals(client: Client, city: City) -> None:
    for person, unit, query, status, code in (
        (city.school_admin, city.school, "since=1000-01-01", 422, "board_period_unfit"),
        (city.school_admin, city.school, "since=x", 422, "invalid_request"),
        (city.teacher_account, city.school, PERIOD, 403, "not_allowed"),
        (city.sibling_admin, city.school, PERIOD, 404, "unit_not_found"),
    ):
        answer = await client.get(person, f"/units/{unit['id']}/measures?{query}")
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_rows_of_a_bureau_are_those_of_its_schools(
    client: Client, db: Connection, city: City
) -> None:
    await make_held_activity(db, city)
    address = f"/units/{city.county['id']}/measures?{PERIOD}"
    rows = (await client.get(city.county_admin, address)).json()
    [share] = [row for row in rows if row["measure"] == "attendance_share"]
    behind = share["rows"].removeprefix("/api/v1")
    [counted] = (await client.get(city.county_admin, behind)).json()["items"]
    assert (counted["unit_id"], counted["counts"]) == (str(city.school["id"]), True)
    page = (await client.get(city.county_admin, f"{behind}&whole=true&limit=1")).json()
    more = await client.get(city.county_admin, f"{behind}&whole=true&limit=1&cursor={page['next']}")
    found = [*page["items"], *more.json()["items"]]
    assert (len(found), len({row["id"] for row in found})) == (share["denominator"], 2)
    refused = await client.get(city.teacher_account, behind)
    assert refused.json()["code"] in {"not_allowed", "unit_not_found"}
    wrong = await client.get(city.county_admin, behind.replace("2026-11-20", "2026-08-01"))
    assert (wrong.status_code, wrong.json()["code"]) == (422, "measured_period_unfit")


async def test_a_school_claims_nothing_that_its_regulations_show(
    client: Client, db: Connection, city: City
) -> None:
    for kind in RegulationKind:
        await make_regulation(db, city.school, city.school_admin, kind)
    address = f"/units/{city.county['id']}/measures?{PERIOD}"
    rows = (await client.get(city.county_admin, address)).json()
    [share] = [row for row in rows if row["measure"] == "regulations_share"]
    assert (share["numerator"], share["denominator"], share["value"]) == (1, 2, "50.00")
    behind = share["rows"].removeprefix("/api/v1") + "&whole=true"
    items = (await client.get(city.county_admin, behind)).json()["items"]
    assert {row["unit_id"]: row["counts"] for row in items} == {
        str(city.school["id"]): True, str(city.sibling["id"]): False,
    }  # fmt: skip
    hidden = await client.get(city.sibling_admin, behind)
    assert (hidden.status_code, hidden.json()["code"]) == (403, "not_allowed")
