from tests.make import City, Client

VISIT = {
    "kind": "evaluate",
    "visited_on": "2026-11-03",
    "visitors": "市教育局三人",
    "findings": "各学校校本研修活动开展不平衡",
    "requests": "制定均衡推进措施",
    "due_on": "2026-12-31",
}


async def test_a_county_is_evaluated_answers_and_does_not_evaluate_itself(
    client: Client, city: City
) -> None:
    path = f"/units/{city.county['id']}/guidance-visits"
    made = await client.post(city.city_admin, path, VISIT)
    assert made.status_code == 201, made.text
    itself = await client.post(city.county_admin, path, VISIT)
    assert (itself.status_code, itself.json()["code"]) == (422, "guidance_without_standing")
    far = f"/units/{city.other_county['id']}/guidance-visits"
    other = await client.post(city.county_admin, far, VISIT)
    assert (other.status_code, other.json()["code"]) == (404, "unit_not_found")
    visit = f"/guidance-visits/{made.json()['id']}"
    read = await client.get(city.county_admin, f"{visit}?include=unit,by_unit")
    assert (read.json()["unit"]["name"], read.json()["by_unit"]["name"]) == ("甲县", "测试市")
    hidden = await client.get(city.school_admin, visit)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "guidance_visit_not_found")
    reply = {"answer": "已制定措施"}
    refused = await client.post(city.city_admin, f"{visit}/answer", reply)
    assert (refused.status_code, refused.json()["code"]) == (422, "guidance_answered_elsewhere")
    answered = await client.post(city.county_admin, f"{visit}/answer", reply)
    assert (answered.status_code, answered.json()["answer"]) == (200, "已制定措施")
    closing = {"conclusion": "同意办结"}
    refused = await client.post(city.county_admin, f"{visit}/close", closing)
    assert refused.json()["code"] == "guidance_without_standing"
    closed = await client.post(city.city_admin, f"{visit}/close", closing)
    assert (closed.status_code, closed.json()["conclusion"]) == (200, "同意办结")
    again = await client.post(city.city_admin, f"{visit}/close", closing)
    assert (again.status_code, again.json()["code"]) == (409, "guidance_closed")
    for query, number in (("closed=false", 0), ("closed=true&kind=evaluate", 1), ("kind=guide", 0)):
        found = await client.get(city.county_admin, f"/guidance-visits?{query}")
        assert len(found.json()["items"]) == number, query
