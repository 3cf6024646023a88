"""What is seen at the end: the board, inspections, quotas, assessments, notices, calendars, to-do lists."""

from typing import Any

from app.cli.tour.semester.cast import Semester, open_account
from app.cli.tour.semester.scene import Scene
from app.cli.tour.stage import Stage


def _board(stage: Stage, semester: Semester) -> None:
    """`list_board_lines` of the school, group by group, and of the county, unit by unit: planned, held,
    noted, checked; `list_board_activities` names the activities behind a figure.
    """
    period = semester.days.period
    path = f"/units/{semester.county_id}/board?by=units&{period}"
    (own,) = [
        each
        for each in stage.call(semester.county, "GET", path)
        if each["owner_id"] == semester.school_id
    ]
    stage.check((own["planned"], own["carried_out"]) == (2, 1), "the plan is counted wrongly")
    stage.check(own["checked"] == 1, "what the school checked is counted wrongly")
    shown = ("activities", "held", "noted", "closed", "recognised")
    stage.note("，".join(f"{name} {own[name]}" for name in shown))
    path = f"/units/{semester.school_id}/board?by=groups&{period}"
    lines = {each["owner_id"]: each for each in stage.call(semester.school, "GET", path)}
    stage.check(lines[semester.group_id]["activities"] == 1, "the group has other activities")
    path = f"/board-activities?unit_id={semester.school_id}&figure=closed&{period}&limit=100"
    behind = stage.call(semester.school, "GET", path)["items"]
    stage.check(len(behind) == own["closed"], "the figure and what is behind it disagree")


def _inspected(stage: Stage, semester: Semester) -> None:
    """The school inspects the group (`inspect_group`); it waits for who leads the group, who answers; the
    school closes it, and `list_group_inspection_counts` counts it.
    """
    new = {
        "inspected_on": semester.days.after(0),
        "inspectors": "教导处",
        "plans": "good",
        "records": "excellent",
        "findings": "活动按计划开展，记录完整。",
        "suggestions": "增加课后跟进听课。",
        "due_on": semester.days.after(14),
    }
    path = f"/groups/{semester.group_id}/inspections"
    inspection = stage.call(semester.school, "POST", path, expect=201, json=new)
    tasks = stage.call(semester.leader, "GET", "/me/tasks?kind=group_inspection_to_answer")
    stage.check(len(tasks["items"]) == 1, "it does not wait for who leads the group")
    answer = {"answer": "下月起每人跟进听课一节。"}
    answered = f"/group-inspections/{inspection['id']}"
    stage.call(semester.leader, "POST", f"{answered}/answer", json=answer)
    conclusion = {"conclusion": "已落实。"}
    stage.call(semester.school, "POST", f"{answered}/close", json=conclusion)
    path = f"/units/{semester.school_id}/group-inspection-counts?{semester.days.period}"
    counts = {each["group_id"]: each for each in stage.call(semester.school, "GET", path)}
    own = counts[semester.group_id]
    stage.check((own["inspections"], own["closed"]) == (1, 1), "it is counted otherwise")


def _quotas(stage: Stage, semester: Semester) -> None:
    """Two lessons a semester are to be observed (`set_observation_quota`); what was recorded counts
    (`get_teacher_observations_due`): one is done, one is missing.
    """
    new = {"role": "teacher", "term": "semester", "lessons": 2}
    new["valid_from"] = semester.days.begins.isoformat()
    path = f"/units/{semester.school_id}/observation-quotas"
    stage.call(semester.school, "POST", path, expect=201, json=new)
    term = "&".join(f"{name}={day}" for name, day in semester.days.term.items())
    path = f"/teachers/{semester.teacher_ids[0]}/observations-due?term=semester&{term}"
    due = stage.call(semester.teachers[0], "GET", path)
    stage.check((due["required"], due["done"], due["missing"]) == (2, 1, 1), "counted otherwise")
    path = f"/units/{semester.school_id}/observations-due?{term}&missing=true"
    behind = stage.call(semester.school, "GET", path)
    stage.check(len(behind) == len(semester.teachers), "others are behind")


def _assessed(stage: Stage, semester: Semester) -> None:
    """What the school asks of everybody and of one layer (`set_assessment_requirement`), of a year and of
    a semester; `list_school_reached` counts it; `record_assessment` enters the judgement into the file,
    where the teacher finds it with its figures.
    """
    base = f"/units/{semester.school_id}"
    since = {"valid_from": semester.days.begins.isoformat()}
    for new in (
        {"measure": "hours", "term": "semester", "amount": "1"},
        {"measure": "observations", "term": "semester", "amount": "3", "stratum": "in_service"},
        {"measure": "notes", "term": "year", "amount": "2"},
    ):
        path = f"{base}/assessment-requirements"
        stage.call(semester.school, "POST", path, expect=201, json=new | since)
    days = {"starts_on": semester.days.begins.isoformat(), "ends_on": semester.days.after(-1)}
    term = "&".join(f"{name}={day}" for name, day in days.items())
    reached = stage.call(semester.school, "GET", f"{base}/assessment-figures?term=semester&{term}")
    own = [each for each in reached if each["teacher_id"] == semester.teacher_ids[1]]
    stage.note("；".join(f"{each['measure']} {each['reached']}/{each['needed']}" for each in own))
    hours = [each["met"] for each in own if each["measure"] == "hours"]
    stage.check(hours == [True], "the hours are counted otherwise")
    judged: dict[str, Any] = {"term": "semester", "judgement": "qualified", **days}
    path = f"/teachers/{semester.teacher_ids[1]}/assessments"
    assessment = stage.call(semester.school, "POST", path, expect=201, json=judged)
    figures = stage.call(semester.teachers[1], "GET", f"/assessments/{assessment['id']}/figures")
    stage.check(bool(figures), "the teacher does not find the figures")


