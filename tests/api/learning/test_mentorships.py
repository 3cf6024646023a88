"""docs/mentoring.md, played against the application: every request, and what is said of every answer."""

import pytest

from app.sql import Connection
from tests.console import Clock, play
from tests.domain.credits.making import make_pack
from tests.make import NOW, City, Client
from tests.make_mentorships import make_proposed
from tests.make_trainers import make_trainer


async def test_the_page_is_what_the_application_answers(
    client: Client, db: Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    expert = await make_trainer(db, city.county, city.county_admin)
    await make_pack(db, city.city)
    who = {
        "city": city.city_admin, "county": city.county_admin, "apprentice": city.teacher_account,
        "mentor": city.sibling_teacher_account,
    }  # fmt: skip
    names = {
        "city": str(city.city["id"]), "county": str(city.county["id"]),
        "apprentice": str(city.teacher["id"]), "mentor": str(city.sibling_teacher["id"]),
        "mentor_teacher": str(city.sibling_teacher["id"]), "expert": str(expert["id"]),
    }  # fmt: skip
    assert await play(client, "mentoring.md", who, names, Clock(NOW, monkeypatch)) == 29


async def test_a_proposal_is_declined_or_withdrawn(
    client: Client, db: Connection, city: City
) -> None:
    made = [
        await make_proposed(db, city.school, city.school_admin, city.colleague, city.teacher)
        for _ in range(2)
    ]
    path = f"/mentorships/{made[0]['id']}"
    no = await client.post(city.teacher_account, f"{path}/decline", {"reason": "任务过重"})
    assert no.json()["state"] == "declined"
    end = {"kind": "proposal_withdrawn", "reason": "另行安排"}
    over = await client.post(city.school_admin, f"/mentorships/{made[1]['id']}/end", end)
    assert over.json()["end_kind"] == "proposal_withdrawn"
    page = await client.get(city.colleague_account, "/mentorships?state=ended")
    assert [row["id"] for row in page.json()["items"]] == [str(made[1]["id"])]
