"""What teachers choose, over GraphQL."""

from datetime import timedelta

from app.domain.learning.choice_rounds import ChoiceRound
from app.request import now
from tests.conftest import SharedPool
from tests.make import City, Client, make_activity
from tests.make_choice import make_choice_round


async def test_an_activity_is_chosen_and_the_choice_withdrawn(
    client: Client, pool: SharedPool, city: City
) -> None:
    by, moment = city.county_admin, now()
    async with pool.transaction() as db:
        activity = await make_activity(db, city.county, by, begins=moment + timedelta(days=10))
        open_ = {"opens_at": moment - timedelta(days=1), "closes_at": moment + timedelta(days=3)}
        round_ = await make_choice_round(db, city.county, by, activity, **open_)
    one = {"id": str(round_["id"]), "activity": str(activity["id"])}
    keys = "($id: UUID!, $activity: UUID!)"
    choice = (
        f"mutation {keys} {{ chooseActivity(roundId: $id, new: {{activityId: $activity}})"
        " { state preference round { title } activity { title } } }"
    )
    chosen = (await client.graphql(city.teacher_account, choice, one))["data"]["chooseActivity"]
    assert chosen == {
        "state": "CHOSEN", "preference": 1, "round": {"title": "测试选课"},
        "activity": {"title": "测试研修活动"},
    }  # fmt: skip
    twice = await client.graphql(city.teacher_account, choice, one)
    assert twice["errors"][0]["extensions"]["code"] == "choice_made_already"
    seen = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { choiceOfferings(roundId: $id) { title choices } }",
        {"id": one["id"]},
    )
    assert seen["data"]["choiceOfferings"] == [{"title": "测试研修活动", "choices": 1}]
    gone = await client.graphql(
        city.teacher_account,
        f"mutation {keys} {{ withdrawChoice(roundId: $id, activityId: $activity) {{ state }} }}",
        one,
    )
    assert gone["data"]["withdrawChoice"] == {"state": "WITHDRAWN"}
    own = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { teacherChoices(teacherId: $id) { edges { node { state } } } }",
        {"id": str(city.teacher["id"])},
    )
    assert own["data"]["teacherChoices"]["edges"] == [{"node": {"state": "WITHDRAWN"}}]


async def test_choices_are_decided_and_listed(client: Client, pool: SharedPool, city: City) -> None:
    moment, by = now(), city.county_admin
    async with pool.transaction() as db:
        activity = await make_activity(db, city.county, by, begins=moment + timedelta(days=10))
        closes = {
            "opens_at": moment - timedelta(days=9),
            "closes_at": moment + timedelta(seconds=2),
        }
        round_ = await make_choice_round(db, city.county, by, activity, **closes)
    one = {"id": str(round_["id"]), "activity": str(activity["id"])}
    chosen = await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!, $activity: UUID!)"
        " { chooseActivity(roundId: $id, new: {activityId: $activity}) { id } }",
        one,
    )
    async with pool.transaction() as db:
        await db.change(ChoiceRound, round_["id"], {"closes_at": moment - timedelta(days=1)})
    decision = {"choiceId": chosen["data"]["chooseActivity"]["id"], "accepted": True}
    decided = await client.graphql(
        by,
        "mutation ($id: UUID!, $decisions: ChoiceDecisions!)"
        " { decideChoices(roundId: $id, decisions: $decisions) { state }"
        " settleChoiceRound(roundId: $id) { state } }",
        {"id": one["id"], "decisions": {"decisions": [decision]}},
    )
    assert decided["data"] == {
        "decideChoices": [{"state": "ENROLLED"}], "settleChoiceRound": {"state": "SETTLED"},
    }  # fmt: skip
    listed = await client.graphql(
        by,
        "query ($id: UUID!) { choices(roundId: $id) { edges { node { name state } } }"
        " choiceRounds(state: SETTLED) { totalCount } }",
        {"id": one["id"]},
    )
    assert listed["data"]["choices"]["edges"] == [{"node": {"name": "测试甲", "state": "ENROLLED"}}]
