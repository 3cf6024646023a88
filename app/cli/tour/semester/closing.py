"""Closing: what was in doubt, what participants thought of it, the summary, and into the next plan."""

from app.cli.tour.semester.attendance import doubts
from app.cli.tour.semester.cast import Semester
from app.cli.tour.semester.holding import announce, conclude, enter
from app.cli.tour.semester.scene import Scene
from app.cli.tour.stage import Stage


def _closed(stage: Stage, semester: Semester) -> None:
    """Held and closed (`hold_activity`, `close_activity`) an activity takes no more notes and
    requests for leave (`activity_wrong_state`).
    """
    path = f"/activities/{semester.made['running']}"
    stage.call(semester.school, "POST", f"{path}/close", expect="activity_illegal_transition")
    stage.call(semester.school, "POST", f"{path}/hold")
    stage.call(semester.school, "POST", f"{path}/close")
    late = {"kind": "note", "text": "活动结束以后再交的笔记，内容与其他人的都不一样，共二十余字。"}
    stage.call(
        semester.teachers[0], "POST", f"{path}/notes", expect="activity_wrong_state", json=late
    )
    leave = f"/sessions/{semester.made['running_session']}/leaves"
    reason = {"reason": "当日身体不适"}
    stage.call(semester.teachers[5], "POST", leave, expect="activity_wrong_state", json=reason)


def _evaluated(stage: Stage, semester: Semester) -> None:
    """Closing has opened an anonymous evaluation by those who were there (`list_offered_surveys`), and
    asks the organiser for a summary, which waits in the to-do list until it is written
    (`summarise_activity`).
    """
    path = f"/evaluations?activity_id={semester.made['running']}"
    (evaluation,) = stage.call(semester.school, "GET", path)["items"]
    survey_id = evaluation["survey_id"]
    offered = stage.call(semester.teachers[0], "GET", "/offered-surveys")["items"]
    stage.check(survey_id in [each["id"] for each in offered], "who was there is not asked")
    absent = stage.call(semester.teachers[5], "GET", "/offered-surveys")["items"]
    stage.check(survey_id not in [each["id"] for each in absent], "who was not there is asked")
    tasks = "/me/tasks?kind=activity_to_summarise"
    waiting = stage.call(semester.school, "GET", tasks)["items"]
    summary = {
        "summary": "六人参加，研讨了阅读策略的教学。",
        "effects": "两位教师已改写教案并试教。",
        "problems": "讨论时间不足。",
        "next_steps": "下学期安排第二次研讨并跟进听课。",
    }
    activity = f"/activities/{semester.made['running']}/summary"
    stage.call(semester.school, "POST", activity, json=summary)
    left = stage.call(semester.school, "GET", tasks)["items"]
    stage.check(len(left) == len(waiting) - 1, "the summary still waits")
    semester.made["evaluation"] = evaluation["id"]


def _next_plan(stage: Stage, semester: Semester) -> None:
    """The plan of the next semester cites the evaluation and the last plan (`add_citation`)."""
    ends_on = semester.days.ends.isoformat()
    new = {
        "kind": "semester",
        "title": "下学期校本研修计划",
        "unit_id": semester.school_id,
        "starts_on": ends_on,
        "ends_on": semester.days.after(250),
    }
    plan = stage.call(semester.school, "POST", "/plans", expect=201, json=new)
    path = f"/plans/{plan['id']}/citations"
    for kind, key in (("evaluation", "evaluation"), ("plan", "plan")):
        cited = {"kind": kind, "cited_id": semester.made[key], "conclusion": "讨论时间不足，须改进"}
        stage.call(semester.school, "POST", path, expect=201, json=cited)
    again = {"kind": "plan", "cited_id": semester.made["plan"]}
    stage.call(semester.school, "POST", path, expect="citation_exists", json=again)


def _carried_out(stage: Stage, semester: Semester) -> None:
    """The plan's item is carried out by an activity with speaker and record (`link_plan_activity`);
    `list_study_items` reads the four haves from what is there, and `get_plan_progress` holds the plan
    against what was done; `summarise_plan` adds words.
    """
    held = announce(stage, semester, "阅读教学专题讲座", [semester.days.over(42)])
    linked = {"activity_id": held.id}
    item = f"/plan-items/{semester.made['item']}/activities"
    stage.call(semester.school, "POST", item, expect=201, json=linked)
    stage.call(semester.school, "POST", item, expect="activity_planned", json=linked)
    speaker = {"role": "speaker", "teacher_id": semester.teacher_ids[0]}
    stage.call(semester.school, "POST", f"{held.path}/staff", expect=201, json=speaker)
    enter(stage, semester, held, semester.teacher_ids[1:])
    conclude(stage, semester, held)
    path = f"/units/{semester.school_id}/study-items?{semester.days.period}&limit=100"
    items = stage.call(semester.school, "GET", path)["items"]
    (own,) = [each for each in items if each["id"] == held.id]
    haves = [own[f"has_{each}"] for each in ("plan", "time", "speaker", "record")]
    stage.check(all(haves), "one of the four is missing")
    lacking = stage.call(semester.school, "GET", f"{path}&lacks=plan")["items"]
    stage.check(held.id not in [each["id"] for each in lacking], "it is told to lack a plan")
    plan = f"/plans/{semester.made['plan']}"
    progress = stage.call(semester.school, "GET", f"{plan}/progress")
    stage.check(
        (progress["items_planned"], progress["items_held"], progress["person_times"]) == (1, 1, 5),
        "plan and execution are held against each other wrongly",
    )
    stage.note(
        f"计划 / planned {progress['hours_planned']} h，实际 / held {progress['hours_held']} h"
    )
    words = {"summary": "按计划开展阅读教学专题研修，五人次参加，效果良好。"}
    stage.call(semester.school, "POST", f"{plan}/summary", json=words)
    semester.made["carried_out"] = held.id


def _recognised(stage: Stage, semester: Semester) -> None:
    """The county recognises the closed activity (`recognise_activity`), each participant once; corrected
    is then nothing before the entry is reversed (`attendance_credited`).
    """
    path = f"/activities/{semester.made['carried_out']}"
    done = stage.call(semester.county, "POST", f"{path}/recognition")
    stage.check(done["entered"] == 5, "not everybody who was there")
    again = stage.call(semester.county, "POST", f"{path}/recognition")
    stage.check((again["entered"], again["already_entered"]) == (0, 5), "entered twice")
    rows = stage.call(semester.school, "GET", f"{path}/attendance")["items"]
    correct = f"/attendance/{rows[0]['id']}/correct"
    absent = {"status": "absent", "reason": "事后查实未到"}
    stage.call(semester.school, "POST", correct, expect="attendance_credited", json=absent)


SCENES = (
    Scene(_closed, "活动办结，逾期不补", "An activity is closed, and takes nothing more", "R85"),
    Scene(
        doubts,
        "考勤疑点：一机多人，只核查不处罚",
        "A doubt about attendance: one device, two people; looked into, never a penalty",
        "R85",
    ),
    Scene(
        _evaluated,
        "参与者匿名评价，主办者总结",
        "Participants evaluate without names, the organiser sums up",
        "R59 R193",
    ),
    Scene(_next_plan, "评价结果进入下学期计划", "The evaluation enters the next plan", "R44 R193"),
    Scene(
        _carried_out,
        "四有与计划完成情况",
        "The four haves, and the plan against what was done",
        "R57 R59",
    ),
    Scene(
        _recognised,
        "县里认定，每人一次",
        "The county recognises it, everybody once",
        "R75",
    ),
)