def _shares(stage: Stage, semester: Semester) -> None:
    """`list_content_shares`: how much of what its teachers attended belongs to each family, and whether
    ethics comes first, with numerator and denominator.
    """
    path = f"/units/{semester.school_id}/content-shares?{semester.days.period}"
    shares = stage.call(semester.school, "GET", path)
    first = shares[0]
    stage.check(first["family"] == "ethics", "ethics does not come first in the list")
    stage.check(float(first["hours"]) > 0, "the training in ethics is not counted")
    for each in shares:
        stage.note(f"{each['family']}: {each['hours']}/{each['of_hours']} h")


def _notice(stage: Stage, semester: Semester) -> None:
    """The school sends a notice that each teacher confirms (`create_notice`, `publish_notice`,
    `confirm_notice`); it waits in the to-do list of those who have not, and `list_notice_receipts` counts.
    """
    new = {
        "title": "关于做好期末研修总结的通知",
        "text": "请各组于两周内上交总结。",
        "receipt": "people",
        "due_on": semester.days.after(14),
        "unit_id": semester.school_id,
        "audience": [semester.school_id],
    }
    notice = stage.call(semester.school, "POST", "/notices", expect=201, json=new)
    path = f"/notices/{notice['id']}"
    stage.call(semester.school, "POST", f"{path}/publish")
    teacher = semester.teachers[0]
    received = stage.call(teacher, "GET", "/me/notices")["items"]
    stage.check(notice["id"] in [each["id"] for each in received], "it has not come")
    stage.call(teacher, "POST", f"{path}/confirm")
    left = [
        stage.call(each, "GET", "/me/tasks?kind=notice_to_confirm")["items"]
        for each in semester.teachers[:2]
    ]
    stage.check([len(each) for each in left] == [0, 1], "it waits for others")
    (receipt,) = stage.call(semester.school, "GET", f"{path}/receipts")
    stage.check(receipt["confirmations"] == 1, "not one has confirmed it")


def _calendar(stage: Stage, semester: Semester) -> None:
    """`create_calendar_link`: a calendar program reads a secret address without a token; revoked, it is
    not there any more.
    """
    teacher = semester.teachers[0]
    own = {"about": "own"}
    link = stage.call(teacher, "POST", "/me/calendar-links", expect=201, json=own)
    content = stage.visit("calendar", "GET", link["path"], quiet=True).text
    stage.check("BEGIN:VEVENT" in content and semester.stamp in content, "no event is in it")
    stage.call(teacher, "POST", f"/me/calendar-links/{link['id']}/revoke")
    stage.visit("calendar", "GET", link["path"], expect="calendar_link_not_found", quiet=True)


def _handed_over(stage: Stage, semester: Semester) -> None:
    """The clerk changes: the successor's account finds the same list (`list_tasks`, `list_task_counts`)
    on the same day, and nothing is handed over.
    """
    path = "/me/tasks?limit=100"
    before = stage.call(semester.school, "GET", path)["items"]
    successor = open_account(
        stage, semester.county, f"next.{semester.stamp}", "school_admin", semester.school_id
    )
    after = stage.call(successor, "GET", path)["items"]
    keys = [[(each["kind"], each["subject_id"]) for each in found] for found in (before, after)]
    stage.check(keys[0] == keys[1] != [], "the successor finds another list")
    counts = stage.call(successor, "GET", "/me/task-counts")
    stage.note("；".join(f"{each['kind']} {each['tasks']}" for each in counts))


SCENES = (
    Scene(_board, "过程监督看板", "The board: planned, held, noted, checked", "R88 R89"),
    Scene(_inspected, "教研组检查指导", "A group is inspected", "R188 R201"),
    Scene(_quotas, "听课任务", "Observation quotas", "R206"),
    Scene(
        _assessed,
        "分层考核要求与学期考核",
        "What is asked of each layer, and a semester's assessment",
        "R56 R195",
    ),
    Scene(
        _shares, "各类内容的占比，师德为先", "The share of each content, ethics first", "R77 R79"
    ),
    Scene(_notice, "通知与回执", "A notice, and who has confirmed it", "R201"),
    Scene(_calendar, "日历订阅", "A calendar by a secret address", "R58"),
    Scene(_handed_over, "经办人变更，待办照旧", "The clerk changes, the list stays", "R201"),
)
