"""docs/five-years.md, played against the application: every request, and what is said of every answer."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.credits.verification import verify_ledger
from app.sql import Connection
from tests.domain.credits.making import attend, make_closed_activity, make_pack
from tests.make import City, Client

PAGE = (Path(__file__).parents[4] / "docs/five-years.md").read_text("utf-8")
_TRAINING = re.compile(
    r"^\| ([a-z]) \| (school|county|city) \| (\d{4}-\d\d-\d\d) \| ([\d.]+) \|$", re.MULTILINE
)
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ASKED = re.compile(r"(\w+)> (GET|POST) (\S+)(?: (\{.*\}))?")
_SAID = re.compile(r"(keep )?([\w.-]+)=(\"[^\"]*\"|\S+)")


def at(answer: Any, path: str) -> Any:
    """What stands at a path: in a list by its place, or by the id of what is in it."""
    for part in path.split("."):
        if isinstance(answer, list):
            answer = (
                answer[int(part)]
                if part.isdigit()
                else next(each for each in answer if each["id"] == part)
            )
        else:
            answer = answer[part]
    return answer


def filled(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text


async def test_the_page_is_what_the_application_answers(
    client: Client, db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    organisers = {
        "school": (city.school, city.school_admin), "county": (city.county, city.county_admin),
        "city": (city.city, city.city_admin),
    }  # fmt: skip
    who = {name: by for name, (_, by) in organisers.items()} | {"teacher": city.teacher_account}
    names = {"teacher": str(city.teacher["id"]), "school": str(city.school["id"])}
    for name, unit, day, hours in _TRAINING.findall(PAGE):
        made = await make_closed_activity(
            db, *organisers[unit], hours=hours, on=date.fromisoformat(day)
        )
        await attend(db, made, [city.teacher])
        names[name] = str(made["id"])
    lines = "".join(_BLOCK.findall(PAGE)).splitlines()
    assert len(names) == 9
    assert len(lines) == 70
    for asked, said in zip(lines[::2], lines[1::2], strict=True):
        person, method, path, body = _ASKED.fullmatch(asked).groups()  # type: ignore[union-attr]
        sent = {"json": json.loads(filled(body, names))} if body else {}
        answer = await client.request(who.get(person), method, filled(path, names), **sent)
        status, _, rest = said.partition(" ")
        assert answer.status_code == int(status), (asked, answer.text)
        for keep, name, value in _SAID.findall(rest):
            if keep:
                names[name] = at(answer.json(), value)
            else:
                assert at(answer.json(), name) == json.loads(value), (asked, name, answer.text)
    assert (await verify_ledger(db)).finding is None
