"""Self-study courses over GraphQL."""

from typing import Any

from app.sql import Connection
from tests.make import City, Client
from tests.make_self_studies import make_agreed, milestones_of

DRAFT = """mutation ($id: UUID!, $new: NewSelfStudy!) {
  draftSelfStudy(teacherId: $id, new: $new) { id hours teacher { name } milestones { ordinal title } } }"""
NEW = {
    "title": "提问策略研究", "question": "怎样追问？", "hours": "10", "startsOn": "2026-09-01",
    "endsOn": "2026-12-31",
    "milestones": [{"title": "读书", "hours": "10", "dueOn": "2026-12-01"}],
}  # fmt: skip
STEP = "mutation ($id: UUID!) {{ {0}(studyId: $id{1}) {{ state }} }}"
SAYS = ', decision: {agreed: true, opinion: "同意实施"}'
REPORT = """mutation ($id: UUID!) {
  reportSelfStudyMilestone(milestoneId: $id, report: {report: "读了十二篇文献并写了综述。"}) {
    study { doneHours } } }"""


async def test_a_plan_is_drafted_changed_submitted_and_given_up(
    client: Client, db: Connection, city: City
) -> None:
    own = city.teacher_account
    made = await client.graphql(own, DRAFT, {"id": str(city.teacher["id"]), "new": NEW})
    study = made["data"]["draftSelfStudy"]
    assert (study["hours"], study["teacher"], study["milestones"]) == (
        "10.00", {"name": city.teacher["name"]}, [{"ordinal": 1, "title": "读书"}]
    )  # fmt: skip
    given = {"id": study["id"]}
    for name, more, state in (
        ("updateSelfStudy", ', changes: {title: "新题目"}', "DRAFT"),
        ("submitSelfStudy", "", "SUBMITTED"),
        ("endSelfStudy", ', end: {reason: "另选题目"}', "ENDED"),
    ):
        done = await client.graphql(own, STEP.format(name, more), given)
        assert done["data"] == {name: {"state": state}}, done


async def test_it_is_carried_out(client: Client, db: Connection, city: City) -> None:
    study = await make_agreed(db, city)
    own, given = city.teacher_account, {"id": str(study["id"])}
    done: Any = None
    for milestone in await milestones_of(db, own, study):
        done = await client.graphql(own, REPORT, {"id": str(milestone["id"])})
    assert done["data"]["reportSelfStudyMilestone"]["study"] == {"doneHours": "180.00"}
    words = ', conclusion: {conclusion: "形成了追问的三个层次。"}'
    reported = await client.graphql(own, STEP.format("reportSelfStudy", words), given)
    assert reported["data"] == {"reportSelfStudy": {"state": "REPORTED"}}
    decided = await client.graphql(city.school_admin, STEP.format("decideSelfStudy", SAYS), given)
    assert decided["data"] == {"decideSelfStudy": {"state": "CONCLUDED"}}
    query = """query ($id: UUID!) { selfStudy(id: $id) { concludedOn }
      selfStudyMilestones(studyId: $id) { nodes { ordinal } }
      selfStudies(state: CONCLUDED) { nodes { id } } }"""
    read = (await client.graphql(own, query, given))["data"]
    assert read["selfStudy"]["concludedOn"] is not None
    assert read["selfStudyMilestones"]["nodes"] == [{"ordinal": 1}, {"ordinal": 2}]
    assert read["selfStudies"]["nodes"] == [given]
