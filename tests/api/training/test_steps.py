from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_forms import STEPS, make_form


async def test_the_steps_of_an_activity(client: Client, db: Connection, city: City) -> None:
    form = await make_form(db, city.city, steps=STEPS)
    activity = await make_activity(db, city.school, city.school_admin, form_id=form["id"])
    path = f"/activities/{activity['id']}/steps"
    steps = (await client.get(city.teacher_account, path)).json()
    assert [each["code"] for each in steps] == ["problem", "action", "summary"]
    assert steps[0] == {
        "code": "problem", "zh": "问题", "en": "Problem", "required": True, "sessions": 0,
        "held": 0, "is_done": False, "first_held_at": None,
    }  # fmt: skip
    unseen = await client.get(city.sibling_admin, path)
    assert (unseen.status_code, unseen.json()["code"]) == (404, "activity_not_found")
