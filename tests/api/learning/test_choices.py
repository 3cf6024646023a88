"""What teachers choose, over REST."""

from datetime import timedelta

from app.domain.learning.choice_rounds import ChoiceWay
from app.request import now
from tests.conftest import SharedPool
from tests.make import City, Client, make_activity
from tests.make_choice import make_choice_round


async def test_a_choice_is_a_place_at_once_and_is_withdrawn(
    client: Client, pool: SharedPool, city: City
) -> None:
    by, moment = city.county_admin, now()
    async with pool.transaction() as db:
        activity = await make_activity(db, city.county, by, begins=moment + timedelta(days=10))
        round_ = await make_choice_round(
            db, city.county, by, activity, way=ChoiceWay.FIRST_COME,
            opens_at=moment - timedelta(days=1), closes_at=moment + timedelta(days=3),
        )  # fmt: skip
    key, address = str(activity["id"]), f"/choice-rounds/{round_['id']}"
    teacher = city.teacher_account
    directly = await client.post(teacher, f"/activities/{key}/enrolment")
    assert (directly.status_code, directly.json()["code"]) == (409, "activity_by_choice")
    chosen = await client.post(teacher, f"{address}/choices", {"activity_id": key})
    assert (chosen.status_code, chosen.json()["state"]) == (201, "enrolled")
    twice = await client.post(teacher, f"{address}/choices", {"activity_id": key})
    assert (twice.status_code, twice.json()["code"]) == (409, "choice_made_already")
    [offering] = (await client.get(teacher, f"{address}/offerings")).json()
    assert (offering["taken"], offering["choices"]) == (1, 1)
    [row] = (await client.get(by, f"{address}/choices")).json()["items"]
    assert (row["name"], row["school"]) == ("测试甲", "甲县第一小学")
    gone = await client.post(teacher, f"{address}/choices/{key}/withdraw")
    assert gone.json()["state"] == "withdrawn"
    own = await client.get(teacher, f"/teachers/{city.teacher['id']}/choices?include=round")
    [shown] = own.json()["items"]
    assert (shown["state"], shown["round"]["title"]) == ("withdrawn", "测试选课")
    early = await client.post(by, f"{address}/settle")
    assert early.json()["code"] == "choice_round_open"
    wrong = {"decisions": [{"choice_id": shown["id"], "accepted": True}]}
    undecidable = await client.post(by, f"{address}/decisions", wrong)
    assert undecidable.json()["code"] == "choice_round_open"
