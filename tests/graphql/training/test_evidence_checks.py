from app.sql import Connection
from tests.domain.training.test_evidence_checks import written
from tests.make import City, Client

CHECK = """
mutation ($note: UUID!, $sheet: UUID!, $evidence: UUID!, $version: Int!) {
  checkEvidence(new: {checks: [
    {noteId: $note, noteVersion: $version, verdict: COMMENDED},
    {sheetId: $sheet, verdict: CHECKED},
    {evidenceId: $evidence, verdict: RETURNED, remark: "照片不清"}]}) { recorded } }
"""
READ = """
query ($note: UUID!, $sheet: UUID!, $evidence: UUID!) {
  noteChecks(noteId: $note) { verdict noteVersion }
  observationSheetChecks(sheetId: $sheet) { verdict }
  evidenceChecks(evidenceId: $evidence) { verdict remark } }
"""


async def test_a_batch_is_recorded_whole_or_not(client: Client, db: Connection, city: City) -> None:
    key = {name: str(row["id"]) for name, row in (await written(db, city)).items()}
    stale = await client.graphql(city.school_admin, CHECK, key | {"version": 2})
    assert stale["errors"][0]["extensions"]["code"] == "checked_note_changed"
    none = await client.graphql(city.county_admin, READ, key)
    assert list(none["data"].values()) == [[], [], []]
    done = await client.graphql(city.school_admin, CHECK, key | {"version": 1})
    assert done["data"]["checkEvidence"] == {"recorded": 3}
    read = await client.graphql(city.county_admin, READ, key)
    assert read["data"] == {
        "noteChecks": [{"verdict": "COMMENDED", "noteVersion": 1}],
        "observationSheetChecks": [{"verdict": "CHECKED"}],
        "evidenceChecks": [{"verdict": "RETURNED", "remark": "照片不清"}],
    }
