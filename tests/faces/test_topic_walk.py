"""A topic from a problem to credit over REST: the walk of docs/topics.md, line by line."""

from typing import Any

import pytest

from app.domain.credits.packs import shipped_packs
from app.sql import Connection
from tests.architecture.source import ROOT
from tests.domain.credits.making import make_pack
from tests.make import City, Client, Person

TOPIC = {
    "title": "问题链教学的实践研究", "level": "county", "subject": "chinese", "stage": "primary",
    "summary": "学生不会提问，拟以问题链教学改进。", "starts_on": "2026-09-01",
    "due_on": "2028-07-31",
}  # fmt: skip
PAPER = {
    "title": "问题链教学的实践与思考", "kind": "paper", "level": "province",
    "venue": "省级教育期刊", "published_on": "2026-10-15", "doi": "10.1000/xyz.1",
}  # fmt: skip
ACTIVITY = {
    "title": "课题研讨课", "kind": "seminar", "mode": "concentrated", "channel": "school_based",
    "hours": "2", "starts_on": "2026-12-01", "ends_on": "2026-12-01",
}  # fmt: skip


class Walk:
    """Asks as somebody, and says what is answered if it is not what is wanted."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def __call__(
        self, person: Person, method: str, path: str, body: Any = None, wanted: int = 200
    ) -> Any:
        sent = {} if body is None else {"json": body}
        answer = await self.client.request(person, method, path, **sent)
        assert answer.status_code == wanted, (path, answer.text)
        return answer.json()

    async def step(self, city: City, topic: str, kind: str, **said: Any) -> Any:
        """Something is handed in by the school and passed by the county."""
        grade = {"grade": said.pop("grade")} if "grade" in said else {}
        new = {"kind": kind, "summary": "材料附后", **said}
        filed = await self(city.school_admin, "POST", f"{topic}/steps", new, 201)
        decide = f"/topic-steps/{filed['id']}/decide"
        verdict = {"verdict": "passed", "opinion": "同意"}
        if grade:
            refused = await self(city.county_admin, "POST", decide, verdict, 422)
            assert refused["code"] == "topic_grade_missing"
        return await self(city.county_admin, "POST", decide, verdict | grade)


@pytest.fixture
def walk(client: Client) -> Walk:
    return Walk(client)


async def begin(walk: Walk, city: City) -> str:
    """Lines 1 to 3: a problem is taken in and becomes a topic with its members."""
    stated = {"statement": "学生不会提问", "subject": "chinese"}
    problem = await walk(city.teacher_account, "POST", "/problems", stated, 201)
    await walk(city.school_admin, "POST", f"/problems/{problem['id']}/take-in")
    new = TOPIC | {
        "unit_id": str(city.school["id"]), "leader_id": str(city.teacher["id"]),
        "problem_ids": [problem["id"]],
    }  # fmt: skip
    topic = await walk(city.school_admin, "POST", "/topics", new, 201)
    address = f"/topics/{topic['id']}"
    members = [
        {"teacher_id": str(city.teacher["id"]), "duty": "leader", "share": "60"},
        {"teacher_id": str(city.colleague["id"]), "duty": "core", "share": "30"},
    ]
    short = await walk(city.school_admin, "PUT", f"{address}/members", {"members": members}, 422)
    assert short["code"] == "topic_shares_unbalanced"
    members[1]["share"] = "40"
    await walk(city.school_admin, "PUT", f"{address}/members", {"members": members})
    return address


async def apply(walk: Walk, city: City, topic: str) -> None:
    """Lines 4 to 7: the school applies, an expert of another school scores, the county approves."""
    new = {"kind": "application", "summary": "申请立项"}
    filed = await walk(city.school_admin, "POST", f"{topic}/steps", new, 201)
    tasks = await walk(city.county_admin, "GET", "/me/tasks?kind=topic_step_to_decide")
    assert [each["subject_id"] for each in tasks["items"]] == [filed["id"]]
    step = f"/topic-steps/{filed['id']}"
    own = {"expert_ids": [str(city.colleague["id"])]}
    refused = await walk(city.county_admin, "POST", f"{step}/experts", own, 409)
    assert refused["code"] in {"topic_expert_of_own_school", "topic_expert_is_member"}
    expert = {"expert_ids": [str(city.sibling_teacher["id"])]}
    await walk(city.county_admin, "POST", f"{step}/experts", expert)
    asked = await walk(city.sibling_teacher_account, "GET", "/topic-appraisals?state=asked")
    score = f"/topic-appraisals/{asked['items'][0]['id']}/score"
    said = {"score": "86", "opinion": "选题切合实际"}
    await walk(city.sibling_teacher_account, "POST", score, said)
    assert (await walk(city.school_admin, "GET", step))["mean_score"] is None
    verdict = {"verdict": "passed", "opinion": "同意立项", "number": "XJ2026-01"}
    await walk(city.school_admin, "POST", f"{step}/decide", verdict, 403)
    decided = await walk(city.county_admin, "POST", f"{step}/decide", verdict)
    assert (decided["state"], decided["mean_score"]) == ("passed", "86.00")


async def study(walk: Walk, city: City, topic: str) -> str:
    """Lines 8 and 9: opening, mid-term, extension; an activity, and a paper that the school confirms."""
    for kind, said in (
        ("opening", {"held_on": "2026-10-10"}), ("midterm", {}),
        ("extension", {"due_on": "2029-01-31"}),
    ):  # fmt: skip
        await walk.step(city, topic, kind, **said)
    organised = ACTIVITY | {"organiser_unit_id": str(city.school["id"])}
    activity = await walk(city.school_admin, "POST", "/activities", organised, 201)
    link = {"activity_id": activity["id"]}
    await walk(city.school_admin, "POST", f"{topic}/activities", link, 201)
    paper = PAPER | {
        "author_ids": [str(city.teacher["id"])], "topic_id": topic.removeprefix("/topics/"),
    }  # fmt: skip
    stated = await walk(city.teacher_account, "POST", "/outputs", paper, 201)
    output = f"/outputs/{stated['id']}"
    await walk(city.school_admin, "POST", f"{output}/decide", {"verdict": "confirmed"})
    return str(stated["id"])


async def earn(walk: Walk, city: City, topic: str) -> None:
    """Lines 13 and 14: the county recognises it, once, and the ledger says why."""
    address = f"{topic}/recognition"
    await walk(city.school_admin, "POST", address, wanted=403)
    for entered in (2, 0):
        assert (await walk(city.county_admin, "POST", address))["entered"] == entered
    ledger = await walk(
        city.teacher_account, "GET", f"/teachers/{city.teacher['id']}/credit-entries"
    )
    (entry,) = ledger["items"]
    assert (entry["source_kind"], entry["role"], entry["rule_id"], entry["credits"]) == (
        "topic", "leader", "project-county", "2.00",
    )  # fmt: skip
    why = await walk(city.teacher_account, "GET", f"/credit-entries/{entry['id']}/explanation")
    assert why["source_title"] == TOPIC["title"]


async def test_a_topic_from_a_problem_to_credit(walk: Walk, db: Connection, city: City) -> None:
    await make_pack(db, city.city, shipped_packs()["guangxi-2016"])
    topic = await begin(walk, city)
    await apply(walk, city, topic)
    output_id = await study(walk, city, topic)
    await walk.step(city, topic, "conclusion", grade="excellent")
    over = await walk(city.teacher_account, "GET", topic)
    assert (over["state"], over["grade"], over["due_on"]) == (
        "concluded", "excellent", "2029-01-31",
    )  # fmt: skip
    contest = await walk(
        city.county_admin, "POST", "/award-rounds",
        {
            "unit_id": str(city.county["id"]), "year": 2026, "title": "年度教育科研成果奖",
            "opens_on": "2020-01-01", "closes_on": "2099-12-31",
        },
        201,
    )  # fmt: skip
    entries, won = f"/award-rounds/{contest['id']}/entries", []
    for made in ({"output_id": output_id}, {"topic_id": over["id"]}):
        entry = await walk(city.school_admin, "POST", entries, made, 201)
        won.append({"entry_id": entry["id"], "award": "first"})
    award = f"/award-rounds/{contest['id']}/award"
    await walk(city.county_admin, "POST", award, {"awards": won})
    listed = await walk(city.sibling_teacher_account, "GET", f"{entries}?winners=true")
    assert [each["award"] for each in listed["items"]] == ["first", "first"]
    period = "since=2026-01-01&until=2099-01-01"
    school = f"/units/{city.school['id']}/research-totals?{period}"
    totals = await walk(city.school_admin, "GET", school)
    assert [(row["county_topics"], row["participants"], row["papers"]) for row in totals] == [
        (1, 2, 1), (1, 2, 1),
    ]  # fmt: skip
    await earn(walk, city, topic)


def test_the_page_names_only_operations_that_there_are() -> None:
    page = (ROOT / "docs/topics.md").read_text(encoding="utf-8")
    table = [line for line in page.splitlines() if line.startswith("| ") and line[2].isdigit()]
    named = {name for line in table for name in line.split("|")[3].replace("`", "").split(", ")}
    document = (ROOT / "docs/openapi.json").read_text(encoding="utf-8")
    missing = {name.strip() for name in named if f'"{name.strip()}"' not in document}
    assert len(table) == 14
    assert missing == set()
