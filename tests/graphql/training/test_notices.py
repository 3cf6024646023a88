from tests.make import City, Client

CREATE = """mutation ($unit: UUID!, $school: UUID!) {
  createNotice(new: {
    unitId: $unit, audience: [$school], title: "通知", text: "请知悉。", receipt: PEOPLE
  }) { id state audience }
}"""
ACT = "mutation ($id: UUID!) { %s(noticeId: $id) { %s } }"
UPDATE = """mutation ($id: UUID!) {
  updateNotice(noticeId: $id, changes: {document: "教〔2026〕8号", strata: [MATURE_TEACHER]}) {
    document strata
  }
}"""
OWN = "{ ownNotices { nodes { id title unit { name } } } }"
SENT = """query ($id: UUID!) {
  notice(id: $id) { state }
  notices(state: PUBLISHED) { totalCount }
  noticeReceipts(noticeId: $id) { name readers confirmations confirmedAt }
}"""


async def test_a_notice_goes_out_and_is_confirmed(client: Client, city: City) -> None:
    keys = {"unit": str(city.county["id"]), "school": str(city.school["id"])}
    made = await client.graphql(city.county_admin, CREATE, keys)
    assert "errors" not in made, made
    notice = made["data"]["createNotice"]
    assert (notice["state"], notice["audience"]) == ("DRAFT", [keys["school"]])
    key = {"id": notice["id"]}
    told = await client.graphql(city.county_admin, UPDATE, key)
    assert told["data"]["updateNotice"] == {
        "document": "教〔2026〕8号", "strata": ["MATURE_TEACHER"],
    }  # fmt: skip
    await client.graphql(city.county_admin, ACT % ("publishNotice", "state"), key)
    own = await client.graphql(city.teacher_account, OWN)
    assert own["data"]["ownNotices"]["nodes"] == [
        {"id": notice["id"], "title": "通知", "unit": {"name": "甲县"}}
    ]
    read = await client.graphql(city.teacher_account, ACT % ("readNotice", "confirmedAt"), key)
    assert read["data"]["readNotice"] == {"confirmedAt": None}
    confirmed = await client.graphql(
        city.teacher_account, ACT % ("confirmNotice", "confirmedAt"), key
    )
    assert confirmed["data"]["confirmNotice"]["confirmedAt"]
    answer = (await client.graphql(city.county_admin, SENT, key))["data"]
    assert (answer["notice"], answer["notices"]) == ({"state": "PUBLISHED"}, {"totalCount": 1})
    assert answer["noticeReceipts"] == [
        {"name": "甲县第一小学", "readers": 1, "confirmations": 1, "confirmedAt": None}
    ]
    gone = await client.graphql(city.county_admin, ACT % ("withdrawNotice", "state"), key)
    assert gone["data"]["withdrawNotice"] == {"state": "WITHDRAWN"}
    none = await client.graphql(city.teacher_account, OWN)
    assert none["data"]["ownNotices"]["nodes"] == []
