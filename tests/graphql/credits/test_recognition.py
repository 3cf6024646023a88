from app.sql import Connection
from tests import make_self_studies as studies
from tests.domain.credits.making import attend, make_closed_activity, make_pack
from tests.make import City, Client
from tests.make_mentorships import CONCLUDED, make_mentorship
from tests.make_topics import make_studied

RECOGNISE = """
mutation ($id: UUID!) {
  recogniseActivity(activityId: $id) { entered alreadyEntered notQualified leftOut { code zh } }
}
"""

CONCLUDED_ONES = """
mutation ($mentorship: UUID!, $topic: UUID!, $study: UUID!) {
  recogniseMentorship(mentorshipId: $mentorship) { mentorshipId leftOut { code } }
  recogniseTopic(topicId: $topic) { topicId leftOut { code } }
  recogniseSelfStudy(studyId: $study) { studyId entered }
}
"""


async def test_an_activity_is_recognised(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    activity = await make_closed_activity(db, city.school, city.school_admin)
    await attend(db, activity, [city.teacher])
    await attend(db, activity, [city.colleague], status="absent")
    given = {"id": str(activity["id"])}
    answer = await client.graphql(city.county_admin, RECOGNISE, given)
    assert answer["data"]["recogniseActivity"] == {
        "entered": 1,
        "alreadyEntered": 0,
        "notQualified": 1,
        "leftOut": [{"code": "absent", "zh": "未出席。"}],
    }
    again = await client.graphql(city.county_admin, RECOGNISE, given)
    assert again["data"]["recogniseActivity"]["entered"] == 0
    school = await client.graphql(city.school_admin, RECOGNISE, given)
    assert school["errors"][0]["extensions"]["code"] == "not_allowed"


async def test_what_was_concluded_is_recognised(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    term = await make_mentorship(
        db, city.school, city.school_admin, city.colleague, city.teacher, **CONCLUDED
    )
    leader = {"unit_id": city.school["id"], "leader_id": city.teacher["id"], "level": "county"}
    topic = await make_studied(db, city.school_admin, city.county_admin, "concluded", **leader)
    study = await studies.make_reported(db, city)
    await studies.decide(db, city.school_admin, study)
    made = {"mentorship": term, "topic": topic, "study": study}
    given = {name: str(each["id"]) for name, each in made.items()}
    answer = await client.graphql(city.county_admin, CONCLUDED_ONES, given)
    unconfirmed = [{"code": "records_unconfirmed"}] * 2
    assert answer["data"] == {
        "recogniseMentorship": {"mentorshipId": given["mentorship"], "leftOut": unconfirmed},
        "recogniseTopic": {"topicId": given["topic"], "leftOut": [{"code": "no_rule"}]},
        "recogniseSelfStudy": {"studyId": given["study"], "entered": 1},
    }
