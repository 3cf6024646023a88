"""Certificates over REST: proposed, approved, printed, verified by anybody."""

from re import fullmatch

from app.sql import Connection
from tests.make import City, Client
from tests.make_certificates import all_certificates, make_certificates, make_qualified


async def test_the_way_of_a_certificate(client: Client, db: Connection, city: City) -> None:
    await make_qualified(db, city)
    new = {"unit_id": str(city.school["id"]), "on": "2026-11-20"}
    made = await client.post(city.school_admin, "/certificate-batches", new)
    assert (made.status_code, made.json()["candidates"]) == (201, 2)
    batch = made.headers["location"].removeprefix("/api/v1")
    listed = await client.get(city.city_admin, f"{batch}/candidates")
    assert len(listed.json()["items"]) == 2
    denied = await client.post(city.school_admin, f"{batch}/approve")
    assert (denied.status_code, denied.json()["code"]) == (403, "not_allowed")
    assert await all_certificates(db) == []
    done = await client.post(city.city_admin, f"{batch}/approve")
    assert done.json()["issued"] == 2
    again = await client.post(city.city_admin, f"{batch}/approve")
    assert (again.status_code, again.json()["code"]) == (409, "certificate_batch_decided")
    [own] = (await client.get(city.teacher_account, "/certificates")).json()["items"]
    assert fullmatch(r"\d{4}-00000[12]", own["number"])
    path = f"/certificates/{own['id']}"
    document = await client.get(city.teacher_account, f"{path}/document")
    assert document.headers["content-type"] == "application/pdf"
    assert document.content.startswith(b"%PDF")
    assert (await client.get(city.colleague_account, f"{path}/document")).status_code == 404
    credential = await client.get(city.teacher_account, f"{path}/credential")
    assert credential.json()["credential"].count(".") == 2
    shown = await client.get(None, f"/verify/{own['code']}")
    assert (shown.json()["name"], shown.json()["state"]) == ("测试甲", "issued")
    ended = await client.post(city.city_admin, f"{path}/revoke", {"reason": "登记有误"})
    assert ended.json()["state"] == "revoked"
    shown = await client.get(None, f"/verify/{own['code']}")
    assert shown.json()["state"] == "revoked"
    gone = await client.get(city.teacher_account, f"{path}/document")
    assert (gone.status_code, gone.json()["code"]) == (409, "certificate_ended")


async def test_bad_input_is_refused(client: Client, city: City) -> None:
    for new in ({}, {"unit_id": str(city.school["id"]), "activity_id": str(city.school["id"])}):
        refused = await client.post(city.school_admin, "/certificate-batches", new)
        assert refused.status_code == 422


async def test_anybody_verifies_by_the_keys_and_the_list(
    client: Client, db: Connection, city: City
) -> None:
    await make_certificates(db, city)
    keys = await client.get(None, "//.well-known/did.json")
    assert keys.json()["id"] == "did:web:127.0.0.1%3A8000"
    where = f"//credentials/status/{city.city['id']}/2026"
    listed = await client.get(None, where)
    assert listed.headers["content-type"].startswith("application/vc+jwt")
    assert listed.headers["cache-control"] == "public, max-age=300"


async def test_the_page_of_a_code_says_what_is_printed_in_two_languages(
    client: Client, db: Connection, city: City
) -> None:
    [row, _] = await make_certificates(db, city)
    page = await client.get(None, f"//verify/{row['code']}?ui_locales=zh-CN")
    assert page.status_code == 200
    for shown in ("证书有效", row["name"], row["number"], "甲县第一小学", "未加盖"):
        assert shown in page.text
    english = await client.get(None, f"//verify/{row['code']}?ui_locales=en")
    assert "This certificate holds" in english.text
    assert "script" not in page.text
    missing = await client.get(None, "//verify/aaaaa-aaaaa-aaaaa-aaaaa?ui_locales=en")
    malformed = await client.get(None, "//verify/x?ui_locales=en")
    assert missing.status_code == malformed.status_code == 404
    assert missing.text == malformed.text
    one, other = [await client.get(None, f"/verify/{code}") for code in ("x", "a" * 20)]
    assert (one.status_code, one.json()["code"]) == (404, "certificate_not_found")
    assert one.json() | {"request_id": "", "instance": ""} == other.json() | {
        "request_id": "", "instance": "",
    }  # fmt: skip


async def test_codes_are_not_tried_out(client: Client, city: City) -> None:
    """From one address so many may come together, and then one a second."""
    codes = [await client.get(None, f"/verify/{'b' * 20}") for _ in range(260)]
    assert codes[0].status_code == 404
    assert codes[-1].status_code == 429
    assert codes[-1].json()["code"] == "too_many_attempts"
