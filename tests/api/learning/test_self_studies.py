"""Self-study courses over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_self_studies import REPORT, STUDY

SAYS = {"agreed": True, "opinion": "同意实施"}


async def test_a_self_study_from_its_plan_to_its_conclusion(
    client: Client, db: Connection, city: City
) -> None:
    own, school = city.teacher_account, city.school_admin
    made = await client.post(own, f"/teachers/{city.teacher['id']}/self-studies", STUDY)
    assert made.status_code == 201, made.json()
    path = f"/self-studies/{made.json()['id']}"
    assert (made.json()["hours"], made.headers["Location"]) == ("180.00", f"/api/v1{path}")
    changed = await client.request(own, "PATCH", path, json={"method": "行动研究"})
    assert changed.json()["method"] == "行动研究"
    assert (await client.post(own, f"{path}/submit")).json()["state"] == "submitted"
    assert (await client.post(school, f"{path}/decide", SAYS)).json()["state"] == "agreed"
    early = await client.post(own, f"{path}/report", {"conclusion": "形成了追问的三个层次。"})
    assert (early.status_code, early.json()["code"]) == (409, "self_study_milestones_open")
    for milestone in (await client.get(own, f"{path}/milestones")).json()["items"]:
        one = f"/self-study-milestones/{milestone['id']}/report"
        assert (await client.post(own, one, {"report": REPORT})).json()["report"] == REPORT
    await client.post(own, f"{path}/report", {"conclusion": "形成了追问的三个层次。"})
    done = await client.post(school, f"{path}/decide", SAYS)
    assert (done.json()["state"], done.json()["done_hours"]) == ("concluded", "180.00")
    assert (await client.get(own, path)).json() == done.json()
    listed = await client.get(school, f"/self-studies?teacher_id={city.teacher['id']}")
    assert [row["id"] for row in listed.json()["items"]] == [done.json()["id"]]


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    own = city.teacher_account
    path = f"/teachers/{city.teacher['id']}/self-studies"
    backwards = await client.post(own, path, STUDY | {"ends_on": "2026-08-01"})
    assert backwards.status_code == 422
    made = await client.post(own, path, STUDY | {"milestones": []})
    one = f"/self-studies/{made.json()['id']}"
    bare = await client.post(own, f"{one}/submit")
    assert (bare.status_code, bare.json()["code"]) == (409, "self_study_hours_disagree")
    ended = await client.post(own, f"{one}/end", {"reason": "另选题目"})
    assert ended.json()["state"] == "ended"
    late = await client.post(own, f"{one}/submit")
    assert (late.status_code, late.json()["code"]) == (409, "self_study_wrong_state")
