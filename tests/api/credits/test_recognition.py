from app.domain.training.activities import ActivityState
from app.sql import Connection, new_id
from tests import make_self_studies as studies
from tests.domain.credits.making import attend, make_closed_activity, make_pack
from tests.make import City, Client
from tests.make_mentorships import CONCLUDED, make_mentorship
from tests.make_topics import make_studied


async def test_a_county_recognises_and_a_repeat_enters_nothing(
    client: Client, db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    activity = await make_closed_activity(db, city.school, city.school_admin)
    await attend(db, activity, [city.teacher, city.colleague])
    path = f"/activities/{activity['id']}/recognition"
    first = await client.post(city.county_admin, path)
    assert first.status_code == 200, first.text
    assert first.json() == {
        "activity_id": str(activity["id"]),
        "entered": 2,
        "already_entered": 0,
        "not_qualified": 0,
        "not_covered": 0,
        "left_out": [],
    }
    again = await client.post(city.county_admin, path)
    assert (again.json()["entered"], again.json()["already_entered"]) == (0, 2)


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    activity = await make_closed_activity(
        db, city.school, city.school_admin, state=ActivityState.HELD
    )
    path = f"/activities/{activity['id']}/recognition"
    for person, status, code in (
        (city.county_admin, 409, "activity_not_closed"),
        (city.school_admin, 403, "not_allowed"),
        (city.sibling_admin, 404, "activity_not_found"),
        (None, 401, "unauthenticated"),
    ):
        answer = await client.post(person, path)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    missing = await client.post(city.county_admin, f"/activities/{new_id()}/recognition")
    assert missing.status_code == 404


async def test_what_was_concluded_is_recognised(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    term = await make_mentorship(
        db, city.school, city.school_admin, city.colleague, city.teacher, **CONCLUDED
    )
    leader = {"unit_id": city.school["id"], "leader_id": city.teacher["id"], "level": "county"}
    topic = await make_studied(db, city.school_admin, city.county_admin, "concluded", **leader)
    study = await studies.make_reported(db, city)
    await studies.decide(db, city.school_admin, study)
    for path, name, made, figures in (
        ("mentorships", "mentorship_id", term, (0, 2, 0)), ("topics", "topic_id", topic, (0, 0, 1)),
        ("self-studies", "study_id", study, (1, 0, 0)),
    ):  # fmt: skip
        address = f"/{path}/{made['id']}/recognition"
        refused = await client.post(city.school_admin, address)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
        done = (await client.post(city.county_admin, address)).json()
        assert done[name] == str(made["id"])
        assert (done["entered"], done["not_qualified"], done["not_covered"]) == figures


async def test_what_is_not_concluded_is_not(client: Client, db: Connection, city: City) -> None:
    study = await studies.make_agreed(db, city)
    answer = await client.post(city.county_admin, f"/self-studies/{study['id']}/recognition")
    assert (answer.status_code, answer.json()["code"]) == (409, "source_not_concluded")
