"""Needs: what teachers and parents are asked, what teachers state, what the county diagnoses."""

from typing import Any
from uuid import uuid4

from app.cli.tour.semester.cast import Semester, key_of
from app.cli.tour.semester.scene import Scene
from app.cli.tour.stage import Stage

_OPTIONS = [
    {"code": "reading", "text": "阅读教学"},
    {"code": "homework", "text": "作业设计"},
    {"code": "technology", "text": "信息技术"},
]
_QUESTIONS = [
    {"code": "topic", "kind": "single_choice", "text": "最需要的研训主题", "options": _OPTIONS},
    {"code": "often", "kind": "scale", "text": "现有活动的针对性", "minimum": 1, "maximum": 5},
]


def _surveyed(stage: Stage, semester: Semester, title: str, breakdowns: list[str]) -> str:
    """An anonymous survey of the school, opened now."""
    new = {
        "purpose": "needs",
        "title": title,
        "anonymous": True,
        "breakdowns": breakdowns,
        "opens_at": (semester.days.running[0]).isoformat(),
        "closes_at": (semester.days.running[1]).isoformat(),
        "unit_id": semester.school_id,
        "audience": [semester.school_id],
        "questions": _QUESTIONS,
    }
    survey = stage.call(semester.school, "POST", "/surveys", expect=201, json=new)
    stage.call(semester.school, "POST", f"/surveys/{survey['id']}/open")
    return key_of(survey)


def _answers(topic: str, often: int) -> dict[str, Any]:
    return {
        "answers": [
            {"question": "topic", "choices": [topic]},
            {"question": "often", "number": often},
        ]
    }


def _shown(stage: Stage, semester: Semester, survey_id: str) -> dict[str, Any]:
    """What a closed survey has shown, as the school sees it."""
    stage.call(semester.school, "GET", f"/surveys/{survey_id}/results", expect="survey_still_open")
    stage.call(semester.school, "POST", f"/surveys/{survey_id}/close")
    results: dict[str, Any] = stage.call(semester.school, "GET", f"/surveys/{survey_id}/results")
    return results


def _teachers(stage: Stage, semester: Semester) -> None:
    """`create_survey`, `open_survey`; each teacher answers once (`answer_survey`, then
    `survey_already_answered`); `get_survey_results` only after `close_survey`, and of six answers
    none is shown by rank, for each rank has fewer than five.
    """
    survey_id = _surveyed(stage, semester, "教师研训需求调研", ["rank", "subject"])
    path = f"/surveys/{survey_id}/answers"
    for number, teacher in enumerate(semester.teachers):
        content = _answers("reading" if number < 4 else "homework", 3)
        stage.call(teacher, "POST", path, expect=201, json=content)
    again = _answers("technology", 1)
    stage.call(semester.teachers[0], "POST", path, expect="survey_already_answered", json=again)
    results = _shown(stage, semester, survey_id)
    stage.check(results["responses"] == len(semester.teachers), "not every answer is there")
    hidden = {each["by"]: each["hidden_groups"] for each in results["breakdowns"]}
    stage.check(all(hidden.values()), "a group of fewer than five is shown")
    stage.note(f"答卷 / answers {results['responses']}；小样本隐藏 / hidden: {hidden}")
    semester.made["survey"] = survey_id


def _parents(stage: Stage, semester: Semester) -> None:
    """`create_survey_link`: parents answer a signed address without an account
    (`get_survey_form`, `answer_survey_form`); a form sent twice counts once, a token for one is used
    up (`survey_form_not_found`); the results by stage are shown where five have answered.
    """
    survey_id = _surveyed(stage, semester, "家长研训需求调研", ["stage"])
    path, links = f"/surveys/{survey_id}/links", []
    for kind in ("shared", "single"):
        new = {"school_id": semester.school_id, "kind": kind, "tokens": 1}
        link = stage.call(semester.school, "POST", path, expect=201, json=new)
        links.append(f"/survey-forms/{link['issued'][0]}")
    shared, single = links
    form = stage.visit("parent", "GET", shared).json()
    stage.check(form["stages"] == ["primary", "junior_secondary"], "the stages are others")
    stages = ["primary"] * 6 + ["junior_secondary"] * 5
    forms = [_answers("homework", 3) | {"submission": str(uuid4()), "stage": one} for one in stages]
    for number, sent in enumerate(forms):
        stage.visit("parent", "POST", shared, expect=201, json=sent, quiet=number > 0)
    stage.visit("parent", "POST", shared, expect="survey_already_answered", json=forms[0])
    once = _answers("reading", 4) | {"submission": str(uuid4()), "stage": "primary"}
    stage.visit("parent", "POST", single, expect=201, json=once)
    other = once | {"submission": str(uuid4())}
    stage.visit("parent", "POST", single, expect="survey_form_not_found", json=other)
    results = _shown(stage, semester, survey_id)
    stage.check(results["responses"] == 12, "a form that was sent twice was counted twice")
    (by_stage,) = results["breakdowns"]
    stage.check(by_stage["hidden_groups"] == 0, "a stage of five answers is hidden")
    stage.call(semester.school, "POST", f"/surveys/{survey_id}/publish")
    seen = stage.call(semester.teachers[0], "GET", f"/surveys/{survey_id}/results")
    stage.check(seen["responses"] == 12, "what was published is not seen by a teacher")


