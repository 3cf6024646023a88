from app.sql import Connection
from tests.make import City, Client
from tests.make_topics import file_step, make_topic


async def test_an_expert_is_asked_and_scores(client: Client, city: City, db: Connection) -> None:
    topic = await make_topic(
        db, city.school_admin, unit_id=city.school["id"], leader_id=city.teacher["id"],
        level="county",
    )  # fmt: skip
    step = await file_step(db, city.school_admin, topic)
    experts = f"/topic-steps/{step['id']}/experts"
    own = await client.post(city.county_admin, experts, {"expert_ids": [str(city.colleague["id"])]})
    assert (own.status_code, own.json()["code"]) == (409, "topic_expert_of_own_school")
    expert = {"expert_ids": [str(city.sibling_teacher["id"])]}
    assert (await client.post(city.county_admin, experts, expert)).status_code == 200
    listed = await client.get(city.sibling_teacher_account, "/topic-appraisals?state=asked")
    (asked,) = listed.json()["items"]
    address = f"/topic-appraisals/{asked['id']}"
    scored = await client.post(
        city.sibling_teacher_account, f"{address}/score", {"score": "91.5", "opinion": "可行"}
    )
    assert (scored.json()["state"], scored.json()["score"]) == ("scored", "91.50")
    late = await client.post(
        city.sibling_teacher_account, f"{address}/decline", {"reason": "有合作"}
    )
    assert (late.status_code, late.json()["code"]) == (409, "topic_appraisal_answered")
    assert (await client.get(city.county_admin, address)).json() == scored.json()
    assert (await client.get(city.school_admin, address)).status_code == 404


async def test_an_expert_is_waited_for_no_longer(
    client: Client, city: City, db: Connection
) -> None:
    topic = await make_topic(
        db, city.school_admin, unit_id=city.school["id"], leader_id=city.teacher["id"],
        level="county",
    )  # fmt: skip
    step = await file_step(db, city.school_admin, topic)
    expert = {"expert_ids": [str(city.sibling_teacher["id"])]}
    await client.post(city.county_admin, f"/topic-steps/{step['id']}/experts", expert)
    (asked,) = (await client.get(city.county_admin, "/topic-appraisals")).json()["items"]
    address, why = f"/topic-appraisals/{asked['id']}/release", {"reason": "长期病假"}
    own = await client.post(city.sibling_teacher_account, address, why)
    assert (own.status_code, own.json()["code"]) == (403, "not_allowed")
    nameless = await client.post(city.county_admin, address, {})
    assert (nameless.status_code, nameless.json()["code"]) == (422, "invalid_request")
    decision = {"verdict": "passed", "opinion": "同意立项"}
    waits = await client.post(city.county_admin, f"/topic-steps/{step['id']}/decide", decision)
    assert waits.json()["code"] == "topic_appraisals_open"
    released = await client.post(city.county_admin, address, why)
    assert (released.status_code, released.json()["state"]) == (200, "released")
    again = await client.post(city.county_admin, address, why)
    assert (again.status_code, again.json()["code"]) == (409, "topic_appraisal_answered")
    decided = await client.post(city.county_admin, f"/topic-steps/{step['id']}/decide", decision)
    assert decided.json()["state"] == "passed"
