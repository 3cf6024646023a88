"""From an empty database to the province's batch: `yanxun found`, then everything over HTTP.

Nothing of the demo city is used. Every account is opened by the one above it and signs in with the
secret that it was given; the only thing not made here is the document of a rule pack that is shipped.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from importlib.resources import files
from typing import Any

import httpx2

from app.cli.founding import found_with_administrator
from app.domain.base import SHANGHAI, civil_date
from app.request import Resources
from tests.make import id_number


@dataclass
class Person:
    """Somebody with an access token, and requests in that person's name."""

    http: httpx2.AsyncClient
    token: str

    async def send(self, method: str, path: str, expect: int, **more: Any) -> Any:
        """One request below /api/v1; the content of its answer, which has the expected status."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self.http.request(method, f"/api/v1{path}", headers=headers, **more)
        assert answer.status_code == expect, (method, path, answer.text)
        return answer.json()

    async def get(self, path: str) -> Any:
        """What a path answers."""
        return await self.send("GET", path, 200)

    async def make(self, path: str, **fields: Any) -> Any:
        """A new thing."""
        return await self.send("POST", path, 201, json=fields)

    async def do(self, path: str, **fields: Any) -> Any:
        """Something that is done, to a thing that there is."""
        return await self.send("POST", path, 200, json=fields or None)

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of a GraphQL document."""
        answer = await self.http.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {self.token}"},
        )
        content = answer.json()
        assert "errors" not in content, content
        return content["data"]


async def sign_in(http: httpx2.AsyncClient, **form: str) -> Person:
    """Whoever signs in so, by the name and the secret as any client sends them."""
    answer = await http.post("/oauth/token", data=form)
    assert answer.status_code == 200, answer.text
    return Person(http, answer.json()["access_token"])


async def open_account(by: Person, name: str, role: str, subject_id: str) -> Person:
    """A person's account, opened by another, and signed in to."""
    made = await by.make(
        "/accounts",
        kind="person", name=name, display_name=name, role=role, subject_id=subject_id,
    )  # fmt: skip
    first, own = made["secret"], f"{name} 自己的密码"
    person = await sign_in(by.http, grant_type="password", username=name, password=first)
    await person.do("/me/password", old=first, new=own)
    return await sign_in(by.http, grant_type="password", username=name, password=own)


async def found(http: httpx2.AsyncClient, resources: Resources) -> Person:
    """`yanxun found`, and its administrator signed in."""
    secret = await found_with_administrator(resources.settings, "某某市教育局", "439900", "first")
    first = await sign_in(http, grant_type="password", username="first", password=secret)
    [act] = (await first.get("/audit/acts?operation=found_city"))["items"]
    assert act["account_id"] is None
    assert act["changed_rows"] > 0
    return first


