from tests.make import City, Client


async def test_the_catalogue_is_open_to_whoever_is_signed_in(client: Client, city: City) -> None:
    query = "{ sharedData(way: READ) { name scope categories fields { name description } } }"
    answer = await client.graphql(city.teacher_account, query)
    lines = {line["name"]: line for line in answer["data"]["sharedData"]}
    assert lines["teacher"]["scope"] == "TEACHER_READ"
    assert lines["unit"]["categories"] == []
    assert "idNumber" not in [each["name"] for each in lines["unit"]["fields"]]
    assert "id_number" in [each["name"] for each in lines["teacher"]["fields"]]
