"""What is learned from, taken over from files: courses, trainers, topics, resources."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.access.actors import Actor
from app.domain.errors import NotAllowed
from app.domain.exchange.changes import ChangeKind
from app.domain.exchange.imports import ImportSubject
from app.domain.learning.courses import CourseNotFound, get_training_course
from app.domain.learning.resources import get_resource, list_resource_versions
from app.domain.learning.topic_members import list_topic_members
from app.domain.learning.topics import TopicNotFound, get_topic
from app.domain.learning.trainers import get_trainer
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection, Row, Statement
from tests.conftest import SharedPool
from tests.domain.exchange.test_imports import Case
from tests.make import City, Person
from tests.make_courses import make_course, submit
from tests.make_imports import csv
from tests.make_topics import file_step
from tests.make_trainers import make_trainer

COURSES_HEAD = (
    "课程名称,所属单位,来源方式,活动形式,研修方式,培训渠道,研修内容,总学时,课程简介,课程负责人,"
    "课程大纲"
)
COURSE = "自主开发,工作坊,集中研修,校本研修,教学设计,4,提高提问的质量,教导主任,{syllabus}"
SYLLABUS = "问题的层次（2）；追问与理答（2）"
TRAINERS_HEAD = "姓名,所在学校,外聘专家单位,专兼职,学段,学科,擅长内容,资质与依据,资质有效期"
TOPICS_HEAD = "课题名称,承担单位,级别,学科,学段,选题论证,开始日期,计划结题日期,主持人,所在学校"
TOPIC = "校级,语文,小学,学生不会提问。,2026-09-01,2028-07-31"
RESOURCES_HEAD = "资源名称,所属单位,资源类型,学科,学段,资源简介,使用许可,网址,馆藏位置"
PAGE = PageRequest(limit=20)
SUBJECTS = {
    name: {"subject": ImportSubject(name)}
    for name in ("courses", "trainers", "topics", "resources")
}
_DEPARTED = Statement(text("SELECT thing_id FROM departure WHERE kind = :kind"))
_WRITTEN = Statement(
    text(
        "SELECT count(*) FROM (SELECT id, xmin::text FROM course UNION ALL SELECT id, xmin::text FROM"
        " trainer UNION ALL SELECT id, xmin::text FROM topic UNION ALL SELECT id, xmin::text FROM"
        " resource UNION ALL SELECT id, xmin::text FROM topic_member UNION ALL SELECT id, xmin::text"
        " FROM resource_version) AS kept"
    )
)
_VERSIONS = Statement(
    text(
        "SELECT change_transaction, change_sequence FROM course UNION ALL SELECT change_transaction,"
        " change_sequence FROM trainer UNION ALL SELECT change_transaction, change_sequence FROM topic"
        " UNION ALL SELECT change_transaction, change_sequence FROM resource ORDER BY 1, 2"
    )
)


class Learning(Case):
    """A county's administrator with files about learning."""

    def course(self, title: str = "课堂提问的艺术", **given: str) -> str:
        said = {"unit": self.city.school["name"], "syllabus": SYLLABUS} | given
        return f"{title},{said['unit']},{COURSE.format(syllabus=said['syllabus'])}"

    def trainer(self, who: Row, qualification: str = "市级学科带头人") -> str:
        school = self.city.school["name"]
        return f"{who['name']},{school},,兼职,小学,语文,教学设计,{qualification},2030-12-31"

    def topic(self, leader: Row, title: str = "小学生提问能力的培养", said: str = TOPIC) -> str:
        school = self.city.school["name"]
        return f"{title},{school},{said},{leader['name']},{school}"

    def resource(
        self, title: str = "整本书阅读课例", said: str = "可用于教学", link: str = "1"
    ) -> str:
        address = f"https://ziyuan.example.edu.cn/{link}"
        return f"{title},{self.city.school['name']},电子资源,语文,小学,六课时实录,{said},{address},"

    def files(self) -> dict[str, bytes]:
        """A file of each kind with one row."""
        return {
            "courses": csv(COURSES_HEAD, self.course()),
            "trainers": csv(TRAINERS_HEAD, self.trainer(self.city.teacher)),
            "topics": csv(TOPICS_HEAD, self.topic(self.city.teacher)),
            "resources": csv(RESOURCES_HEAD, self.resource()),
        }

    async def the_row(self, run: Row) -> Row:
        [row] = await self.rows(run)
        return row


