from app.sql import Connection
from tests.make import City, Client
from tests.make_personal import MASKED, PHONE


async def test_a_number_is_kept_for_as_long_as_it_is_allowed(
    client: Client, db: Connection, city: City
) -> None:
    path = f"/teachers/{city.teacher['id']}/phone"
    without = await client.post(city.school_admin, path, {"phone": PHONE})
    assert (without.status_code, without.json()["code"]) == (409, "data_consent_missing")
    given = await client.post(city.teacher_account, "/me/data-consents", {"data": "phone"})
    assert (given.status_code, given.json()["withdrawn_at"]) == (201, None)
    entered = await client.post(city.school_admin, path, {"phone": PHONE})
    assert (entered.status_code, entered.json()["phone"]) == (200, MASKED)
    assert PHONE not in entered.text
    shown = await client.get(city.teacher_account, path)
    assert shown.json() == entered.json()
    back = await client.post(
        city.teacher_account, f"/me/data-consents/{given.json()['id']}/withdraw"
    )
    assert back.json()["withdrawn_at"] is not None
    gone = await client.get(city.school_admin, path)
    assert (gone.status_code, gone.json()["code"]) == (404, "phone_not_found")
    listed = await client.get(city.teacher_account, "/me/data-consents")
    assert listed.json() == [back.json()]


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    path = f"/teachers/{city.teacher['id']}/phone"
    await client.post(city.teacher_account, "/me/data-consents", {"data": "phone"})
    bad = await client.post(city.school_admin, path, {"phone": "12345-Zaubernuss"})
    assert (bad.status_code, bad.json()["code"]) == (422, "phone_bad_form")
    assert "Zaubernuss" not in bad.text
    foreign = await client.post(city.sibling_admin, path, {"phone": PHONE})
    assert (foreign.status_code, foreign.json()["code"]) == (404, "teacher_not_found")
    nothing = await client.post(city.school_admin, f"{path}/remove")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "phone_not_found")
    mine = await client.post(city.school_admin, "/me/data-consents", {"data": "phone"})
    assert (mine.status_code, mine.json()["details"]) == (403, {"permission": "record:own"})
    assert await db._driver.fetchval("SELECT count(*) FROM teacher_phone") == 0
