"""Mentoring policies over GraphQL."""

from tests.make import City, Client

SET = """mutation ($unit: UUID!) {
    setMentoringPolicy(unitId: $unit, new: {
        cycleYears: 5, source: "带教办法第三条", ranks: [{rank: SENIOR, least: 2, most: 3}],
        probation: [{name: "校内带教", amount: "1", measure: "学年"}]
    }) { id }
}"""
GET = """query ($unit: UUID!) {
    mentoringPolicy(unitId: $unit) { ranks { rank most } probation { name amount } }
}"""


async def test_a_policy_with_its_parts(client: Client, city: City) -> None:
    made = await client.graphql(city.city_admin, SET, {"unit": str(city.city["id"])})
    assert made["data"]["setMentoringPolicy"]["id"]
    seen = await client.graphql(city.school_admin, GET, {"unit": str(city.school["id"])})
    assert seen["data"]["mentoringPolicy"] == {
        "ranks": [{"rank": "SENIOR", "most": 3}],
        "probation": [{"name": "校内带教", "amount": "1"}],
    }
