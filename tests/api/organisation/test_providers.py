from httpx2 import Response

from tests.make import City, Client

CODE = "91350100M000100Y43"


async def register(client: Client, city: City, **changed: str) -> Response:
    new = {
        "unit_id": str(city.county["id"]), "name": "示例师范学院", "kind": "university",
        "credit_code": CODE, "contact_name": "李老师", "contact_phone": "13800001234",
    }  # fmt: skip
    return await client.post(city.county_admin, "/providers", new | changed)


async def test_a_provider_is_registered_and_changed(client: Client, city: City) -> None:
    made = await register(client, city)
    assert made.status_code == 201, made.text
    assert (made.json()["contact"], made.json()["approved"]) == ("李** 138****34", False)
    again = await register(client, city)
    assert (again.status_code, again.json()["code"]) == (409, "provider_exists")
    wrong = await register(client, city, credit_code=CODE[:-1] + "4")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "credit_code_wrong")
    path = f"/providers/{made.json()['id']}"
    tag = (await client.get(city.county_admin, path)).headers["etag"]
    once = {"json": {"qualified_until": "2020-08-31"}, "headers": {"If-Match": tag}}
    changed = await client.request(city.county_admin, "PATCH", path, **once)
    assert (changed.status_code, changed.json()["qualified_until"]) == (200, "2020-08-31")
    stale = await client.request(city.county_admin, "PATCH", path, **once)
    assert (stale.status_code, stale.json()["code"]) == (412, "changed_meanwhile")
    late = await client.post(city.county_admin, f"{path}/approve", {})
    assert (late.status_code, late.json()["code"]) == (409, "provider_not_qualified")


async def test_a_provider_is_approved_called_and_withdrawn(client: Client, city: City) -> None:
    path = f"/providers/{(await register(client, city)).json()['id']}"
    approved = await client.post(
        city.county_admin, f"{path}/approve", {"valid_from": "2026-01-01", "document": "1号"}
    )
    assert (approved.status_code, approved.json()["document"]) == (201, "1号")
    offered = await client.get(city.school_admin, "/available-providers")
    assert [row["approved"] for row in offered.json()["items"]] == [True]
    refused = await client.post(city.school_admin, f"{path}/reveal-contact")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    told = await client.post(city.county_admin, f"{path}/reveal-contact")
    assert told.json()["contact"] == "李老师 13800001234"
    assert told.headers["cache-control"] == "no-store"
    withdrawn = await client.post(city.county_admin, f"{path}/withdraw", {"reason": "质量不合格"})
    assert withdrawn.status_code == 200, withdrawn.text
    approvals = await client.get(city.school_admin, f"{path}/approvals")
    assert [row["withdrawn_because"] for row in approvals.json()] == ["质量不合格"]
    listed = await client.get(city.city_admin, "/providers?kind=university&include=approvals")
    assert len(listed.json()["items"][0]["approvals"]) == 1
