"""Trainees over GraphQL."""

from tests.make import City, Client

REGISTER = "mutation ($new: NewTrainee!) { registerTrainee(new: $new) { id idNumber } }"
READ = """query ($id: UUID!) {
    trainee(id: $id) { name }
    trainees(category: TECHNICAL) { nodes { employer } }
}"""


async def test_a_trainee_is_registered_and_read(client: Client, city: City) -> None:
    new = {
        "unitId": str(city.county["id"]), "name": "刘技师", "category": "TECHNICAL",
        "employer": "县农业技术推广站",
    }  # fmt: skip
    made = await client.graphql(city.county_admin, REGISTER, {"new": new})
    trainee = made["data"]["registerTrainee"]
    assert trainee["idNumber"] is None
    read = await client.graphql(city.county_admin, READ, {"id": trainee["id"]})
    assert read["data"] == {
        "trainee": {"name": "刘技师"},
        "trainees": {"nodes": [{"employer": "县农业技术推广站"}]},
    }
    refused = await client.graphql(city.auditor, REGISTER, {"new": new})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
