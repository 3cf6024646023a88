"""The first act: a school trains its teachers, the county recognises it, a teacher asks why, the
province is told.

The cast: two schools of 平江县, the county, and the platform of the province; see `app.demo.cast`.
The other acts are `app.cli.tour.hierarchy` and `app.cli.tour.semester`.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from app.cli.tour.stage import Player, Stage
from app.domain.base import SHANGHAI, civil_date

_KINDS = "activity credit_entry"
"""Of what the province follows the changes."""


@dataclass
class Story:
    """Who plays, and what later scenes need of earlier ones."""

    school: Player
    county: Player
    first: Player
    second: Player
    stranger: Player
    province: Player
    school_id: str
    city_id: str
    first_id: str
    cursor: str | None = None
    activity: dict[str, Any] = field(default_factory=dict)
    session_id: str = ""
    entry: dict[str, Any] = field(default_factory=dict)
    standing: dict[str, Any] = field(default_factory=dict)


def play(stage: Stage) -> None:
    """Play every scene; `Unexpected` at the first thing that goes otherwise."""
    story = _gather(stage)
    for scene in (
        _province_catches_up,
        _school_publishes,
        _teachers_check_in,
        _stranger_is_refused,
        _school_closes,
        _county_recognises,
        _teacher_asks_for_the_standing,
        _teacher_asks_why,
        _teacher_asks_in_graphql,
        _province_takes_its_batch,
        _province_follows_the_changes,
    ):
        scene(stage, story)


def _gather(stage: Stage) -> Story:
    stage.scene("各角色登录", "Everybody signs in, each with an account of the own role")
    names = ("school.admin", "pingjiang.admin", "teacher.one", "teacher.two", "teacher.three")
    school, county, first, second, stranger = (stage.sign_in(name) for name in names)
    province = stage.sign_in("province")
    (grant,) = stage.call(school, "GET", "/me")["grants"]
    return Story(
        school,
        county,
        first,
        second,
        stranger,
        province,
        school_id=grant["subject_id"],
        city_id=grant["city_id"],
        first_id=stage.call(first, "GET", "/me")["teacher_id"],
    )


def _province_catches_up(stage: Stage, story: Story) -> None:
    stage.scene("省平台读到最新变更", "The province reads the change feed up to now")
    read, story.cursor = stage.follow(story.province, _KINDS, story.cursor)
    stage.note(f"{len(read)} 条 / changes")


def _school_publishes(stage: Stage, story: Story) -> None:
    stage.scene("学校发布一次活动", "A school announces an activity, which asks for a note")
    now = datetime.now(UTC).replace(microsecond=0)
    # It ends today: what lasts until tomorrow is not recognised today.
    midnight = datetime.combine(civil_date(now) + timedelta(days=1), time(), SHANGHAI)
    starts_at, ends_at = now - timedelta(minutes=5), min(now + timedelta(hours=2), midnight)
    story.activity = stage.call(
        story.school,
        "POST",
        "/activities",
        expect=201,
        json={
            "title": f"演示：同课异构听课评课 {now:%H%M%S}",
            "kind": "lesson_observation",
            "mode": "concentrated",
            "channel": "school_based",
            "content": ["teaching_methods"],
            "hours": "2.00",
            "requires_note": True,
            "starts_on": civil_date(starts_at).isoformat(),
            "ends_on": civil_date(now).isoformat(),
            "organiser_unit_id": story.school_id,
        },
    )
    session = stage.call(
        story.school,
        "POST",
        f"{_path(story)}/sessions",
        expect=201,
        json={
            "starts_at": starts_at.isoformat(),
            "ends_at": ends_at.isoformat(),
            "place": "测试会议室",
            "hours": "2.00",
        },
    )
    story.session_id = session["id"]
    published = stage.call(story.school, "POST", f"{_path(story)}/publish")
    stage.check(published["state"] == "published", "the activity is not published")


def _teachers_check_in(stage: Stage, story: Story) -> None:
    stage.scene("两位教师用轮换签到码签到", "Two teachers check in with the code shown in the room")
    path = f"/sessions/{story.session_id}/check-in"
    code = stage.call(story.school, "GET", f"{path}-code")["code"]
    stage.note(f"签到码 / code {code}")
    stage.call(story.first, "POST", path, json={"code": code})
    attended = stage.call(story.second, "POST", path, json={"code": code})
    stage.check(attended["status"] == "present", "the teacher does not count as present")
    again = stage.call(story.second, "POST", path, json={"code": code})
    stage.check(again["id"] == attended["id"], "checking in again made another record")
    stage.note("重复签到得到同一条记录 / checking in again answers the same record")
    text = "听课后准备在下一单元尝试小组讨论，并记录学生的参与情况。"
    stage.call(
        story.first,
        "POST",
        f"{_path(story)}/notes",
        json={"kind": "reflection", "text": text},
    )


def _stranger_is_refused(stage: Stage, story: Story) -> None:
    stage.scene(
        "外校教师签到被拒：对其而言活动不存在",
        "A teacher of another school is refused: for that teacher the activity does not exist",
    )
    code = stage.call(story.school, "GET", f"/sessions/{story.session_id}/check-in-code")["code"]
    path = f"/sessions/{story.session_id}/check-in"
    stage.call(story.stranger, "POST", path, expect=404, json={"code": code})
    stage.call(story.stranger, "GET", _path(story), expect=404)


def _school_closes(stage: Stage, story: Story) -> None:
    stage.scene(
        "学校结束活动，但无权认定学分", "The school closes it, and may not recognise it itself"
    )
    stage.call(story.school, "POST", f"{_path(story)}/close", expect=409)
    stage.call(story.school, "POST", f"{_path(story)}/hold")
    closed = stage.call(story.school, "POST", f"{_path(story)}/close")
    stage.check(closed["state"] == "closed", "the activity is not closed")
    stage.call(story.school, "POST", f"{_path(story)}/recognition", expect=403)


def _county_recognises(stage: Stage, story: Story) -> None:
    stage.scene(
        "县教育局认定学分，重复认定不重复入账",
        "The county recognises it; doing so again enters nothing",
    )
    done = stage.call(story.county, "POST", f"{_path(story)}/recognition")
    stage.check((done["entered"], done["not_qualified"]) == (1, 1), "not one entered, one left out")
    reason = done["left_out"][0]
    stage.note(f"入账 1 人；另 1 人：{reason['zh']} / one entered; the other: {reason['en']}")
    again = stage.call(story.county, "POST", f"{_path(story)}/recognition")
    stage.check(
        (again["entered"], again["already_entered"]) == (0, 1), "something was entered twice"
    )


def _teacher_asks_for_the_standing(stage: Stage, story: Story) -> None:
    stage.scene("教师查询学分状况", "The teacher asks how things stand")
    path = f"/teachers/{story.first_id}"
    story.standing = stage.call(story.first, "GET", f"{path}/standing")
    page = stage.call(story.first, "GET", f"{path}/credit-entries?sort=-sequence&limit=1")
    story.entry = page["items"][0]
    stage.check(story.entry["source_id"] == story.activity["id"], "the newest entry is another")
    stage.note(
        f"取得 / earned {story.standing['earned_credits']}，计入 / counted "
        f"{story.standing['counted_credits']}，结论 / verdict {story.standing['verdict']}"
    )
    for requirement in story.standing["requirements"]:
        if requirement["applies"] and requirement["governed_by"] is None:
            stage.note(
                f"{requirement['title_zh']} / {requirement['title_en']}: "
                f"{requirement['counted']} / {requirement['needed']} {requirement['verdict']}"
            )


def _teacher_asks_why(stage: Stage, story: Story) -> None:
    stage.scene(
        "教师追问：这一条为什么计这么多", "The teacher asks why the entry counts as it does"
    )
    told = stage.call(story.first, "GET", f"/credit-entries/{story.entry['id']}/explanation")
    stage.check(bool(told["steps"]), "nothing was explained")
    for step in told["steps"]:
        stage.note(f"{step['zh']}\n    {step['en']}")
        if (basis := step["basis"]) and basis["document"]:
            stage.note(f"  依据 / source: {basis['document']} {basis['article']}")
    stage.note(f"其中假定 / assumptions: {len(told['assumptions'])}")


def _teacher_asks_in_graphql(stage: Stage, story: Story) -> None:
    stage.scene(
        "同一问题，用 GraphQL 再问一次", "The same question in GraphQL gets the same answer"
    )
    data = stage.ask(
        story.first,
        """
        query ($id: UUID!) {
          teacher(id: $id) {
            name
            standing { earnedCredits countedCredits verdict }
            creditEntries(first: 1) { nodes { credits earnedOn } }
          }
        }
        """,
        id=story.first_id,
    )
    standing = data["teacher"]["standing"]
    stage.check(
        standing["countedCredits"] == story.standing["counted_credits"],
        "REST and GraphQL do not agree",
    )
    stage.note(f"{data['teacher']['name']}  {standing['countedCredits']}")


def _province_takes_its_batch(stage: Stage, story: Story) -> None:
    stage.scene("省平台取走一个批次", "The province takes a batch of what is new")
    batch = stage.call(
        story.province, "POST", "/province/batches", expect=201, json={"city_id": story.city_id}
    )
    stage.note(
        f"第 {batch['number']} 批 / batch: {batch['entries']} 条 / entries, "
        f"{batch['credits']} 学分 / credits"
    )
    for written_as in ("jsonl", "csv"):
        content = stage.fetch(
            story.province,
            "GET",
            f"/api/v1/province/batches/{batch['id']}/content?format={written_as}",
        ).content
        right = sha256(content).hexdigest() == batch[f"sha256_{written_as}"]
        stage.check(right, "the checksum is not that of the content")
        stage.check(story.entry["id"].encode() in content, "the new entry is not in the batch")
    stage.note("校验和一致，内含新记录 / the checksums agree, and the new entry is in it")


def _province_follows_the_changes(stage: Stage, story: Story) -> None:
    stage.scene(
        "省平台从上次的位置续读变更", "The province goes on in the change feed where it stopped"
    )
    read, story.cursor = stage.follow(story.province, _KINDS, story.cursor)
    kinds = {(each["kind"], each["id"]) for each in read}
    stage.check(("activity", story.activity["id"]) in kinds, "the activity is not in the feed")
    stage.check(("credit_entry", story.entry["id"]) in kinds, "the entry is not in the feed")
    stage.note("活动与学分记录都在其中 / the activity and the entry are among them")


def _path(story: Story) -> str:
    return f"/activities/{story.activity['id']}"
