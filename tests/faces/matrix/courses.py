"""The rows of courses, their reviews and citations, their runs and classes; of self-studies."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Row

READ, WRITE, REVIEW = Permission.COURSE_READ, Permission.COURSE_WRITE, Permission.COURSE_REVIEW
_SAYS = fixed(opinion="同意开设")
_COURSES = ("course", "course_offered", "course_waiting")
_RUNS = ("course_run", "course_run_ended", "course_run_offered")
_COURSE = {
    "title": "课堂提问的设计", "origin": "own", "kind": "workshop", "mode": "concentrated",
    "channel": "school_based", "hours": "4",
}  # fmt: skip
_RUN = {
    "name": "2026年秋季", "school_year": 2026, "starts_on": "2026-11-01", "ends_on": "2026-12-31",
}  # fmt: skip
_STUDY = {
    "title": "提问策略研究", "question": "怎样追问？", "starts_on": "2026-09-01",
    "ends_on": "2027-06-30",
}  # fmt: skip

ROWS: dict[str, Row | Listing | Open] = {
    "list_courses": Listing(_COURSES, READ),
    "list_published_courses": Listing(_COURSES, None, published=True),
    "get_training_course": Row("course_offered", READ, reads=True),
    "create_course": Row("unit", WRITE, in_body=True, body=of_unit(**_COURSE)),
    "update_course": Row("course", WRITE, body=fixed(title="改名")),
    "list_course_versions": Row("course_offered", READ),
    "get_course_comparison": Row("course_offered", READ, absent="course_version_not_found"),
    "list_course_reviews": Row("course_offered", READ),
    "submit_course": Row("course", WRITE),
    "revise_course": Row("course_offered", WRITE, body=fixed(title="改名")),
    "withdraw_course": Row("course_waiting", WRITE),
    "return_course": Row("course_waiting", REVIEW, body=_SAYS),
    "approve_course": Row("course_waiting", REVIEW, body=_SAYS),
    "publish_course": Row("course_waiting", WRITE),
    "retire_course": Row("course_offered", WRITE, body=fixed(reason="内容已过时")),
    "list_course_citations": Listing(("course_citation",), READ),
    "add_course_citation": Row(
        "course", WRITE, also="activity", absent="activity_not_found",
        body=lambda activity_id: {"kind": "activity", "cited_id": str(activity_id)},
    ),
    "remove_course_citation": Row("course_citation", WRITE),
    "list_course_runs": Listing(_RUNS, READ),
    "list_offered_course_runs": Listing(_RUNS, None, published=True),
    "get_course_run": Row("course_run_offered", READ, reads=True),
    "get_course_run_figures": Row("course_run_offered", READ),
    "open_course_run": Row(
        "course_offered", WRITE, also="unit", absent="unit_not_found",
        body=lambda unit_id: {**_RUN, "unit_id": str(unit_id)},
    ),
    "update_course_run": Row("course_run", WRITE, body=fixed(name="冬季班")),
    "conclude_course_run": Row("course_run", WRITE, body=fixed(summary="已完成")),
    "cancel_course_run": Row("course_run", WRITE, body=fixed(summary="报名不足")),
    "judge_course_run": Row(
        "course_run_ended", REVIEW, body=fixed(rating="good", opinion="完成了目标")
    ),
    "list_course_classes": Listing(("course_class",), READ),
    "list_offered_course_classes": Listing(("course_class",), None, published=True),
    "open_course_class": Row("course_run", WRITE, body=fixed(name="一班")),
    "list_self_studies": Listing(("self_study",), Permission.PLAN_READ),
    "get_self_study": Row("self_study", Permission.PLAN_READ),
    "list_self_study_milestones": Row("self_study", Permission.PLAN_READ),
    "draft_self_study": Row("teacher", Permission.PLAN_WRITE, body=fixed(**_STUDY)),
    "update_self_study": Row("self_study", Permission.PLAN_WRITE, body=fixed(title="新题目")),
    "submit_self_study": Row("self_study", Permission.PLAN_WRITE),
    "decide_self_study": Row(
        "self_study", Permission.PLAN_REVIEW, body=fixed(agreed=True, opinion="同意")
    ),
    "report_self_study_milestone": Row(
        "self_study_milestone", Permission.PLAN_WRITE, body=fixed(report="读了十二篇文献并写了综述。")
    ),
    "report_self_study": Row(
        "self_study", Permission.PLAN_WRITE, body=fixed(conclusion="形成了追问的三个层次。")
    ),
    "end_self_study": Row("self_study", Permission.PLAN_WRITE, body=fixed(reason="另选题目")),
}  # fmt: skip
