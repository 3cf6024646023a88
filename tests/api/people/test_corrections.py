from app.request import Resources
from app.sql import Connection
from tests.make import City, Client, id_number


async def test_a_correction_is_asked_for_and_granted(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    number = id_number()
    new = {"field": "id_number", "id_kind": "resident_card", "stated": number, "reason": "登记有误"}
    asked = await client.post(city.teacher_account, "/corrections", new)
    assert asked.status_code == 201, asked.text
    assert number not in asked.text
    assert asked.json()["stated"] == f"{number[:4]}**********{number[-4:]}"
    again = await client.post(city.teacher_account, "/corrections", new)
    assert (again.status_code, again.json()["code"]) == (409, "correction_open")
    waiting = await client.get(city.school_admin, "/corrections?state=asked")
    assert waiting.json()["items"] == [asked.json()]
    path = asked.headers["location"].removeprefix("/api/v1")
    granted = await client.post(city.school_admin, f"{path}/grant", {"opinion": "已核对原件"})
    assert (granted.status_code, granted.json()["state"]) == (200, "granted")
    shown = await client.get(city.teacher_account, path)
    assert shown.json() == granted.json()
    teacher = await client.get(city.teacher_account, f"/teachers/{city.teacher['id']}")
    assert teacher.json()["id_number"] == asked.json()["stated"]
    late = await client.post(city.teacher_account, f"{path}/withdraw")
    assert (late.status_code, late.json()["code"]) == (409, "correction_decided")


async def test_a_correction_is_declined_with_a_reason(client: Client, city: City) -> None:
    new = {"field": "name", "stated": "改名", "reason": "登记有误"}
    asked = await client.post(city.teacher_account, "/corrections", new)
    path = f"/corrections/{asked.json()['id']}"
    silent = await client.post(city.school_admin, f"{path}/decline", {"opinion": ""})
    assert silent.status_code == 422
    foreign = await client.post(city.sibling_admin, f"{path}/decline", {"opinion": "不符"})
    assert (foreign.status_code, foreign.json()["code"]) == (404, "correction_not_found")
    declined = await client.post(city.school_admin, f"{path}/decline", {"opinion": "与证件不符"})
    assert (declined.json()["state"], declined.json()["opinion"]) == ("declined", "与证件不符")


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    new = {"field": "id_number", "id_kind": "resident_card", "reason": "登记有误"}
    bad = await client.post(
        city.teacher_account, "/corrections", new | {"stated": "110101199003077759"}
    )
    assert (bad.status_code, bad.json()["code"]) == (422, "id_number_bad_check_digit")
    unfit = await client.post(
        city.teacher_account, "/corrections",
        {"field": "subject", "stated": "Zaubernuss", "reason": "登记有误"},
    )  # fmt: skip
    assert (unfit.status_code, unfit.json()["code"]) == (422, "correction_value_unfit")
    assert "Zaubernuss" not in unfit.text
    nobody = await client.post(city.school_admin, "/corrections", new | {"stated": "x"})
    assert (nobody.status_code, nobody.json()["code"]) == (403, "not_allowed")
    assert await db._driver.fetchval("SELECT count(*) FROM correction") == 0


async def test_a_school_corrects_a_teacher(client: Client, city: City) -> None:
    path = f"/teachers/{city.teacher['id']}/correct"
    corrected = await client.post(
        city.school_admin, path, {"name": "改名", "stage": "kindergarten"}
    )
    assert (corrected.status_code, corrected.json()["name"]) == (200, "改名")
    nothing = await client.post(city.school_admin, path, {})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "invalid_request")
    refused = await client.post(city.teacher_account, path, {"name": "改名"})
    assert refused.status_code == 403
