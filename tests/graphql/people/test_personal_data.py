from app.graphql.schema import schema
from app.request import Resources
from app.sql import Connection
from tests.make import City, Client
from tests.make_personal import REASON, number_of

REVEAL = (
    "mutation ($id: UUID!, $request: RevealRequest!)"
    " { revealPersonalData(teacherId: $id, request: $request) { idNumber phone leftToday } }"
)


async def test_what_is_sealed_is_shown_by_a_mutation(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    number = await number_of(db, resources.cipher, city.teacher)
    request = {"data": ["ID_NUMBER"], "reason": REASON}
    given = {"id": str(city.teacher["id"]), "request": request}
    shown = await client.graphql(city.school_admin, REVEAL, given)
    assert shown["data"]["revealPersonalData"] == {
        "idNumber": number, "phone": None, "leftToday": 49,
    }  # fmt: skip
    refused = await client.graphql(city.auditor, REVEAL, given)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    looks = await client.graphql(
        city.teacher_account, "{ looks { nodes { accountName data reason } totalCount } }"
    )
    assert looks["data"]["looks"] == {
        "nodes": [{"accountName": "school.admin", "data": ["ID_NUMBER"], "reason": REASON}],
        "totalCount": 1,
    }


async def test_a_teacher_is_found_by_a_number(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    number = await number_of(db, resources.cipher, city.teacher)
    document = "mutation ($sought: NumberSought!) { findTeachers(sought: $sought) { name } }"
    sought = {"sought": {"idNumber": number, "reason": REASON}}
    found = await client.graphql(city.county_admin, document, sought)
    assert found["data"]["findTeachers"] == [{"name": "测试甲"}]
    nobody = await client.graphql(city.other_county_admin, document, sought)
    assert nobody["data"]["findTeachers"] == []


def test_nothing_that_is_read_leads_to_what_is_sealed() -> None:
    """The type is the answer of one mutation, and of nothing else."""
    leading = [
        f"{kind.name}.{name}"
        for kind in schema._schema.type_map.values()
        for name, field in getattr(kind, "fields", {}).items()
        if str(getattr(field, "type", "")).strip("[]!") == "Revealed"
    ]
    assert leading == ["Mutation.revealPersonalData"]