@pytest.fixture
def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Learning:
    return Learning(db, pool, resources, city)


@pytest.mark.parametrize(
    "syllabus",
    ["问题的层次（0）", "；".join(f"单元{n}（1）" for n in range(101)), f"{'问' * 201}（2）",
     f"问题的层次（{'9' * 400}）"],
    ids=["of no hours", "too many", "too long", "of endless hours"],
)  # fmt: skip
async def test_a_syllabus_that_no_course_has_is_refused_with_its_row(
    syllabus: str, case: Learning
) -> None:
    """Whatever else is in the file is taken over: what would be refused in writing is known before."""
    rows = (case.course("甲", syllabus=syllabus), case.course("乙"))
    run = await case.applied(csv(COURSES_HEAD, *rows), **SUBJECTS["courses"])
    refused, entered = sorted(await case.rows(run), key=lambda row: row["number"])
    assert (refused["action"], entered["action"], entered["state"]) == (
        "reject",
        "create",
        "applied",
    )
    assert len([each for each in refused["reasons"] if not each["note"]]) == 1


async def test_a_course_is_drafted_follows_the_file_and_is_taken_back(case: Learning) -> None:
    run = await case.applied(csv(COURSES_HEAD, case.course()), **SUBJECTS["courses"])
    row = await case.the_row(run)
    course = await get_training_course(case.db, case.actor, course_id=row["target_id"])
    assert (course["state"], course["version"], course["unit_id"], course["audience"]) == (
        "draft", 0, case.city.school["id"], [case.city.school["id"]],
    )  # fmt: skip
    assert [(unit["title"], unit["hours"]) for unit in course["syllabus"]] == [
        ("问题的层次", "2.00"), ("追问与理答", "2.00"),
    ]  # fmt: skip
    other = csv(
        COURSES_HEAD, case.course(syllabus="问题的层次(1);追问与理答(3)").replace("主任", "处")
    )
    changed = await case.applied(other, **SUBJECTS["courses"])
    assert (await case.the_row(changed))["after"] == {
        "responsible": "教导处", "syllabus": "问题的层次（1.00）；追问与理答（3.00）",
    }  # fmt: skip
    assert (await case.undone(changed["id"]))["undone"] == 1
    course = await get_training_course(case.db, case.actor, course_id=row["target_id"])
    assert (course["responsible"], course["syllabus"][0]["hours"]) == ("教导主任", "2.00")
    assert (await case.undone(run["id"]))["undone"] == 1
    with pytest.raises(CourseNotFound):
        await get_training_course(case.db, case.actor, course_id=row["target_id"])
    told = await case.db.all(_DEPARTED, kind=ChangeKind.COURSE.value)
    assert [each["thing_id"] for each in told] == [row["target_id"]]


async def test_what_was_declared_stands_and_is_not_taken_back(case: Learning) -> None:
    content = csv(COURSES_HEAD, case.course())
    run = await case.applied(content, **SUBJECTS["courses"])
    row = await case.the_row(run)
    await submit(case.db, case.city.school_admin, {"id": row["target_id"]})
    differs = csv(COURSES_HEAD, case.course().replace("教导主任", "教导处"))
    refused = await case.checked(differs, **SUBJECTS["courses"], overwrite=True)
    assert await case.codes(refused) == [["course_wrong_state"]]
    assert await case.codes(await case.undone(run["id"])) == [["import_changed_since"]]
    course = await get_training_course(case.db, case.actor, course_id=row["target_id"])
    assert (course["state"], course["responsible"]) == ("submitted", "教导主任")


