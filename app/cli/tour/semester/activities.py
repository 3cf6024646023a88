"""Activities: their forms, their steps, their series, and a trainer's plan."""

from app.cli.tour.semester.cast import Semester, key_of
from app.cli.tour.semester.holding import announce, draft, enter, form_of
from app.cli.tour.semester.scene import Scene
from app.cli.tour.stage import Stage

_NAMED = {
    "lecture", "daily_lesson", "mutual_lesson", "seminar_lesson", "demonstration_lesson",
    "report_lesson", "five_step_planning", "same_lesson_different_designs", "lesson_polishing",
    "subject_seminar", "teacher_forum", "academic_salon", "reading_salon", "brainstorming",
    "remote_study", "study_visit", "teaching_to_countryside", "tour_teaching", "area_contest",
    "treasure_cup", "courseware_contest", "action_research", "probation", "meeting_as_training",
    "curriculum_standard_training", "ict_training", "summer_training", "off_job_training",
    "online_course", "post_practice", "mentor_team", "overseas_study",
}  # fmt: skip
"""What the documents name by name."""

_GATHERINGS = (
    "subject_seminar",
    "teacher_forum",
    "project_salon",
    "reading_salon",
    "brainstorming",
    "meeting_as_training",
    "ethics_training",
    "curriculum_standard_training",
    "ict_training",
    "probation",
)

_STEPPED = {
    "five_step_planning": 5,
    "action_research": 5,
    "same_lesson_different_designs": 3,
    "lesson_polishing": 3,
    "remote_study": 2,
}
"""Forms with so many steps that must not be left out."""

_PLANNED = {"content": ["instructional_design", "teaching_methods"]}


def _vocabulary(stage: Stage, semester: Semester) -> None:
    """`list_forms` has every form that the documents name, with its steps, its sources and what has to
    be left of it; `list_content_kinds` places every content in families, areas and aspects.
    """
    path = "/activity-forms?in_force=true&limit=100"
    forms = {each["code"]: each for each in stage.call(semester.school, "GET", path)["items"]}
    stage.check(forms.keys() >= _NAMED, f"missing: {_NAMED - forms.keys()}")
    for code, steps in _STEPPED.items():
        required = [each for each in forms[code]["steps"] if each["required"]]
        stage.check(len(required) == steps, f"{code} has another number of steps")
    stage.check(all(each["sources"] for each in forms.values()), "a form has no source")
    kinds = {each["code"]: each for each in stage.call(semester.school, "GET", "/content-kinds")}
    for code in ("language_and_script", "scientific_literacy", "academic_assessment"):
        stage.check(code in kinds, f"{code} is missing")
    families = {each["family"]["code"] for each in kinds.values() if each["family"]}
    stage.check(len(families) >= 4, "the families are others")
    stage.note(f"{len(forms)} 种活动样式 / forms，{len(kinds)} 类内容 / kinds of content")


def _outside_form(stage: Stage, semester: Semester) -> None:
    """`create_activity` of a form in a mode or a channel that the form does not have is refused
    (`activity_outside_form`); off-job training is off the job.
    """
    form = form_of(stage, semester, "off_job_training")
    day = semester.days.after(7)
    new = {
        "title": f"骨干教师脱产研修 {semester.stamp}",
        "kind": form["kind"],
        "form_id": form["id"],
        "mode": "concentrated",
        "channel": "school_based",
        "content": ["teaching_methods"],
        "hours": "40",
        "starts_on": day,
        "ends_on": day,
        "organiser_unit_id": semester.school_id,
    }
    stage.call(semester.school, "POST", "/activities", expect="activity_outside_form", json=new)
    right = new | {"mode": "off_job", "channel": "off_job"}
    stage.call(semester.school, "POST", "/activities", expect=201, json=right)


