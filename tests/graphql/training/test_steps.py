from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_forms import STEPS, make_form


async def test_the_steps_of_an_activity(client: Client, db: Connection, city: City) -> None:
    form = await make_form(db, city.city, steps=STEPS)
    activity = await make_activity(db, city.school, city.school_admin, form_id=form["id"])
    answer = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { steps(activityId: $id) { code sessions held isDone } }",
        {"id": str(activity["id"])},
    )
    assert answer["data"]["steps"][0] == {
        "code": "problem", "sessions": 0, "held": 0, "isDone": False
    }  # fmt: skip
