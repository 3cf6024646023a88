from app.domain.base import civil_date
from app.domain.organisation.units import Level
from app.request import now
from app.sql import Connection
from tests.make import City, Client, make_unit


async def test_a_school_moves_is_merged_and_closed(
    client: Client, db: Connection, city: City
) -> None:
    school, sibling = str(city.school["id"]), str(city.sibling["id"])
    moved = await client.graphql(
        city.city_admin,
        "mutation ($id: UUID!, $move: Move!) { moveSchool(unitId: $id, move: $move)"
        " { parent { name } teachers { nodes { name } } } }",
        {"id": school, "move": {"bureauId": str(city.other_county["id"])}},
    )
    assert moved["data"]["moveSchool"] == {
        "parent": {"name": "乙县"}, "teachers": {"nodes": [{"name": "测试乙"}, {"name": "测试甲"}]},
    }  # fmt: skip
    merged = await client.graphql(
        city.city_admin,
        "mutation ($id: UUID!, $merger: Merger!) { mergeSchool(unitId: $id, merger: $merger)"
        " { closedOn } }",
        {"id": school, "merger": {"successorId": sibling}},
    )
    assert merged["data"]["mergeSchool"] == {"closedOn": civil_date(now()).isoformat()}
    told = await client.graphql(
        city.city_admin,
        "query ($id: UUID!) { reorganisations(unitId: $id) { kind successorId } }",
        {"id": school},
    )
    assert told["data"]["reorganisations"] == [
        {"kind": "MOVE", "successorId": None}, {"kind": "MERGER", "successorId": sibling},
    ]  # fmt: skip
    close = (
        "mutation ($id: UUID!, $closure: Closure!) { closeUnit(unitId: $id, closure: $closure)"
        " { name } }"
    )
    empty = await make_unit(db, "空校", Level.SCHOOL, city.county)
    closed = await client.graphql(city.county_admin, close, {"id": str(empty["id"]), "closure": {}})
    assert closed["data"]["closeUnit"] == {"name": "空校"}
    refused = await client.graphql(city.county_admin, close, {"id": sibling, "closure": {}})
    assert refused["errors"][0]["extensions"]["code"] == "unit_not_empty"
