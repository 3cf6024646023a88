from tests.make import City, Client


async def test_the_catalogue_is_open_to_whoever_is_signed_in(client: Client, city: City) -> None:
    answer = await client.get(city.teacher_account, "/province/catalogue")
    assert answer.status_code == 200
    assert {line["way"] for line in answer.json()} == {"submitted", "read", "taken_in"}
    sent = await client.get(city.teacher_account, "/province/catalogue?way=submitted")
    names = [line["name"] for line in sent.json()]
    assert names == [
        "teacher",
        "teacher_end",
        "credit",
        "reversal",
        "certificate",
        "certificate_end",
    ]
    credit = sent.json()[2]
    assert credit["basis"] == "statutory_duty"
    assert {"name": "hours", "description": "学时 / hours"} in credit["fields"]
    assert (await client.get(None, "/province/catalogue")).status_code == 401
