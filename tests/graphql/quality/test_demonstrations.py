from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.make import City, Client, Person, make_activity
from tests.make_demonstrations import SAID, make_reviewed
from tests.make_evidence import make_file

CALL = """mutation ($unit: UUID!) { publishDemonstrationCall(new: {
  unitId: $unit, title: "创建示范校", source: "第二十七条", kind: DEMONSTRATION,
  designation: "市级示范校", opensOn: "2020-01-01", closesOn: "2099-12-31", places: 2, termYears: 3,
  expertsNeeded: 1, conditions: [{code: "activities", name: "开展活动", kind: MEASURE,
  measure: ACTIVITIES_HELD, atLeast: "1", source: "第二十七条"}],
  criteria: [{code: "work", name: "工作基础", points: "60"},
  {code: "effect", name: "辐射作用", points: "40"}]}) { id conditions { code atLeast } } }"""
CREATE = """mutation ($call: UUID!, $unit: UUID!, $file: UUID!, $said: String!) {
  createDemonstration(callId: $call, new: {unitId: $unit, statement: $said, fileIds: [$file]}) {
    id state fileIds } }"""
READ = """query ($id: UUID!) {
  demonstration(id: $id) { state score call { title demonstrations { nodes { id } } }
    unit { name } byUnit { name } }
  demonstrationSteps(demonstrationId: $id) { act opinion name findings { code met asOf } }
  demonstrationVisits(demonstrationId: $id) { visitors }
  demonstrationCalls { nodes { unit { name } } }
  demonstrations(state: PUBLISHED) { nodes { id } } }"""


async def answer(client: Client, person: Person, query: str, **given: Any) -> Any:
    """The one thing that is answered, without an error."""
    told = await client.graphql(person, query, {name: str(each) for name, each in given.items()})
    assert "errors" not in told, told
    return next(iter(told["data"].values()))


async def act(client: Client, person: Person, name: str, row_id: Any, more: str = "") -> Any:
    """What becomes of an application by an act; the state of it."""
    query = f"mutation ($id: UUID!) {{ {name}(demonstrationId: $id{more}) {{ state }} }}"
    return (await answer(client, person, query, id=row_id))["state"]


async def test_an_application_over_graphql(client: Client, db: Connection, city: City) -> None:
    school, bureau = city.school_admin, city.city_admin
    begins = datetime.now(UTC) - timedelta(days=10)
    await make_activity(db, city.school, school, state=ActivityState.HELD, begins=begins)
    file = await make_file(db, city.school, school)
    call = await answer(client, bureau, CALL, unit=city.city["id"])
    assert call["conditions"] == [{"code": "activities", "atLeast": "1"}]
    row = await answer(
        client, school, CREATE, call=call["id"], unit=city.school["id"], file=file["id"], said=SAID
    )
    key = row["id"]
    link = """mutation ($id: UUID!, $file: UUID!) {
      createDemonstrationFileLink(demonstrationId: $id, fileId: $file, new: {}) { url } }"""
    assert (await answer(client, school, link, id=key, file=file["id"]))["url"]
    write = f', said: {{statement: "{SAID}另附。"}}'
    assert await act(client, school, "writeDemonstration", key, write) == "DRAFT"
    assert await act(client, school, "handInDemonstration", key) == "HANDED_IN"
    assert await act(client, school, "takeBackDemonstration", key) == "DRAFT"
    await act(client, school, "handInDemonstration", key)
    said = ', said: {recommended: true, opinion: "同意"}'
    assert await act(client, city.county_admin, "recommendDemonstration", key, said) == (
        "UNDER_REVIEW"
    )
    row = {name: city.school[name] for name in ("city_id", "county_id", "school_id")}
    await make_reviewed(db, city, row | {"id": UUID(key)}, now=datetime.now(UTC))
    decision = ', decision: {accepted: true, opinion: "拟命名"}'
    assert await act(client, bureau, "decideDemonstration", key, decision) == "PUBLISHED"
    read = (await client.graphql(school, READ, {"id": key}))["data"]
    assert read["demonstration"] == {
        "state": "PUBLISHED", "score": "85.50", "unit": {"name": "甲县第一小学"},
        "byUnit": {"name": "测试市"},
        "call": {"title": "创建示范校", "demonstrations": {"nodes": [{"id": key}]}},
    }  # fmt: skip
    assert [each["act"] for each in read["demonstrationSteps"]] == [
        "HAND_IN", "TAKE_BACK", "HAND_IN", "RECOMMEND", "PUBLISH",
    ]  # fmt: skip
    assert read["demonstrationSteps"][0]["findings"][0]["met"] is True
