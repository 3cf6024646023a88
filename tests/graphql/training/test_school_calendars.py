"""School calendars over GraphQL."""

from tests.make import City, Client

SET = """mutation ($unit: UUID!) {
    setTerm(unitId: $unit, new: {
        schoolYear: 2026, semester: FIRST, startsOn: "2026-09-01", endsOn: "2027-01-29"
    }) { id weeksFrom }
    setCalendarDays(unitId: $unit, new: {days: [{day: "2026-10-01"}]}) { id day taughtAs }
    addHalfDay(unitId: $unit, new: {
        schoolYear: 2026, semester: FIRST, subject: CHINESE, weekday: 3, half: AFTERNOON
    }) { id half }
}"""
CALENDAR = """query ($unit: UUID!) { schoolCalendar(unitId: $unit, schoolYear: 2026) {
    terms { id weeksFrom } days { id day taughtAs } halfDays { id half }
} }"""
LISTS = """{ terms { nodes { id } } calendarDays { nodes { id } } halfDays { nodes { id } } }"""
REMOVE = """mutation ($day: UUID!, $half: UUID!) {
    removeCalendarDay(dayId: $day) { id } removeHalfDay(halfDayId: $half) { id }
}"""


async def test_a_city_sets_what_counts_at_its_schools(client: Client, city: City) -> None:
    made = await client.graphql(city.city_admin, SET, {"unit": str(city.city["id"])})
    term, days, half_day = made["data"].values()
    assert term["weeksFrom"] == "2026-08-31"
    found = await client.graphql(city.school_admin, CALENDAR, {"unit": str(city.school["id"])})
    assert found["data"]["schoolCalendar"] == {
        "terms": [term], "days": days, "halfDays": [half_day],
    }  # fmt: skip
    lists = await client.graphql(city.city_admin, LISTS)
    keys = [each["nodes"][0]["id"] for each in lists["data"].values()]
    assert keys == [term["id"], days[0]["id"], half_day["id"]]
    gone = await client.graphql(city.city_admin, REMOVE, {"day": keys[1], "half": keys[2]})
    assert [each["id"] for each in gone["data"].values()] == keys[1:]
    below = await client.graphql(city.school_admin, SET, {"unit": str(city.city["id"])})
    assert below["errors"][0]["extensions"]["code"] == "not_allowed"