async def test_a_teacher_is_invited_and_an_expert_is_known_by_name(case: Learning) -> None:
    outside = "李教授,,省教师发展中心,兼职,小学、初中,语文,,博士生导师,"
    content = csv(TRAINERS_HEAD, case.trainer(case.city.teacher), outside)
    run = await case.applied(content, **SUBJECTS["trainers"], unit_id=case.city.county["id"])
    teacher, expert = await case.rows(run)
    kept = await get_trainer(case.db, case.actor, trainer_id=teacher["target_id"])
    assert (kept["state"], kept["teacher_id"], kept["unit_id"], kept["stages"]) == (
        "invited", case.city.teacher["id"], case.city.county["id"], ["primary"],
    )  # fmt: skip
    known = await get_trainer(case.db, case.actor, trainer_id=expert["target_id"])
    assert (known["is_external"], known["works_at"], known["state"]) == (
        True, "省教师发展中心", "invited",
    )  # fmt: skip
    assert case.city.teacher["id_number"] not in str(await case.rows(run))
    better = csv(TRAINERS_HEAD, case.trainer(case.city.teacher, "省级学科带头人"))
    changed = await case.applied(better, **SUBJECTS["trainers"])
    assert (await case.the_row(changed))["after"] == {"qualification": "省级学科带头人"}
    assert (await case.undone(changed["id"]))["undone"] == 1
    assert (await case.undone(run["id"]))["undone"] == 2
    kept = await get_trainer(case.db, case.actor, trainer_id=teacher["target_id"])
    assert (kept["state"], kept["exit_kind"]) == ("left", "invitation_withdrawn")


async def test_who_has_answered_is_not_taken_back(case: Learning) -> None:
    run = await case.applied(
        csv(TRAINERS_HEAD, case.trainer(case.city.teacher)), **SUBJECTS["trainers"]
    )
    row = await case.the_row(run)
    accepted = "UPDATE trainer SET state = 'accepted', answered_at = now(), entered_on = now()"
    await case.db._driver.execute(accepted)
    assert await case.codes(await case.undone(run["id"])) == [["trainer_exit_unfit"]]
    kept = await get_trainer(case.db, case.actor, trainer_id=row["target_id"])
    assert kept["state"] == "accepted"


async def test_a_topic_is_begun_with_its_leader_and_taken_back(case: Learning) -> None:
    run = await case.applied(csv(TOPICS_HEAD, case.topic(case.city.teacher)), **SUBJECTS["topics"])
    key = (await case.the_row(run))["target_id"]
    topic = await get_topic(case.db, case.actor, topic_id=key)
    assert (topic["state"], topic["leader_id"], topic["unit_id"]) == (
        "draft", case.city.teacher["id"], case.city.school["id"],
    )  # fmt: skip
    members = await list_topic_members(case.db, case.actor, topic_id=key, page=PAGE)
    assert [member["duty"] for member in members.items] == ["leader"]
    later = TOPIC.replace("2028", "2029")
    changed = await case.applied(
        csv(TOPICS_HEAD, case.topic(case.city.teacher, said=later)), **SUBJECTS["topics"]
    )
    assert (await case.the_row(changed))["after"] == {"due_on": "2029-07-31"}
    led = csv(TOPICS_HEAD, case.topic(case.city.colleague))
    refused = await case.checked(led, **SUBJECTS["topics"], overwrite=True)
    assert await case.codes(refused) == [["import_topic_leader_differs"]]
    assert (await case.undone(changed["id"]))["undone"] == 1
    assert (await case.undone(run["id"]))["undone"] == 1
    with pytest.raises(TopicNotFound):
        await get_topic(case.db, case.actor, topic_id=key)
    for kind, told in ((ChangeKind.TOPIC, 1), (ChangeKind.TOPIC_MEMBER, 1)):
        assert len(await case.db.all(_DEPARTED, kind=kind.value)) == told


