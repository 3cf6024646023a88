"""Rules of incentives over REST."""

from app.domain.quality.regulations import RegulationKind
from app.sql import Connection
from tests.make import City, Client
from tests.make_documents import make_regulation
from tests.make_incentives import REWARD


async def test_a_rule_is_published_read_and_ended(
    client: Client, db: Connection, city: City
) -> None:
    basis = await make_regulation(db, city.school, city.school_admin, RegulationKind.INCENTIVES)
    path = f"/units/{city.school['id']}/incentive-rules"
    said = REWARD | {"regulation_id": str(basis["id"])}
    made = (await client.post(city.school_admin, path, said)).json()
    assert (made["version"], made["honour"], made["publicity_days"]) == (1, "other", 7)
    one = f"/incentive-rules/{made['id']}"
    assert (await client.get(city.teacher_account, one)).json() == made
    own = await client.get(city.teacher_account, "/own-incentive-rules")
    assert own.json()["items"] == [made]
    found = await client.get(city.county_admin, "/incentive-rules?kind=reward&in_force=true")
    assert found.json()["items"] == [made]
    traces = await client.post(city.school_admin, path, said | {"condition": "笔记二十篇"})
    assert (traces.status_code, traces.json()["code"]) == (422, "traces_counted")
    assert (await client.get(city.sibling_admin, one)).status_code == 404
    ended = await client.post(city.school_admin, f"{one}/end", {})
    assert ended.json()["valid_to"] is not None
    again = await client.post(city.school_admin, f"{one}/end", {})
    assert (again.status_code, again.json()["code"]) == (409, "incentive_rule_ended")
