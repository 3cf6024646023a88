from app.domain.exchange.tasks import TaskKind
from app.sql import Connection
from tests.make import City, Client
from tests.make_tasks import MAKERS

REMIND = """mutation ($id: UUID!, $at: UUID!) {
  remindOfTask(new: {kind: CORRECTION_TO_DECIDE, subjectId: $id, waitsAt: $at}) { people kind }
}"""
RULE = """query ($unit: UUID!) {
  ownReminders { people kind } reminderRule(unitId: $unit) { daysBefore }
}"""
SAY = """mutation ($unit: UUID!) {
  setReminderRule(unitId: $unit, new: {daysBefore: 9}) { daysBefore }
}"""


async def test_a_superior_reminds_over_graphql(client: Client, db: Connection, city: City) -> None:
    made = await MAKERS[TaskKind.CORRECTION_TO_DECIDE](db, city)
    asked = {"id": str(made.subject_id), "at": str(made.at)}
    row = (await client.graphql(city.county_admin, REMIND, asked))["data"]["remindOfTask"]
    assert row == {"people": 1, "kind": "CORRECTION_TO_DECIDE"}
    again = await client.graphql(city.county_admin, REMIND, asked)
    assert again["errors"][0]["extensions"]["code"] == "reminder_repeated"
    unit = {"unit": str(city.county["id"])}
    said = (await client.graphql(city.county_admin, SAY, unit))["data"]["setReminderRule"]
    assert said == {"daysBefore": 9}
    found = (await client.graphql(city.county_admin, RULE, unit))["data"]
    assert found == {"ownReminders": [row], "reminderRule": {"daysBefore": 9}}
