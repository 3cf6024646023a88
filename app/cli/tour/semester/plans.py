"""Plans: what the county issues, what the school derives from it, how it is reviewed and amended."""

from typing import Any

from app.cli.tour.semester.cast import Semester, key_of
from app.cli.tour.semester.scene import Scene
from app.cli.tour.stage import Player, Stage


def _drafted(stage: Stage, player: Player, title: str, **fields: Any) -> str:
    new = {"title": title, **fields}
    return key_of(stage.call(player, "POST", "/plans", expect=201, json=new))


def _county_issues(stage: Stage, semester: Semester) -> None:
    """The county's scheme and annual plan (`create_plan`, `submit_plan`) are approved by the city and
    published (`publish_plan`), and the school reads them.
    """
    days, city = semester.days, stage.sign_in("city.admin")
    for kind, title in (("scheme", "县中小学校本研修实施方案"), ("year", "县年度校本研修工作计划")):
        plan_id = _drafted(
            stage,
            semester.county,
            f"{title} {semester.stamp}",
            kind=kind,
            unit_id=semester.county_id,
            aims="以教研组为依托，研究真实的课堂问题。",
            text="每校每学期开展不少于八次校本研修活动。",
            **days.term,
        )
        if kind == "year":
            _item(stage, semester, semester.county, plan_id, "片区主题研训")
        stage.call(semester.county, "POST", f"/plans/{plan_id}/submit")
        opinion = {"opinion": "同意下发各校执行。"}
        stage.call(city, "POST", f"/plans/{plan_id}/approve", json=opinion)
        stage.call(semester.county, "POST", f"/plans/{plan_id}/publish")
        semester.made[f"county_{kind}"] = plan_id
    for name in ("county_scheme", "county_year"):
        plan = stage.call(semester.school, "GET", _path(semester, name))
        stage.check(plan["state"] == "published", "the school does not find what was issued")


def _item(
    stage: Stage, semester: Semester, player: Player, plan_id: str, content: str, **fields: Any
) -> str:
    new = {"content": content, **semester.days.term, "trainers": "教研员", "trainees": "全体教师"}
    new |= {"progress": "每月一次", "form": "lecture", "hours": "6"} | fields
    item = stage.call(player, "POST", f"/plans/{plan_id}/items", expect=201, json=new)
    return key_of(item)


def _deadline(stage: Stage, semester: Semester) -> None:
    """The school asks its groups for their plans of the semester by a day (`set_plan_deadline`);
    `list_plans_owed` names each that has handed in nothing, and it waits in the to-do list of who leads
    the group (`list_tasks`).
    """
    days = semester.days
    new = {"kind": "semester", "owed_by": "groups", "due_on": days.after(14), **days.term}
    deadline = stage.call(
        semester.school,
        "POST",
        "/plan-deadlines",
        expect=201,
        json=new | {"unit_id": semester.school_id},
    )
    path = f"/plan-deadlines/{deadline['id']}/owed?missing=true"
    owed = [each["owner_id"] for each in stage.call(semester.school, "GET", path)]
    stage.check(semester.group_id in owed, "the group owes nothing")
    tasks = stage.call(semester.leader, "GET", "/me/tasks?kind=plan_owed")["items"]
    stage.check(len(tasks) == 1, "it does not wait for who leads the group")
    semester.made["deadline"] = key_of(deadline)


def _school_drafts(stage: Stage, semester: Semester) -> None:
    """The school derives its semester plan from the county's scheme; handed in at once it is refused
    (`plan_incomplete`) with the names of all that is missing; then it has goals, aims and an item with
    content, days, trainers, trainees and progress.
    """
    plan_id = _drafted(
        stage,
        semester.school,
        "学期校本研修计划",
        kind="semester",
        unit_id=semester.school_id,
        derived_from_id=semester.made["county_scheme"],
        **semester.days.term,
    )
    path = f"/plans/{plan_id}"
    stage.call(semester.school, "POST", f"{path}/submit", expect="plan_incomplete")
    said = {"aims": "提高阅读教学的实效", "school_goals": "建设书香校园，教学质量稳步提升"}
    stage.call(semester.school, "PATCH", path, json=said)
    semester.made["plan"] = plan_id
    semester.made["item"] = _item(stage, semester, semester.school, plan_id, "阅读教学专题研修")


