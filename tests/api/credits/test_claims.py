from typing import Any

from app.sql import Connection, new_id
from tests.domain.credits.making import make_pack
from tests.make import City, Client

CLAIM: dict[str, Any] = {
    "kind": "earn",
    "title": "省级骨干教师培训",
    "organiser": "湖南师范大学",
    "earned_on": "2026-10-15",
    "hours": "10.00",
    "evidence": [{"kind": "certificate", "title": "结业证书", "text": "第2026-17号"}],
}


async def drafted(client: Client, city: City) -> str:
    """A draft of eight hours, changed once as it was read; its path."""
    teacher = city.teacher_account
    created = await client.post(teacher, "/claims", CLAIM)
    assert created.status_code == 201, created.text
    path = created.headers["Location"].removeprefix("/api/v1")
    assert (await client.get(teacher, path)).json() == created.json()
    stale = await client.request(
        teacher, "PATCH", path, json={"hours": "8.00"}, headers={"If-Match": '"old"'}
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "changed_meanwhile")
    changed = await client.request(
        teacher, "PATCH", path, json={"hours": "8.00"},
        headers={"If-Match": created.headers["ETag"]},
    )  # fmt: skip
    assert changed.json()["hours"] == "8.00"
    return path


async def test_nobody_claims_more_hours_than_one_entry_may_have(client: Client, city: City) -> None:
    """What no sum of a ledger could hold would make the decision on many claims fail for one of them."""
    teacher, most = city.teacher_account, "1000.00"
    created = await client.post(teacher, "/claims", CLAIM | {"hours": most})
    assert (created.status_code, created.json()["hours"]) == (201, most)
    path = created.headers["Location"].removeprefix("/api/v1")
    for refused in (
        await client.post(teacher, "/claims", CLAIM | {"hours": "1000.01"}),
        await client.request(
            teacher, "PATCH", path, json={"hours": "1000.01"},
            headers={"If-Match": created.headers["ETag"]},
        ),
    ):  # fmt: skip
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
        assert [each["field"] for each in refused.json()["errors"]] == ["body.hours"]
    assert (await client.get(teacher, path)).json() == created.json()


async def test_a_claim_from_draft_to_entry(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    teacher = city.teacher_account
    path = await drafted(client, city)
    award = (await client.get(teacher, f"{path}/award")).json()
    assert [award[name] for name in ("rule_id", "credits", "refusals", "doubts")] == [
        "attendance", "8.00", [], [],
    ]  # fmt: skip
    claim = (await client.post(teacher, f"{path}/submit")).json()
    assert (claim["state"], claim["unit_id"]) == ("submitted", str(city.school["id"]))
    for person in (city.school_admin, city.county_admin):
        decision = {"version": claim["version"], "verdict": "approve", "opinion": "情况属实"}
        claim = (await client.post(person, f"{path}/decide", decision)).json()
    many = {
        "verdict": "approve", "opinion": "同意",
        "claims": [
            {"claim_id": claim["id"], "version": claim["version"]},
            {"claim_id": str(new_id()), "version": 1},
        ],
    }  # fmt: skip
    done = (await client.post(city.city_admin, "/claim-decisions", many)).json()
    assert [(each["done"], each["state"], each["code"]) for each in done] == [
        (True, "entered", None), (False, None, "credit_claim_not_found"),
    ]  # fmt: skip
    steps = (await client.get(teacher, f"{path}/steps")).json()["items"]
    assert [each["act"] for each in steps] == ["submit", "approve", "approve", "approve"]
    listed = (
        await client.get(city.auditor, "/claims?state=entered&fields=id,awarded_credits")
    ).json()
    assert listed["items"] == [{"id": claim["id"], "awarded_credits": "8.00"}]


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    teacher = city.teacher_account
    bad = await client.post(teacher, "/claims", CLAIM | {"credits": "99.00"})
    assert bad.status_code == 422
    assert (await client.post(None, "/claims", CLAIM)).status_code == 401
    denied = await client.post(city.school_admin, "/claims", CLAIM)
    assert (denied.status_code, denied.json()["code"]) == (403, "not_allowed")
    future = await client.post(teacher, "/claims", CLAIM | {"earned_on": "2199-01-01"})
    path = f"/claims/{future.json()['id']}"
    refused = await client.post(teacher, f"{path}/submit")
    assert (refused.status_code, refused.json()["code"]) == (409, "credit_claim_in_future")
    withdrawn = await client.post(teacher, f"{path}/withdraw")
    assert withdrawn.json()["state"] == "withdrawn"
    unseen = await client.get(city.school_admin, path)
    assert unseen.json()["code"] == "credit_claim_not_found", "it was never handed in"
    appeal = await client.post(teacher, f"{path}/appeal", {"reason": "不服"})
    assert appeal.json()["code"] == "credit_claim_state"
    link = await client.post(teacher, f"{path}/evidence/{new_id()}/link", {})
    assert (link.status_code, link.json()["code"]) == (404, "claim_evidence_not_found")
