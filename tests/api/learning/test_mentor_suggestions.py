"""Suggestions of mentors over REST."""

from tests.make import City, Client


async def test_who_could_mentor(client: Client, city: City) -> None:
    path = f"/teachers/{city.teacher['id']}/mentor-suggestions"
    found = await client.get(city.school_admin, path)
    assert [(row["name"], row["points"], row["distance_points"]) for row in found.json()] == [
        ("测试乙", 70, 10)
    ]
    other = await client.get(city.school_admin, f"{path}?target_subject=chemistry")
    assert [row["subject_points"] for row in other.json()] == [0]
    refused = await client.get(city.teacher_account, path)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