def _path(semester: Semester, name: str = "plan") -> str:
    return f"/plans/{semester.made[name]}"


def _school_cites(stage: Stage, semester: Semester) -> None:
    """`add_citation`: the plan answers the survey's result, the problem and the county's diagnosis;
    `list_citations` finds the plan by what it answers.
    """
    for kind in ("survey", "problem", "diagnosis"):
        new = {"kind": kind, "cited_id": semester.made[kind], "conclusion": "列为本学期重点"}
        path = f"{_path(semester)}/citations"
        stage.call(semester.school, "POST", path, expect=201, json=new)
    path = f"/plan-citations?cited_id={semester.made['survey']}"
    found = stage.call(semester.school, "GET", path)["items"]
    stage.check(
        [each["plan_id"] for each in found] == [semester.made["plan"]],
        "the plan is not found by the survey that it answers",
    )


def _county_reviews(stage: Stage, semester: Semester) -> None:
    """Handed in (`submit_plan`) it waits in the to-do list of the county's office, which returns it with
    an opinion; the school, which may not approve it itself, hands in a second version;
    `get_plan_comparison` says how it differs; approved, published, every teacher finds it
    (`list_published_plans`), and `list_plan_coverage` of the county's scheme names it.
    """
    path = _path(semester)
    stage.call(semester.school, "POST", f"{path}/submit")
    agreed = {"opinion": "同意，请按计划实施。"}
    stage.call(semester.school, "POST", f"{path}/approve", expect=403, json=agreed)
    waiting = stage.call(semester.officer, "GET", "/me/tasks?kind=plan_to_review&limit=100")
    subjects = [each["subject_id"] for each in waiting["items"]]
    stage.check(semester.made["plan"] in subjects, "the plan does not wait for the office")
    returned = {"opinion": "请补充课后跟进的安排。"}
    stage.call(semester.officer, "POST", f"{path}/return", json=returned)
    item = {"progress": "每月一次，课后两周内跟进听课"}
    stage.call(semester.school, "PATCH", f"/plan-items/{semester.made['item']}", json=item)
    stage.call(semester.school, "POST", f"{path}/submit")
    compared = stage.call(semester.officer, "GET", f"{path}/comparison?older=1&newer=2")
    (change,) = compared["item_differences"]
    stage.note(f"{change['content']}: {change['fields'][0]['after']}")
    stage.call(semester.officer, "POST", f"{path}/approve", json=agreed)
    stage.call(semester.officer, "POST", f"{path}/approve", expect="plan_wrong_state", json=agreed)
    stage.call(semester.school, "POST", f"{path}/publish")
    published = f"/published-plans?unit_id={semester.school_id}"
    seen = stage.call(semester.teachers[0], "GET", published)["items"]
    stage.check(semester.made["plan"] in [each["id"] for each in seen], "a teacher does not see it")
    coverage = stage.call(semester.county, "GET", f"{_path(semester, 'county_scheme')}/coverage")
    (own,) = [each for each in coverage if each["unit_id"] == semester.school_id]
    stage.check(own["plan_id"] == semester.made["plan"], "the derivation is not traced")


def _amended(stage: Stage, semester: Semester) -> None:
    """`amend_plan`: the version in force stays until the amendment is approved."""
    path, new = _path(semester), {"aims": "提高阅读教学与作业设计的实效"}
    stage.call(semester.school, "POST", f"{path}/amendments", json=new)
    before = stage.call(semester.teachers[0], "GET", path)["aims"]
    opinion = {"opinion": "同意调整。"}
    stage.call(semester.officer, "POST", f"{path}/approve", json=opinion)
    after = stage.call(semester.teachers[0], "GET", path)["aims"]
    stage.check((before != after, after) == (True, new["aims"]), "not what was agreed is in force")