def _lectures(stage: Stage, semester: Semester) -> None:
    """A group's series (`create_series`, `choose_series`) with a lecture of two sessions; a session that
    lies in the time of another is refused (`sessions_overlap`), one outside the days, too; who speaks
    and who is in charge are named (`add_staff`); `record_attendance` enters who was there.
    """
    days, leader, series_id = semester.days, semester.leader, _series(stage, semester)
    form = form_of(stage, semester, "lecture_series")
    held = draft(
        stage,
        semester,
        "作业设计第一讲",
        [days.over(1), days.over(2)],
        by=leader,
        form_id=form["id"],
        content=["teaching_methods", "academic_assessment"],
        organiser_group_id=semester.group_id,
    )
    starts_at, ends_at = days.over(1)
    again = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat(), "hours": "1.00"}
    sessions = f"{held.path}/sessions"
    stage.call(leader, "POST", sessions, expect="sessions_overlap", json=again)
    starts_at, ends_at = days.coming(1, 9)
    late = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat(), "hours": "1.00"}
    stage.call(leader, "POST", sessions, expect="session_outside_activity", json=late)
    stage.call(leader, "PUT", f"{held.path}/series", json={"series_id": series_id})
    for new in (
        {"role": "speaker", "name": "李教研员", "unit": "县教研室"},
        {"role": "person_in_charge", "teacher_id": semester.teacher_ids[4]},
    ):
        stage.call(leader, "POST", f"{held.path}/staff", expect=201, json=new)
    stage.call(leader, "POST", f"{held.path}/publish")
    enter(stage, semester, held, semester.teacher_ids[3:], by=leader)
    path = f"/activities?series_id={series_id}"
    found = [each["id"] for each in stage.call(leader, "GET", path)["items"]]
    stage.check(found == [held.id], "the series has another activity")
    semester.made["lecture"] = held.id
    semester.made["lecture_session"] = held.session_ids[0]


def _series(stage: Stage, semester: Semester) -> str:
    """A series of the group."""
    new = {
        "title": f"作业设计系列讲座 {semester.stamp}",
        "goal": "人人会设计分层作业",
        "organiser_group_id": semester.group_id,
    }
    return key_of(stage.call(semester.leader, "POST", "/series", expect=201, json=new))


def _gatherings(stage: Stage, semester: Semester) -> None:
    """Forums, salons, brainstorming, a meeting used as training, training in ethics, in curriculum
    standards and in information technology, a probationer's year: each an activity of its form, published
    by the school; who was at the training in ethics is entered.
    """
    for number, code in enumerate(_GATHERINGS):
        form = form_of(stage, semester, code)
        steps = [each["code"] for each in form["steps"] if each["required"]]
        held = announce(
            stage,
            semester,
            form["name_zh"],
            [semester.days.over(45 + number)],
            steps=steps,
            kind=form["kind"],
            form_id=form["id"],
            content=form["content"][:1] or ["education_research"],
        )
        activity = stage.call(semester.teachers[0], "GET", held.path)
        stage.check(activity["form_id"] == form["id"], "it has another form")
        if code == "ethics_training":
            enter(stage, semester, held, semester.teacher_ids)


def _steps(stage: Stage, semester: Semester) -> None:
    """Five-step planning, lessons of one topic by several teachers, action research and remote study,
    each with a session for each step; one that leaves a step out is not published
    (`activity_steps_missing`), and `list_steps` tells how far an activity has come.
    """
    days = semester.days
    form = form_of(stage, semester, "five_step_planning")
    codes = [each["code"] for each in form["steps"]]
    asked = {"form_id": form["id"], "kind": form["kind"], **_PLANNED}
    short = draft(stage, semester, "三步备课", [days.over(n) for n in (3, 4, 5)],
                  steps=codes[:3], **asked)  # fmt: skip
    stage.call(semester.school, "POST", f"{short.path}/publish", expect="activity_steps_missing")
    stage.call(semester.school, "POST", f"{short.path}/cancel")
    for code, title in (
        ("five_step_planning", "五步集体备课"),
        ("same_lesson_different_designs", "同课异构"),
        ("action_research", "作业设计行动研究"),
        ("remote_study", "远程研修与分组研讨"),
    ):
        form = form_of(stage, semester, code)
        named = [each["code"] for each in form["steps"] if each["required"]]
        fields = {"form_id": form["id"], "kind": form["kind"]}
        fields["content"] = form["content"][:1] or ["teaching_methods"]
        held = announce(
            stage,
            semester,
            title,
            [days.over(3 + number) for number in range(len(named))],
            steps=named,
            **fields,
        )
        steps = stage.call(semester.teachers[0], "GET", f"{held.path}/steps")
        done = [each["code"] for each in steps if each["is_done"]]
        stage.check(done == named, "a step whose session is over is not done")
        semester.made[code] = held.id