def training(school_id: str, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """An activity of a school that ends today, and its session, which is on."""
    midnight = datetime.combine(civil_date(now) + timedelta(days=1), time(), SHANGHAI)
    began, ends = now - timedelta(minutes=5), min(now + timedelta(hours=2), midnight)
    activity = {
        "title": "新城区第一次校本研修", "kind": "seminar", "mode": "concentrated",
        "channel": "school_based", "content": ["teaching_methods"], "hours": "2.00",
        "starts_on": civil_date(began).isoformat(), "ends_on": civil_date(now).isoformat(),
        "organiser_unit_id": school_id,
    }  # fmt: skip
    session = {"starts_at": began.isoformat(), "ends_at": ends.isoformat(), "hours": "2.00"}
    return activity, session


async def attend(school: Person, teacher: Person, school_id: str) -> str:
    """An activity of the school from its draft until it is closed; the teacher checks in."""
    planned, when = training(school_id, datetime.now(UTC))
    activity = await school.make("/activities", **planned)
    path = f"/activities/{activity['id']}"
    session = await school.make(f"{path}/sessions", **when)
    await school.do(f"{path}/publish")
    [offered] = (await teacher.get("/offered-activities"))["items"]
    assert offered["id"] == activity["id"]
    await teacher.do(f"{path}/enrolment")
    code = await school.get(f"/sessions/{session['id']}/check-in-code")
    there = await teacher.do(f"/sessions/{session['id']}/check-in", code=code["code"])
    assert (there["status"], there["method"]) == ("present", "code")
    for verb in ("hold", "close"):
        await school.do(f"{path}/{verb}")
    return str(activity["id"])


@dataclass
class Place:
    """A city with one county, one school and one teacher; who administers them, by their keys."""

    city: Person
    county: Person
    school: Person
    teacher: Person
    city_id: str
    school_id: str
    teacher_id: str


async def settle(city: Person) -> Place:
    """What a city consists of, each part set up by the administrator above it."""
    [grant] = (await city.get("/me"))["grants"]
    city_id = grant["subject_id"]
    bureau = {"name": "某某县教育局", "level": "county", "code": "439921", "parent_id": city_id}
    county_id = (await city.make("/units", **bureau))["id"]
    county = await open_account(city, "county.admin", "county_admin", county_id)
    primary = {
        "name": "第一小学", "level": "school", "stages": ["primary"], "parent_id": county_id,
    }  # fmt: skip
    school_id = (await county.make("/units", **primary))["id"]
    school = await open_account(county, "school.admin", "school_admin", school_id)
    employed = {
        "name": "王测试", "subject": "chinese", "stage": "primary", "school_id": school_id,
        "id_number": id_number(date(1988, 3, 7)), "rank": "first_grade", "since": "2020-09-01",
    }  # fmt: skip
    teacher_id = (await school.make("/teachers", **employed))["id"]
    teacher = await open_account(school, "teacher.one", "teacher", teacher_id)
    return Place(city, county, school, teacher, city_id, school_id, teacher_id)


async def test_a_city_is_set_up_from_nothing_over_http(
    served: httpx2.AsyncClient, resources: Resources
) -> None:
    place = await settle(await found(served, resources))
    shipped = files("app.domain.credits.packs").joinpath("shipped/yueyang-demo-2026.json")
    pack = await place.city.make(
        "/rule-packs", unit_id=place.city_id, document=json.loads(shipped.read_text())
    )
    assert (pack["pack_id"], pack["version"]) == ("yueyang-demo-2026", 1)

    activity_id = await attend(place.school, place.teacher, place.school_id)
    await place.school.send("POST", f"/activities/{activity_id}/recognition", 403)
    done = await place.county.do(f"/activities/{activity_id}/recognition")
    assert (done["entered"], done["left_out"]) == (1, [])

    entry_id = await teacher_asks(place.teacher, place.teacher_id)
    await province_takes_it(place.city, place.city_id, entry_id)


async def teacher_asks(teacher: Person, teacher_id: str) -> str:
    """The teacher finds the entry, why it counts, and where that leads, in REST and in GraphQL."""
    [entry] = (await teacher.get(f"/teachers/{teacher_id}/credit-entries"))["items"]
    assert (entry["hours"], entry["credits"]) == ("2.00", "2.00")
    told = await teacher.get(f"/credit-entries/{entry['id']}/explanation")
    assert told["steps"]
    standing = await teacher.get(f"/teachers/{teacher_id}/standing")
    assert standing["counted_credits"] == "2.00"
    asked = await teacher.ask(
        "query ($id: UUID!) { teacher(id: $id) { name standing { countedCredits } } }",
        id=teacher_id,
    )
    assert asked == {"teacher": {"name": "王测试", "standing": {"countedCredits": "2.00"}}}
    return str(entry["id"])


async def province_takes_it(city: Person, city_id: str, entry_id: str) -> None:
    """The province gets a machine client, follows the feed, and fetches the batch."""
    client = await city.make(
        "/accounts",
        kind="client", name="province", display_name="省平台", role="integration",
        subject_id=city_id,
    )  # fmt: skip
    province = await sign_in(
        city.http,
        grant_type="client_credentials", client_id="province", client_secret=client["secret"],
    )  # fmt: skip
    changes = (await province.get("/changes"))["items"]
    told = [each["kind"] for each in changes]
    assert [kind for kind in told if kind not in {"pack", "session", "enrolment"}] == [
        "unit", "unit", "unit", "teacher", "attendance", "activity", "credit_entry",
    ]  # fmt: skip
    assert {"pack", "session"} < set(told)
    batch = await province.make("/province/batches", city_id=city_id)
    assert (batch["number"], batch["entries"], batch["credits"]) == (1, 1, "2.00")
    content = await city.http.get(
        f"/api/v1/province/batches/{batch['id']}/content",
        headers={"Authorization": f"Bearer {province.token}"},
    )
    assert sha256(content.content).hexdigest() == batch["sha256_jsonl"]
    assert json.loads(content.content)["id"] == entry_id