def _others(stage: Stage, semester: Semester) -> None:
    """A three-year plan of the school, and the plan of the group, which its leader hands in and the
    school approves; `list_plans_owed` no longer names the group.
    """
    _drafted(
        stage,
        semester.school,
        "三年师训规划",
        kind="multi_year",
        unit_id=semester.school_id,
        starts_on=semester.days.begins.isoformat(),
        ends_on=semester.days.after(1000),
    )
    group = _drafted(
        stage,
        semester.leader,
        "数学教研组学期计划",
        kind="semester",
        group_id=semester.group_id,
        aims="研究作业设计",
        derived_from_id=semester.made["plan"],
        **semester.days.term,
    )
    _item(stage, semester, semester.leader, group, "作业设计研讨", form="seminar")
    stage.call(semester.leader, "POST", f"/plans/{group}/submit")
    stage.call(semester.school, "POST", f"/plans/{group}/approve", json={"opinion": "同意实施。"})
    path = f"/plan-deadlines/{semester.made['deadline']}/owed?missing=true"
    owed = [each["owner_id"] for each in stage.call(semester.school, "GET", path)]
    stage.check(semester.group_id not in owed, "the group still owes its plan")
    semester.made["group_plan"] = group


def _individual(stage: Stage, semester: Semester) -> None:
    """A teacher's own learning plan, approved by the school; the teacher's own goal (`set_goal`), which the
    school sees; what the school expects of its teachers' growth (`set_growth_target`, `list_growth`).
    """
    teacher = semester.teachers[4]
    plan_id = _drafted(
        stage,
        teacher,
        "个人研修计划",
        kind="individual",
        teacher_id=semester.teacher_ids[4],
        aims="学会设计分层作业",
        **semester.days.term,
    )
    _item(stage, semester, teacher, plan_id, "读一本作业设计专著", form="reading")
    stage.call(teacher, "POST", f"/plans/{plan_id}/submit")
    opinion = {"opinion": "目标明确，同意。"}
    stage.call(semester.school, "POST", f"/plans/{plan_id}/approve", json=opinion)
    due = semester.days.after(120)
    goal = {"title": "上一节区级公开课", "measure": "评课优良", "due_on": due}
    made = stage.call(teacher, "POST", "/goals", expect=201, json=goal)
    seen = stage.call(semester.school, "GET", f"/goals/{made['id']}")
    stage.check(seen["title"] == goal["title"], "the school sees another goal")
    stage.call(
        semester.school,
        "POST",
        "/growth-targets",
        expect=201,
        json={
            "stage": "one_year",
            "title": "站稳讲台",
            "criteria": "备课、上课、作业、辅导常规合格",
            "unit_id": semester.school_id,
        },
    )
    path = f"/teachers/{semester.teacher_ids[4]}/growth"
    titles = [each["title"] for each in stage.call(teacher, "GET", path)]
    stage.check("站稳讲台" in titles, "the teacher does not see what is expected")


SCENES = (
    Scene(
        _county_issues,
        "县里下发实施方案与年度计划",
        "The county issues its scheme and its annual plan",
        "R48 R50 R53",
    ),
    Scene(
        _deadline,
        "学校要求各组限期报送学期计划",
        "The school asks its groups for their plans by a day",
        "R48 R201",
    ),
    Scene(
        _school_drafts,
        "学校据县方案起草学期计划，缺项不得报送",
        "The school derives its plan from the scheme; an incomplete one is refused",
        "R48 R49 R192 R194",
    ),
    Scene(
        _school_cites,
        "计划回应调研结果、教学问题与诊断",
        "The plan answers the survey, the problem and the diagnosis",
        "R44 R46 R47",
    ),
    Scene(
        _county_reviews,
        "县教研室审定：退回、比较、同意、公布",
        "The county's office returns it, compares and approves; it is published",
        "R50 R54 R201",
    ),
    Scene(_amended, "已定计划的调整", "An agreed plan is amended", "R54"),
    Scene(
        _others, "三年规划与教研组计划", "A plan of three years, and the group's plan", "R48 R52"
    ),
    Scene(
        _individual,
        "个人研修计划、发展目标与成长要求",
        "A teacher's own plan and goal, and what is expected of growth",
        "R51 R196",
    ),
)