async def test_what_was_handed_in_for_a_topic_stands(case: Learning) -> None:
    run = await case.applied(csv(TOPICS_HEAD, case.topic(case.city.teacher)), **SUBJECTS["topics"])
    key = (await case.the_row(run))["target_id"]
    await file_step(case.db, case.city.teacher_account, {"id": key})
    later = csv(TOPICS_HEAD, case.topic(case.city.teacher, said=TOPIC.replace("2028", "2029")))
    refused = await case.checked(later, **SUBJECTS["topics"], overwrite=True)
    assert await case.codes(refused) == [["topic_state_wrong"]]
    assert await case.codes(await case.undone(run["id"])) == [["import_changed_since"]]
    assert (await get_topic(case.db, case.actor, topic_id=key))["state"] == "submitted"


async def test_a_resource_is_listed_by_its_address_and_retired_when_taken_back(
    case: Learning,
) -> None:
    run = await case.applied(csv(RESOURCES_HEAD, case.resource()), **SUBJECTS["resources"])
    key = (await case.the_row(run))["target_id"]
    resource = await get_resource(case.db, case.actor, resource_id=key)
    assert (resource["sharing"], resource["teacher_id"], resource["licence"]) == (
        "school", None, "teaching",
    )  # fmt: skip
    versions = await list_resource_versions(case.db, case.actor, resource_id=key, page=PAGE)
    assert [each["link"] for each in versions.items] == ["https://ziyuan.example.edu.cn/1"]
    changed = await case.applied(
        csv(RESOURCES_HEAD, case.resource(said="仅供查阅")), **SUBJECTS["resources"]
    )
    assert (await case.the_row(changed))["after"] == {"licence": "own_use"}
    elsewhere = csv(RESOURCES_HEAD, case.resource(said="仅供查阅", link="2"))
    refused = await case.checked(elsewhere, **SUBJECTS["resources"])
    assert await case.codes(refused) == [["import_resource_elsewhere"]]
    assert (await case.undone(changed["id"]))["undone"] == 1
    assert (await case.undone(run["id"]))["undone"] == 1
    resource = await get_resource(case.db, case.actor, resource_id=key)
    assert resource["retired_on"] is not None
    # What was retired may be listed anew.
    again = await case.applied(
        csv(RESOURCES_HEAD, case.resource(), case.resource("另一项")), **SUBJECTS["resources"]
    )
    assert again["creates"] == 2


@pytest.mark.parametrize("kind", list(SUBJECTS))
async def test_the_same_again_writes_nothing(case: Learning, kind: str) -> None:
    content = case.files()[kind]
    await case.applied(content, **SUBJECTS[kind])
    before = (await case.db.value(_WRITTEN), await case.db.all(_VERSIONS))
    # Another file that says the same: an empty line makes it one.
    again = await case.applied(content + b"\r\n", **SUBJECTS[kind])
    assert (again["unchanged"], again["creates"], again["changes"], again["applied"]) == (
        1,
        0,
        0,
        0,
    )
    assert (await case.db.value(_WRITTEN), await case.db.all(_VERSIONS)) == before


@pytest.mark.parametrize("kind", list(SUBJECTS))
async def test_what_is_of_another_school_is_refused(case: Learning, kind: str) -> None:
    content = case.files()[kind]
    sibling: Person = case.city.sibling_admin
    case.actor, case.unit_id = sibling.actor, case.city.sibling["id"]
    run = await case.checked(content, **SUBJECTS[kind])
    assert await case.codes(run) == [["import_unit_unknown"]]
    assert (run["creates"], run["rejects"]) == (0, 1)


