from tests.make import City, Client


async def test_kinds_of_content_show_their_places_in_the_taxonomies(
    client: Client, city: City
) -> None:
    answer = await client.graphql(
        city.teacher_account,
        "{ contentKinds { code zh family { code zh } area { code } aspect { code }"
        " source { document article } } }",
    )
    kinds = {each["code"]: each for each in answer["data"]["contentKinds"]}
    assert kinds["ETHICS"]["family"] == {"code": "ethics", "zh": "师德修养"}
    assert kinds["INFORMATION_TECHNOLOGY"]["aspect"] == {"code": "technology_integration"}
    assert kinds["SCIENTIFIC_LITERACY"]["family"] is None
