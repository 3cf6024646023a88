"""Imports over GraphQL: the same, but for the bytes of the file."""

from app.database.pool import Pool
from app.request import Resources
from app.sql import Connection
from tests.conftest import SharedPool
from tests.graphql.exchange.test_live import begin, follow, hear, opened
from tests.jobs.test_jobs import at
from tests.jobs.test_jobs import city as committed
from tests.make import City, Client, id_number
from tests.make_imports import PEOPLE_HEAD, csv, hand_in, rows_of, work_on
from tests.streams import Serving

__all__ = ["at", "committed"]

SHOWN = """
query ($id: UUID!) {
  import(importId: $id) {
    stage state creates rejects
    rows(first: 10) { edges { node { id number action label after reasons { code column note } } } }
  }
  imports(stage: CHECKED) { edges { node { fileName } } }
}
"""
REPAIR = """
mutation ($id: UUID!, $repair: RowRepair!) {
  repairImportRow(rowId: $id, repair: $repair) { action reasons { code } }
}
"""
APPLY = "mutation ($id: UUID!) { applyImport(importId: $id) { work state } }"
UNDO = "mutation ($id: UUID!) { undoImport(importId: $id) { work } }"
CANCEL = "mutation ($id: UUID!) { cancelImport(importId: $id) { stage } }"


async def test_an_import_is_looked_at_repaired_entered_and_taken_back(
    db: Connection, pool: SharedPool, resources: Resources, client: Client, city: City
) -> None:
    admin, school = city.county_admin, city.school["name"]
    content = csv(
        PEOPLE_HEAD, f"张小燕,12,{school},语文,小学,", f"李明,{id_number()},{school},数学,小学,"
    )
    run = await hand_in(db, resources, admin.actor, content, unit_id=city.county["id"])
    await work_on(db, resources, pool, run["id"])
    key = {"id": str(run["id"])}
    shown = (await client.graphql(admin, SHOWN, key))["data"]
    assert [edge["node"]["fileName"] for edge in shown["imports"]["edges"]] == ["名册.csv"]
    assert (shown["import"]["creates"], shown["import"]["rejects"]) == (1, 1)
    refused, created = (edge["node"] for edge in shown["import"]["rows"]["edges"])
    assert (refused["action"], created["after"]["name"]) == ("REJECT", "李明")
    assert [reason["code"] for reason in refused["reasons"]] == ["id_number_bad_length"]
    repair = {"cells": [{"column": "证件号码", "text": id_number()}]}
    staged = await rows_of(db, admin.actor, run["id"])
    row_id = str(staged[0]["id"])
    repaired = await client.graphql(admin, REPAIR, {"id": row_id, "repair": repair})
    assert repaired["data"]["repairImportRow"] == {"action": "CREATE", "reasons": []}
    assert (await client.graphql(admin, APPLY, key))["data"]["applyImport"]["work"] == "APPLY"
    run = await work_on(db, resources, pool, run["id"])
    assert (run["stage"], run["applied"]) == ("applied", 2)
    assert (await client.graphql(admin, UNDO, key))["data"]["undoImport"]["work"] == "UNDO"
    run = await work_on(db, resources, pool, run["id"])
    assert (run["stage"], run["undone"]) == ("undone", 2)
    refusal = await client.graphql(admin, CANCEL, key)
    assert refusal["errors"][0]["extensions"]["code"] == "import_entered"


async def test_an_import_is_followed(at: Serving, committed: City, real_pool: Pool) -> None:
    actor, school = committed.county_admin.actor, committed.school["name"]
    content = csv(PEOPLE_HEAD, f"李明,{id_number()},{school},数学,小学,")
    async with real_pool.transaction() as db:
        run = await hand_in(db, at.held, actor, content, unit_id=committed.county["id"])
    async with opened(at) as socket:
        await begin(socket, at.token(actor))
        document = (
            "subscription ($id: UUID!) { import(importId: $id) { state creates finishedAt } }"
        )
        await follow(socket, "1", document, id=str(run["id"]))
        told = None
        while told is None or told["finishedAt"] is None:
            told = (await hear(socket))["payload"]["data"]["import"]
    assert (told["state"], told["creates"]) == ("DONE", 1)


async def test_whom_a_full_roster_lacks_is_asked_for(
    db: Connection, pool: SharedPool, resources: Resources, client: Client, city: City
) -> None:
    admin, school = city.county_admin, city.school["name"]
    content = csv(PEOPLE_HEAD, f"李明,{id_number()},{school},数学,小学,")
    run = await hand_in(
        db, resources, admin.actor, content, unit_id=city.county["id"], full_roster=True
    )
    await work_on(db, resources, pool, run["id"])
    asked = "query ($id: UUID!) { missingPeople(importId: $id) { edges { node { name } } } }"
    told = (await client.graphql(admin, asked, {"id": str(run["id"])}))["data"]["missingPeople"]
    names = [edge["node"]["name"] for edge in told["edges"]]
    assert sorted(names) == sorted([city.teacher["name"], city.colleague["name"]])
