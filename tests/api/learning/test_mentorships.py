"""docs/mentoring.md, played against the application: every request, and what is said of every answer."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.api.learning import mentoring_policies, mentoring_records, mentorships
from app.sql import Connection
from tests.make import NOW, City, Client
from tests.make_mentorships import make_proposed
from tests.make_trainers import make_trainer

PAGE = (Path(__file__).parents[3] / "docs/mentoring.md").read_text("utf-8")
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ASKED = re.compile(r"(\w+)> (GET|POST) (\S+)(?: (\{.*\}))?")
_SAID = re.compile(r"(keep )?([\w.]+)=(\"[^\"]*\"|\S+)")


def at(answer: Any, path: str) -> Any:
    """What stands at a path: in a list by its place."""
    for part in path.split("."):
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return answer


def filled(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text


@pytest.fixture
def fixed_now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    for module in (mentorships, mentoring_records, mentoring_policies):
        monkeypatch.setattr(module, "now", lambda: NOW)
    return NOW


async def test_the_page_is_what_the_application_answers(
    client: Client, db: Connection, city: City, fixed_now: datetime
) -> None:
    expert = await make_trainer(db, city.county, city.county_admin)
    who = {
        "city": city.city_admin, "county": city.county_admin, "apprentice": city.teacher_account,
        "mentor": city.sibling_teacher_account,
    }  # fmt: skip
    names = {
        "city": str(city.city["id"]), "county": str(city.county["id"]),
        "apprentice": str(city.teacher["id"]), "mentor": str(city.sibling_teacher["id"]),
        "mentor_teacher": str(city.sibling_teacher["id"]), "expert": str(expert["id"]),
    }  # fmt: skip
    lines = "".join(_BLOCK.findall(PAGE)).splitlines()
    assert len(lines) == 50
    for asked, said in zip(lines[::2], lines[1::2], strict=True):
        person, method, path, body = _ASKED.fullmatch(asked).groups()  # type: ignore[union-attr]
        sent = {"json": json.loads(filled(body, names))} if body else {}
        answer = await client.request(who[person], method, filled(path, names), **sent)
        status, _, rest = said.partition(" ")
        assert answer.status_code == int(status), (asked, answer.text)
        for keep, name, value in _SAID.findall(rest):
            if keep:
                names[name] = at(answer.json(), value)
            else:
                wanted = json.loads(filled(value, names))
                assert at(answer.json(), name) == wanted, (asked, name, answer.text)


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
