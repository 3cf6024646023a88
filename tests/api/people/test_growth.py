from tests.make import City, Client


async def test_a_school_says_what_it_expects_and_sees_who_is_due(
    client: Client, city: City
) -> None:
    school = city.school["id"]
    target = {
        "unit_id": str(school), "stage": "five_years", "title": "五年成才",
        "criteria": "承担过县级以上公开课", "valid_from": "2020-01-01",
    }  # fmt: skip
    made = await client.post(city.school_admin, "/growth-targets", target)
    assert made.status_code == 201, made.text
    listed = (await client.get(city.school_admin, f"/units/{school}/growth-targets")).json()
    assert listed == [made.json()]
    again = await client.post(city.school_admin, "/growth-targets", target)
    assert (again.status_code, again.json()["code"]) == (409, "growth_target_not_later")
    due = f"/units/{school}/due-growth?due_from=2025-01-01&due_to=2025-12-31"
    found = (await client.get(city.school_admin, due)).json()["items"]
    assert {item["name"] for item in found} == {"测试甲", "测试乙"}
    teacher = f"/teachers/{city.teacher['id']}"
    result = {"stage": "five_years", "finding": "reached", "valid_from": "2025-09-10"}
    assert (
        await client.post(city.school_admin, f"{teacher}/growth-results", result)
    ).status_code == 201
    found = (await client.get(city.school_admin, due)).json()["items"]
    assert [item["name"] for item in found] == ["测试乙"]
    stages = (await client.get(city.teacher_account, f"{teacher}/growth")).json()
    assert [(each["stage"], each["finding"]) for each in stages] == [
        ("one_year", None), ("three_years", None), ("five_years", "reached"),
    ]  # fmt: skip
    assert stages[2]["title"] == "五年成才"
    foreign = await client.get(city.sibling_admin, due)
    assert foreign.json()["code"] == "unit_not_found"
