from tests.make import City, Client


async def test_periods_are_told(client: Client, city: City) -> None:
    told = await client.graphql(
        city.teacher_account, "{ retentionPeriods { data leastMonths mostMonths ending } }"
    )
    periods = {row["data"]: row for row in told["data"]["retentionPeriods"]}
    assert periods["PHONE"] == {
        "data": "PHONE", "leastMonths": None, "mostMonths": 12, "ending": "ERASED_BY_OPERATOR",
    }  # fmt: skip