def _problems(stage: Stage, semester: Semester) -> None:
    """Two teachers `state_problem`; the school takes one in (`take_in_problem`), joins the other with it
    (`merge_problem`), and `list_problem_counts` counts it once.
    """
    keys = []
    for teacher, statement in zip(
        semester.teachers[:2],
        ("学生课外阅读量不足，缺少有效的指导方法", "怎样指导学生的课外阅读"),
        strict=False,
    ):
        new = {"statement": statement, "subject": "chinese", "stage": "primary", "tags": ["阅读"]}
        keys.append(key_of(stage.call(teacher, "POST", "/problems", expect=201, json=new)))
    kept, joined = keys
    stage.call(semester.school, "POST", f"/problems/{kept}/take-in")
    stage.call(semester.school, "POST", f"/problems/{joined}/merge", json={"into_id": kept})
    reply = {"reply": "列入本学期研修专题，由语文组牵头研究。"}
    stage.call(semester.school, "POST", f"/problems/{kept}/answer", json=reply)
    counts = stage.call(semester.school, "GET", f"/units/{semester.school_id}/problem-counts")
    stage.check([each["problems"] for each in counts] == [1], "the two are not counted as one")
    semester.made["problem"] = kept


def _diagnosis(stage: Stage, semester: Semester) -> None:
    """The county records what it found (`record_diagnosis`) on the strength of the survey, the school
    answers with measures and their days (`answer_diagnosis`), and `list_diagnosis_dues` names the
    day of the next.
    """
    days = semester.days
    new = {
        "diagnosed_on": days.after(0),
        "period_from": days.after(-49),
        "period_to": days.after(0),
        "strengths": "教研组活动有计划，教师参与面广。",
        "problems": "研修记录不够完整，缺少对课堂的跟进。",
        "suggestions": "把调研结果写入计划，落实听课反思。",
        "next_due_on": days.after(180),
        "findings": [{"aspect": "evidence", "finding": "部分活动没有反思。"}],
        "survey_ids": [],
    }
    path = f"/units/{semester.school_id}/diagnoses"
    diagnosis = stage.call(semester.county, "POST", path, expect=201, json=new)
    answer = {
        "answer": "已组织教研组对照整改。",
        "measures": [{"measure": "每次活动后一周内交反思", "due_on": days.after(30)}],
    }
    answered = f"/diagnoses/{diagnosis['id']}/answer"
    stage.call(semester.school, "POST", answered, json=answer)
    stage.call(semester.school, "POST", answered, expect="diagnosis_answered", json=answer)
    dues = stage.call(semester.county, "GET", f"/units/{semester.county_id}/diagnosis-dues")
    (own,) = [each for each in dues if each["unit_id"] == semester.school_id]
    stage.check(own["answered"] and not own["overdue"], "the diagnosis waits for an answer")
    stage.note(f"下次诊断 / the next by {own['next_due_on']}")
    semester.made["diagnosis"] = key_of(diagnosis)


SCENES = (
    Scene(
        _teachers,
        "教师需求调研：匿名，每人一次，小样本不显示",
        "Teachers are surveyed: without names, once each, small cells hidden",
        "R43 R45",
    ),
    Scene(
        _parents,
        "家长凭链接作答，无需账号",
        "Parents answer by a link, without an account",
        "R43 R45",
    ),
    Scene(
        _problems,
        "问题即课题：征集教学问题",
        "Problems become topics: they are stated, taken in and joined",
        "R46",
    ),
    Scene(
        _diagnosis,
        "县里诊断学校的校本培训，学校答复",
        "The county diagnoses the school's training, the school answers",
        "R47",
    ),
)
