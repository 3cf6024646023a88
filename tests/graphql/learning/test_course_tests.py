"""Tests over GraphQL."""

from app.sql import Connection
from tests import make_tests as making
from tests.make import City, Client

DRAFT = """mutation ($new: NewCourseTest!) { draftCourseTest(new: $new) {
  id state sections { draw questionIds } } }"""
STEP = "mutation ($id: UUID!) {{ {0}(testId: $id{1}) {{ state title }} }}"
READ = """query ($id: UUID!, $activity: UUID!) { courseTest(id: $id) { attempts }
  courseTests(activityId: $activity) { nodes { id } } offeredCourseTests { nodes { id } } }"""


async def test_a_test_is_drafted_changed_published_and_withdrawn(
    client: Client, db: Connection, city: City
) -> None:
    admin, [question] = city.school_admin, await making.make_bank(db, city, making.SINGLE)
    activity_id = str((await making.make_class(db, city))["activity_id"])
    sections = [{"questionIds": [str(question["id"])]}]
    new = {"title": "测验", "activityId": activity_id, "sections": sections}
    made = (await client.graphql(admin, DRAFT, {"new": new}))["data"]["draftCourseTest"]
    assert (made["state"], made["sections"]) == ("DRAFT", [{"draw": None, **sections[0]}])
    given = {"id": made["id"]}
    for name, more, state in (
        ("updateCourseTest", ', changes: {title: "结业测验"}', "DRAFT"),
        ("publishCourseTest", "", "PUBLISHED"),
    ):
        done = await client.graphql(admin, STEP.format(name, more), given)
        assert done["data"] == {name: {"state": state, "title": "结业测验"}}, done
    read = await client.graphql(city.teacher_account, READ, given | {"activity": activity_id})
    assert read["data"]["courseTest"] == {"attempts": 0}
    assert read["data"]["offeredCourseTests"]["nodes"] == [given]
    done = await client.graphql(admin, STEP.format("withdrawCourseTest", ""), given)
    assert done["data"]["withdrawCourseTest"]["state"] == "DRAFT"
    read = await client.graphql(admin, READ, given | {"activity": activity_id})
    assert read["data"]["courseTests"]["nodes"] == [given]
