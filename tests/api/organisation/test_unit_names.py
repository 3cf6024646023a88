from tests.make import City, Client


async def test_a_unit_is_renamed_and_told_by_all_its_names(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}"
    for name, day in (("甲县实验小学", "2024-09-01"), ("甲县外国语小学", "2025-09-01")):
        new = {"name": name, "valid_from": day}
        answer = await client.post(city.county_admin, f"{path}/rename", new)
        assert answer.status_code == 200, answer.text
        assert answer.json()["name"] == name
    names = (await client.get(city.school_admin, f"{path}/names")).json()
    assert [(row["name"], row["valid_from"], row["valid_to"]) for row in names] == [
        ("甲县实验小学", "2024-09-01", "2025-09-01"),
        ("甲县外国语小学", "2025-09-01", None),
    ]
    then = await client.get(city.school_admin, f"{path}?as_of=2025-01-01")
    assert then.json()["name"] == "甲县实验小学"
    [of_a_day] = (await client.get(city.school_admin, f"{path}/names?as_of=2025-01-01")).json()
    assert of_a_day["name"] == "甲县实验小学"
    found = await client.get(city.county_admin, "/units?known_as=甲县实验小学")
    assert [unit["id"] for unit in found.json()["items"]] == [str(city.school["id"])]
    early = await client.get(city.school_admin, f"{path}?as_of=2000-01-01")
    assert (early.status_code, early.json()["code"]) == (404, "unit_not_then")


async def test_a_name_to_come_is_refused(client: Client, city: City) -> None:
    new = {"name": "新名称", "valid_from": "2999-01-01"}
    answer = await client.post(city.county_admin, f"/units/{city.school['id']}/rename", new)
    assert (answer.status_code, answer.json()["code"]) == (422, "day_in_future")
    shown = await client.get(city.county_admin, f"/units/{city.school['id']}")
    assert shown.json()["name"] == "甲县第一小学"
