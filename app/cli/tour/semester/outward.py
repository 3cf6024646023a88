"""Outside the school: visits, teaching in the villages, contests and their results."""

from app.cli.tour.semester.cast import Semester
from app.cli.tour.semester.holding import announce, draft, enter, form_of
from app.cli.tour.semester.scene import Scene
from app.cli.tour.stage import Stage


def _outward(stage: Stage, semester: Semester) -> None:
    """A study visit with two destinations and their costs (`add_destination`), which the teachers see, and
    a day of teaching in the villages.
    """
    form = form_of(stage, semester, "study_visit")
    visit = announce(
        stage,
        semester,
        "名校考察",
        [semester.days.over(8)],
        steps=["visit"],
        kind=form["kind"],
        form_id=form["id"],
        audience=[semester.school_id],
    )
    draft(stage, semester, "送教下乡", [semester.days.coming(3, 9)], kind="outreach")
    for province in ("山东省", "江苏省"):
        new = {"host": "某课改名校", "province": province, "level": "national"}
        new |= {"funds": "3000.00", "funds_line": "教师培训经费"}
        path = f"{visit.path}/destinations"
        stage.call(semester.school, "POST", path, expect=201, json=new)
    seen = stage.call(semester.teachers[0], "GET", f"{visit.path}/destinations")
    stage.check(len(seen) == 2, "not both destinations are seen")


def _contest(stage: Stage, semester: Semester) -> None:
    """Results are entered of contests alone (`contest_result_without_competition`); one is corrected
    with a reason (`correct_contest_result`), and the teacher sees what stands.
    """
    form = form_of(stage, semester, "courseware_contest")
    held = announce(
        stage,
        semester,
        "优秀课件制作演示活动",
        [semester.days.over(9)],
        kind=form["kind"],
        form_id=form["id"],
        content=["information_technology"],
    )
    enter(stage, semester, held, semester.teacher_ids[:2])
    one = {"work_title": "观潮", "award": "second", "teacher_id": semester.teacher_ids[0]}
    new = {"results": [one]}
    elsewhere = f"/activities/{semester.made['remote_study']}/results"
    stage.call(
        semester.school, "POST", elsewhere, expect="contest_result_without_competition", json=new
    )
    stage.call(semester.school, "POST", f"{held.path}/results", expect=201, json=new)
    (result,) = stage.call(semester.school, "GET", f"{held.path}/results")["items"]
    right = {"work_title": "观潮", "award": "first", "reason": "计分表漏计一项"}
    stage.call(semester.school, "POST", f"/contest-results/{result['id']}/correct", json=right)
    path = f"/teachers/{semester.teacher_ids[0]}/contest-results"
    seen = stage.call(semester.teachers[0], "GET", path)["items"]
    standing = [each["award"] for each in seen if each["superseded_at"] is None]
    stage.check(standing == ["first"], "another result stands")
    semester.made["contest"] = held.id


SCENES = (
    Scene(
        _outward,
        "考察学习与送教下乡",
        "A study visit and teaching in the villages",
        "R68 R69",
    ),
    Scene(_contest, "竞赛成绩与更正", "Results of a contest, and their correction", "R70"),
)
