"""Choice rounds over GraphQL, from the draft to its end."""

from datetime import timedelta

from app.request import now
from tests.conftest import SharedPool
from tests.make import City, Client, make_activity
from tests.make_choice import make_choice_round


async def test_a_round_is_drafted_and_published(
    client: Client, pool: SharedPool, city: City
) -> None:
    opens, by = now(), city.county_admin
    async with pool.transaction() as db:
        activity = await make_activity(db, city.county, by, begins=opens + timedelta(days=10))
    new = {
        "unitId": str(city.county["id"]), "title": "秋季选课", "way": "TWO_WAY",
        "opensAt": opens.isoformat(), "closesAt": (opens + timedelta(days=3)).isoformat(),
        "mostChoices": 1, "mostPlaces": 1,
    }  # fmt: skip
    made = await client.graphql(
        by,
        "mutation ($new: NewChoiceRound!)"
        " { createChoiceRound(new: $new) { id state unit { name } } }",
        {"new": new},
    )
    round_ = made["data"]["createChoiceRound"]
    assert (round_["state"], round_["unit"]["name"]) == ("DRAFT", "甲县")
    one = {"id": round_["id"], "activity": str(activity["id"])}
    keys = "($id: UUID!, $activity: UUID!)"
    offered = (
        f"mutation {keys} {{ add: addChoiceOffering(roundId: $id, offering: {{activityId: $activity}})"
        " { state } remove: removeChoiceOffering(roundId: $id, activityId: $activity) { state }"
        " again: addChoiceOffering(roundId: $id, offering: {activityId: $activity,"
        " requiredCourseIds: [], requiredStrata: [JUNIOR_OR_MIDDLE_RANK]}) { state }"
        ' change: updateChoiceRound(roundId: $id, changes: {title: "选课"}) { title }'
        " publish: publishChoiceRound(roundId: $id) { state } }"
    )
    told = (await client.graphql(by, offered, one))["data"]
    assert (told["change"]["title"], told["publish"]["state"]) == ("选课", "PUBLISHED")


async def test_a_round_is_seen_by_those_for_whom_something_is_in_it_and_called_off(
    client: Client, pool: SharedPool, city: City
) -> None:
    by = city.county_admin
    async with pool.transaction() as db:
        activity = await make_activity(db, city.county, by)
        round_ = {"id": str((await make_choice_round(db, city.county, by, activity))["id"])}
    seen = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { choiceRound(id: $id) { title } offeredChoiceRounds { totalCount } }",
        {"id": round_["id"]},
    )
    assert seen["data"] == {
        "choiceRound": {"title": "测试选课"},
        "offeredChoiceRounds": {"totalCount": 1},
    }
    ended = await client.graphql(
        by,
        "mutation ($id: UUID!) { cancelChoiceRound(roundId: $id) { state } }",
        {"id": round_["id"]},
    )
    assert ended["data"]["cancelChoiceRound"] == {"state": "CANCELLED"}
    listed = await client.graphql(by, "{ choiceRounds(state: CANCELLED) { totalCount } }")
    assert listed["data"]["choiceRounds"] == {"totalCount": 1}
