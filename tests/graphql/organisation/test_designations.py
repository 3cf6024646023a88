from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import NOW, City, Client
from tests.make_demonstrations import CALL, make_awarded

AWARD = (
    "mutation ($id: UUID!, $new: NewDesignation!) { awardDesignation(unitId: $id, new: $new)"
    " { id unitName unit { name } } }"
)


async def test_a_title_is_given_counted_and_ended(
    client: Client, city: City, pool: SharedPool
) -> None:
    new = {
        "kind": "EXPERIMENTAL", "level": "CITY", "title": "高效课堂实验校", "issuer": "市教育局",
        "validFrom": "2016-11-29",
    }  # fmt: skip
    given = await client.graphql(
        city.county_admin, AWARD, {"id": str(city.school["id"]), "new": new}
    )
    designation = given["data"]["awardDesignation"]
    assert designation["unit"] == {"name": designation["unitName"]} == {"name": "甲县第一小学"}
    before = pool.statements
    shown = await client.graphql(
        city.county_admin,
        "query ($id: UUID!) { unit(id: $id) { schools { name designations { title } } }"
        " designationCounts(unitId: $id) { level schools } }",
        {"id": str(city.county["id"])},
    )
    assert shown["data"] == {
        "unit": {
            "schools": [
                {"name": "甲县第一小学", "designations": [{"title": "高效课堂实验校"}]},
                {"name": "甲县第二小学", "designations": []},
            ]
        },
        "designationCounts": [{"level": "CITY", "schools": 1}],
    }
    assert pool.statements - before == 5
    ended = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $end: DesignationEnd!)"
        " { endDesignation(designationId: $id, end: $end) { validTo } }",
        {"id": designation["id"], "end": {"on": "2020-01-01"}},
    )
    assert ended["data"]["endDesignation"] == {"validTo": "2020-01-01"}
    later = await client.graphql(
        city.county_admin, '{ designations(asOf: "2020-01-01") { nodes { id } } }'
    )
    assert later["data"]["designations"]["nodes"] == []


async def test_what_a_call_gave_is_neither_ended_nor_written_down_here(
    client: Client, db: Connection, city: City
) -> None:
    row = await make_awarded(db, city, now=NOW)
    end = "mutation ($id: UUID!) { endDesignation(designationId: $id, end: {}) { id } }"
    ended = await client.graphql(city.city_admin, end, {"id": str(row["designation_id"])})
    assert ended["errors"][0]["extensions"]["code"] == "designation_ended_by_issuer"
    new = {
        "kind": "DEMONSTRATION", "level": "CITY", "title": CALL["designation"], "issuer": "市教育局",
    }  # fmt: skip
    given = await client.graphql(
        city.county_admin, AWARD, {"id": str(city.sibling["id"]), "new": new}
    )
    assert given["errors"][0]["extensions"]["code"] == "designation_of_call"