def _lessons(stage: Stage, semester: Semester) -> None:
    """The five kinds of lessons that are observed, each a form of its own with a demonstrator
    (`add_staff`).
    """
    codes = [f"{each}_lesson" for each in ["daily", "mutual", "seminar", "demonstration", "report"]]
    for number, code in enumerate(codes):
        form = form_of(stage, semester, code)
        required = [each["code"] for each in form["steps"] if each["required"]]
        held = draft(
            stage,
            semester,
            form["name_zh"],
            [semester.days.over(10 + 3 * number + each) for each in range(len(required))],
            steps=required,
            kind=form["kind"],
            form_id=form["id"],
        )
        new = {"role": "demonstrator", "teacher_id": semester.teacher_ids[0]}
        stage.call(semester.school, "POST", f"{held.path}/staff", expect=201, json=new)
        stage.call(semester.school, "POST", f"{held.path}/publish")
        semester.made[code] = held.id
    path = f"/teachers/{semester.teacher_ids[0]}/staff"
    shown = stage.call(semester.teachers[0], "GET", path)["items"]
    stage.check(len(shown) == len(codes), "not every lesson is among what the teacher gave")


def _trainer_plans(stage: Stage, semester: Semester) -> None:
    """An activity with `requires_session_plans` is not published before the plan of its session was
    handed in (`submit_session_plan`), returned, revised and approved by the county's office.
    """
    held = draft(
        stage,
        semester,
        "新教师岗前培训",
        [semester.days.coming(5, 15)],
        requires_session_plans=True,
        content=["post_qualification"],
    )
    publish = f"{held.path}/publish"
    stage.call(semester.school, "POST", publish, expect="activity_without_session_plans")
    new = {
        "trainer": "周明",
        "teacher_id": semester.teacher_ids[0],
        "objectives": "能独立写出规范教案",
        "measures": "讲解、示范、练习",
        "content": "教案的结构与目标",
    }
    plan = stage.call(semester.school, "POST", f"{held.session}/plan", expect=201, json=new)
    path = f"/session-plans/{plan['id']}"
    opinion = {"opinion": "请补充练习的安排。"}
    stage.call(semester.officer, "POST", f"{path}/return", json=opinion)
    revised = {name: new[name] for name in ("objectives", "content")}
    revised["measures"] = "讲解、示范，现场练习二十分钟并互评"
    stage.call(semester.teachers[0], "PUT", path, json=revised)
    stage.call(semester.officer, "POST", f"{path}/approve", json={"opinion": "同意。"})
    stage.call(semester.school, "POST", publish)


SCENES = (
    Scene(
        _vocabulary,
        "活动样式与研修内容：各文件点名的都在",
        "The forms and contents: everything that the documents name is there",
        "R60 R73 R77 R78 R198",
    ),
    Scene(
        _outside_form,
        "脱产、集中与自主；不合样式的活动被拒",
        "Off the job, concentrated, self-directed; what does not keep to its form is refused",
        "R60 R73 R74",
    ),
    Scene(
        _lectures,
        "教研组的系列讲座，主讲人与负责人",
        "A group's series of lectures, who speaks and who is in charge",
        "R39 R61",
    ),
    Scene(
        _gatherings,
        "论坛、沙龙、以会代训、师德、新课标与信息技术培训、见习",
        "Forums, salons, meetings as training, ethics, curriculum, technology, probation",
        "R40 R66 R72 R76 R80 R81",
    ),
    Scene(
        _steps,
        "五步备课、同课异构、行动研究、远程研修：环节不可缺",
        "Five-step planning, one lesson by several, action research, remote study: no step left out",
        "R64 R65 R67 R71",
    ),
    Scene(
        _lessons,
        "五种听课：随堂、互听、研讨、示范、汇报",
        "The five kinds of lessons that are observed",
        "R62",
    ),
    Scene(
        _trainer_plans,
        "培训者方案先经教研室审定",
        "A trainer's plan is reviewed before the training",
        "R55",
    ),
)