@pytest.mark.parametrize("kind", list(SUBJECTS))
async def test_whoever_may_not_write_it_cannot_import_it(case: Learning, kind: str) -> None:
    def without(actor: Actor) -> Actor:
        return replace(actor, grants=case.city.auditor.actor.grants)

    case.actor = without(case.actor)
    with pytest.raises(NotAllowed):
        await case.checked(case.files()[kind], **SUBJECTS[kind])
    assert await case.db.value(_WRITTEN) == 0


@pytest.mark.parametrize(
    ("kind", "before", "after", "codes"),
    [
        ("courses", "工作坊", "没有的形式", ["import_cell_unfit"]),
        ("courses", "工作坊,", ",", ["import_cell_needed"]),
        ("courses", "（2）；", "；", ["import_row_unfit"]),
        ("courses", ",4,", ",-4,", ["import_cell_unfit"]),
        ("trainers", "市级学科带头人", "", ["import_cell_needed"]),
        ("trainers", "语文,", "语文、语文,", ["import_row_unfit"]),
        ("trainers", "测试甲", "没有此人", ["import_person_not_found"]),
        ("topics", "2028-07-31", "2026-01-31", ["topic_out_of_order"]),
        ("topics", "测试甲,", ",", ["import_cell_needed"]),
        ("topics", "测试甲", "没有此人", ["import_person_not_found"]),
        ("resources", "https://ziyuan.example.edu.cn/1", "", ["import_row_unfit"]),
        ("resources", "https://ziyuan.example.edu.cn/1", "ftp://x", ["import_cell_unfit"]),
        ("resources", "可用于教学", "", ["import_cell_needed"]),
    ],
)
async def test_what_cannot_be_is_set_apart(
    case: Learning, kind: str, before: str, after: str, codes: list[str]
) -> None:
    content = case.files()[kind].decode("utf-8-sig")
    head, rest = content.split("\r\n", 1)
    assert before in rest
    run = await case.checked(csv(head, rest.strip().replace(before, after)), **SUBJECTS[kind])
    assert await case.codes(run) == [codes]
    assert await case.db.value(_WRITTEN) == 0


async def test_two_of_one_title_are_not_told_apart(case: Learning) -> None:
    school = {"unit_id": str(case.city.school["id"])}
    for _ in range(2):
        await make_course(case.db, case.city.school_admin, title="课堂提问的艺术", **school)
    run = await case.checked(csv(COURSES_HEAD, case.course()), **SUBJECTS["courses"])
    assert await case.codes(run) == [["import_title_ambiguous"]]


async def test_one_thing_in_two_words_is_entered_once(case: Learning) -> None:
    """Once by the name of its school and once by nothing, where that is the unit of the import."""
    case.actor, case.unit_id = case.city.school_admin.actor, case.city.school["id"]
    lines = (case.course(), case.course(unit=""))
    run = await case.applied(csv(COURSES_HEAD, *lines), **SUBJECTS["courses"])
    assert await case.codes(run) == [[], ["import_row_repeated"]]
    assert await case.db.value(_WRITTEN) == 1


async def test_what_was_corrected_by_hand_stays(case: Learning) -> None:
    content = case.files()["resources"]
    run = await case.applied(content, **SUBJECTS["resources"])
    key = (await case.the_row(run))["target_id"]
    await case.db._driver.execute("UPDATE resource SET summary = '八课时' WHERE id = $1", key)
    again: dict[str, Any] = await case.checked(content + b"\r\n", **SUBJECTS["resources"])
    assert await case.codes(again) == [["import_kept_by_hand"]]
    assert again["changes"] == 0


async def test_somebody_in_the_library_is_found_whoever_entered_them(case: Learning) -> None:
    await make_trainer(case.db, case.city.county, case.city.county_admin, case.city.teacher)
    run = await case.checked(case.files()["trainers"], **SUBJECTS["trainers"])
    row = await case.the_row(run)
    assert (row["action"], row["after"]) == (
        "change", {"contents": ["instructional_design"], "qualified_until": "2030-12-31"},
    )  # fmt: skip
