from sqlalchemy import text

from app.database.pool import Pool
from app.domain.credits.what_ifs import NewWhatIf, WhatIf, request_what_if
from app.domain.progress import begin_work
from app.sql import Connection, Statement
from tests.domain.credits.making import make_pack, make_recognised
from tests.graphql.exchange.test_live import begin, follow, hear, opened
from tests.jobs.test_jobs import at
from tests.jobs.test_jobs import city as committed
from tests.make import NOW, City, Client
from tests.make_what_ifs import asking_for, count_all, pack_asking_for
from tests.streams import Serving

__all__ = ["at", "committed"]

_ONE = Statement(text("SELECT id FROM what_if"))
ASK = """
mutation ($unit: UUID!, $document: JSON!) {
  requestWhatIf(unitId: $unit, document: $document) { id state total packId unitId }
}
"""
ANSWER = """
query ($id: UUID!) {
  whatIf(id: $id) { state done }
  whatIfs(first: 10) { edges { node { id } } }
  whatIfGroups(whatIfId: $id, by: SCHOOL) { name teachers satisfiedBefore satisfiedAfter fell }
  whatIfPeople(whatIfId: $id, change: FELL) { edges { node { teacherId name change } } }
}
"""


async def test_a_draft_is_tried_out(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city, pack_asking_for("1.00"))
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    variables = {"unit": str(city.city["id"]), "document": asking_for("999.00")}
    asked = (await client.graphql(city.city_admin, ASK, variables))["data"]["requestWhatIf"]
    assert (asked["state"], asked["total"], asked["unitId"]) == (
        "WAITING", 5, str(city.city["id"]),
    )  # fmt: skip
    key = await db.value(_ONE)
    await begin_work(db, WhatIf, row_id=key, now=NOW)
    await count_all(db, {"id": key})
    told = (await client.graphql(city.city_admin, ANSWER, {"id": str(key)}))["data"]
    assert told["whatIf"] == {"state": "RUNNING", "done": 5}
    assert told["whatIfs"]["edges"] == [{"node": {"id": asked["id"]}}]
    [school] = [each for each in told["whatIfGroups"] if each["name"] == city.school["name"]]
    assert (school["teachers"], school["satisfiedBefore"], school["fell"]) == (2, 1, 1)
    [fell] = told["whatIfPeople"]["edges"]
    assert (fell["node"]["teacherId"], fell["node"]["change"]) == (str(city.teacher["id"]), "FELL")


async def test_it_is_cancelled(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city, pack_asking_for("1.00"))
    variables = {"unit": str(city.city["id"]), "document": asking_for("999.00")}
    await client.graphql(city.city_admin, ASK, variables)
    cancel = "mutation ($id: UUID!) { cancelWhatIf(whatIfId: $id) { state } }"
    key = str(await db.value(_ONE))
    told = await client.graphql(city.city_admin, cancel, {"id": key})
    assert told["data"] == {"cancelWhatIf": {"state": "CANCELLED"}}
    again = await client.graphql(city.city_admin, cancel, {"id": key})
    assert again["errors"][0]["extensions"]["code"] == "work_over"


async def test_it_is_followed(at: Serving, committed: City, real_pool: Pool) -> None:
    async with real_pool.transaction() as db:
        actor = committed.city_admin.actor
        new = NewWhatIf(unit_id=committed.city["id"], document=asking_for("999.00"))
        asked = await request_what_if(db, actor, new=new, now=NOW)
    async with opened(at) as socket:
        await begin(socket, at.token(actor))
        document = "subscription ($id: UUID!) { whatIf(id: $id) { id state done finishedAt } }"
        await follow(socket, "1", document, id=str(asked["id"]))
        told = None
        while told is None or told["finishedAt"] is None:
            told = (await hear(socket))["payload"]["data"]["whatIf"]
        assert (told["id"], told["state"], told["done"]) == (str(asked["id"]), "DONE", 5)
