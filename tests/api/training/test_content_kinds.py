from tests.make import City, Client


async def test_kinds_of_content_show_their_places_in_the_taxonomies(
    client: Client, city: City
) -> None:
    answer = await client.get(city.teacher_account, "/content-kinds")
    kinds = {each["code"]: each for each in answer.json()}
    ethics = kinds["ethics"]
    assert ethics["family"]["source"]["article"] == "第9条"
    assert ethics["area"]["zh"] == "师德研修"
    assert kinds["lesson_review"]["source"]["quote"] == "课堂评析"
    assert kinds["scientific_literacy"]["family"] is None
    nobody = await client.get(None, "/content-kinds")
    assert nobody.status_code == 401
