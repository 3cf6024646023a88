from tests.make import City, Client


async def test_whoever_is_signed_in_is_told_how_long_what_is_kept(
    client: Client, city: City
) -> None:
    told = await client.get(city.teacher_account, "/privacy/retention")
    assert told.status_code == 200
    periods = {row["data"]: row for row in told.json()}
    assert periods["provision"]["least_months"] == 36
    assert (periods["phone"]["most_months"], periods["phone"]["assumed"]) == (12, True)
    assert (await client.get(None, "/privacy/retention")).status_code == 401
