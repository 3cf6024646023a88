"""Evidence: notes, reflections, observation sheets, files, and what the school says of them."""

from secrets import randbelow

from app.cli.tour.semester.cast import Semester, key_of
from app.cli.tour.semester.holding import announce, conclude, enter, form_of
from app.cli.tour.semester.scene import Scene
from app.cli.tour.stage import Stage

_NOTE = (
    "本次听课围绕阅读策略展开，教师先示范如何圈画关键词，再让学生小组讨论段落之间的联系，"
    "最后用思维导图整理全文结构。我准备在下一单元尝试这种做法，并观察后进生的参与情况。"
)
_CODES = 40
"""So many marks of what was observed make a note unlike those of every other run."""

_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)
"""A picture of one point."""


def _text() -> str:
    """The words of a note with what was counted in this lesson."""
    marks = " ".join(f"{randbelow(10**6):06}" for _ in range(_CODES))
    return f"{_NOTE}课堂观察编码：{marks}。"


def _notes(stage: Stage, semester: Semester) -> None:
    """`submit_note`: time, place and speaker are those of the session, who was in charge is asked for
    (`note_fields_missing`) where nobody knows; who was not there submits none
    (`note_without_attendance`); a second version replaces the first (`list_note_versions`).
    """
    path = f"/activities/{semester.made['running']}/notes"
    semester.made["text"] = text = _text()
    note = {"kind": "note", "text": text, "person_in_charge": "教导主任"}
    absent = "note_without_attendance"
    stage.call(semester.teachers[5], "POST", path, expect=absent, json=note)
    first = stage.call(semester.teachers[0], "POST", path, json=note)
    better = note | {"text": text + "补充：课后与两位学生谈话，他们喜欢这种方式。"}
    second = stage.call(semester.teachers[0], "POST", path, json=better)
    versions = stage.call(semester.teachers[0], "GET", f"/notes/{first['id']}/versions")
    stage.check(
        (second["version"], [each["version"] for each in versions]) == (2, [1]),
        "what the note was before is gone",
    )
    fields = ("held_at", "place", "speaker", "person_in_charge", "text")
    stage.check(all(second[name] for name in fields), "a field of the note is missing")
    reflection = {
        "kind": "reflection",
        "text": "这节课让我重新思考提问的层次，下周将改写教案并试教。",
    }
    stage.call(semester.teachers[0], "POST", path, json=reflection)
    semester.made["note"] = first["id"]


def _alike(stage: Stage, semester: Semester) -> None:
    """A colleague hands in nearly the same text: nothing is refused, the school finds the pair
    (`list_note_resemblances`), reads both, and decides once (`decide_note_resemblance`).
    """
    path = f"/activities/{semester.made['running']}/notes"
    note = {
        "kind": "note",
        "text": semester.made["text"] + "以上。",
        "person_in_charge": "教导主任",
    }
    stage.call(semester.teachers[1], "POST", path, json=note)
    found = stage.call(semester.school, "GET", "/note-resemblances?state=open")["items"]
    (pair,) = found
    stage.note(f"{pair['name']} / {pair['other_name']}: {pair['share']}")
    decision = {"state": "confirmed", "opinion": "内容雷同，已约谈，请重写。"}
    decide = f"/note-resemblances/{pair['id']}/decide"
    stage.call(semester.school, "POST", decide, json=decision)
    stage.call(semester.school, "POST", decide, expect="note_resemblance_decided", json=decision)


def _sheets(stage: Stage, semester: Semester) -> None:
    """The school publishes its rubric (`publish_rubric`); a teacher writes what was seen in a colleague's
    lesson, with scores for each dimension (`submit_observation_sheet`); nobody observes oneself, and
    one lesson once; the teacher who was observed answers (`answer_observation_sheet`).
    """
    levels = [{"score": 1, "meaning": "需改进"}, {"score": 5, "meaning": "优秀"}]
    rubric = {
        "code": "reading",
        "name": "阅读课观课量表",
        "source": "学校教研组讨论稿",
        "unit_id": semester.school_id,
        "dimensions": [
            {"code": "design", "name": "教学设计", "weight": 60, "levels": levels},
            {"code": "students", "name": "学生参与", "weight": 40, "levels": levels},
        ],
    }
    made = stage.call(semester.school, "POST", "/rubrics", expect=201, json=rubric)
    sheet = {
        "kind": "mutual",
        "held_on": semester.days.after(0),
        "class_name": "三年级1班",
        "subject": "chinese",
        "title": "观潮",
        "record": "教师以录像导入，学生圈画写潮水声音与形状的词句。",
        "diagnosis": "提问有层次，后进生发言较少。",
        "suggestions": "小组内指定发言顺序。",
        "rubric_id": made["id"],
        "scores": [{"code": "design", "score": 5}, {"code": "students", "score": 4}],
    }
    own = sheet | {"teacher_id": semester.teacher_ids[0]}
    observer, path = semester.teachers[0], "/observation-sheets"
    stage.call(observer, "POST", path, expect="observation_of_oneself", json=own)
    other = sheet | {"teacher_id": semester.teacher_ids[1]}
    partly = other | {"scores": other["scores"][:1]}
    disagree = "observation_scores_disagree"
    stage.call(observer, "POST", path, expect=disagree, json=partly)
    written = stage.call(observer, "POST", path, expect=201, json=other)
    stage.call(observer, "POST", path, expect="observation_sheet_exists", json=other)
    answer = {"answer": "谢谢，下节课试行轮流发言。"}
    stage.call(semester.teachers[1], "POST", f"{path}/{written['id']}/answer", json=answer)
    semester.made["sheet"] = key_of(written)


def _files(stage: Stage, semester: Semester) -> None:
    """`upload_file`: a text that says it is a picture is refused (`file_not_as_said`), a program is not
    taken (`file_kind_unknown`); a picture that shows pupils stays inside the school unless the
    guardians' consent is named (`file_consent_missing`).
    """
    path = f"/files?name=lesson.png&unit_id={semester.school_id}"
    as_png = {"Content-Type": "image/png"}
    stage.call(
        semester.school, "POST", path, expect="file_not_as_said", content=b"text", headers=as_png
    )
    stage.call(
        semester.school,
        "POST",
        path,
        expect="file_kind_unknown",
        content=b"#!/bin/sh",
        headers={"Content-Type": "application/x-sh"},
    )
    pupils = f"{path}&shows_pupils=true"
    stage.call(
        semester.school,
        "POST",
        f"{pupils}&sharing=county",
        expect="file_consent_missing",
        content=_PNG,
        headers=as_png,
    )
    kept = stage.call(semester.school, "POST", pupils, expect=201, content=_PNG, headers=as_png)
    stage.check(kept["sharing"] == "unit", "the picture leaves the school")
    stage.call(semester.county, "GET", f"/files/{kept['id']}", expect="file_not_found")
    semester.made["file"] = key_of(kept)


def _pieces(stage: Stage, semester: Semester) -> None:
    """`add_evidence` takes the lesson plan and the picture, `submit_evidence` a teacher's own paper and
    test; `list_missing_evidence` says what the form still asks for; a file is read by a link for ten
    minutes (`create_file_link`).
    """
    held = f"/activities/{semester.made['demonstration_lesson']}"
    sessions = stage.call(semester.school, "GET", f"{held}/sessions")
    present = {"teacher_ids": semester.teacher_ids[:2], "status": "present"}
    for session in sessions:
        entered = f"/sessions/{session['id']}/attendance"
        stage.call(semester.school, "POST", entered, json=present)
    before = stage.call(semester.school, "GET", f"{held}/missing-evidence")
    lesson_plan = {"kind": "lesson_plan", "title": "观潮教案", "text": "教学目标与过程。"}
    photo = {"kind": "photo", "title": "课堂照片", "file_id": semester.made["file"]}
    for new in (lesson_plan, photo):
        stage.call(semester.school, "POST", f"{held}/evidence", expect=201, json=new)
    for kind, title in (
        ("paper", "阅读策略教学的思考"),
        ("written_examination", "新课标测试卷"),
        ("written_survey", "课后问卷"),
    ):
        own = {"kind": kind, "title": title, "text": "正文与结果见校本资料室。"}
        path = f"{held}/own-evidence"
        stage.call(semester.teachers[1], "POST", path, expect=201, json=own)
    after = stage.call(semester.school, "GET", f"{held}/missing-evidence")
    stage.check(len(after) == len(before) - 1, "the lesson plan is still missing")
    stage.note("、".join(f"{each['name'] or ''} {each['kind']}" for each in after))
    asked = {"purpose": "view"}
    link = stage.call(semester.school, "POST", f"/files/{semester.made['file']}/link", json=asked)
    content = stage.visit("anybody", "GET", link["url"], quiet=True).content
    stage.check(content == _PNG, "the file is another")


def _checked(stage: Stage, semester: Semester) -> None:
    """`check_evidence`: a note is returned with a remark, which the teacher finds in the to-do list, a
    sheet is commended; both leave a trace of their own (`list_note_checks`).
    """
    note_id = semester.made["note"]
    checks = [
        {
            "note_id": note_id,
            "note_version": 2,
            "verdict": "returned",
            "remark": "请补充学生作品。",
        },
        {"sheet_id": semester.made["sheet"], "verdict": "commended", "remark": "观察细致。"},
    ]
    stage.call(semester.school, "POST", "/evidence-checks", json={"checks": checks})
    tasks = stage.call(semester.teachers[0], "GET", "/me/tasks?kind=note_to_revise")["items"]
    stage.check(len(tasks) == 1, "the teacher is not asked to revise it")
    told = stage.call(semester.teachers[0], "GET", f"/notes/{note_id}/checks")
    stage.check("请补充学生作品。" in str(told), "the teacher does not see the remark")


def _online(stage: Stage, semester: Semester) -> None:
    """An online course in one's own time: its certificate is the evidence that its form asks for."""
    form = form_of(stage, semester, "online_course")
    held = announce(
        stage,
        semester,
        "网上课程：学业评价",
        [semester.days.over(41)],
        kind=form["kind"],
        form_id=form["id"],
        mode="self_directed",
        channel="online",
        content=["academic_assessment"],
    )
    enter(stage, semester, held, semester.teacher_ids[2:3])
    own = {"kind": "certificate", "title": "结业证书", "text": "证书编号见附件"}
    path = f"{held.path}/own-evidence"
    stage.call(semester.teachers[2], "POST", path, expect=201, json=own)
    missing = stage.call(semester.school, "GET", f"{held.path}/missing-evidence")
    stage.check(missing == [], "the certificate is still missing")
    conclude(stage, semester, held)


SCENES = (
    Scene(
        _notes,
        "研修笔记五要素与教学反思",
        "Notes with their five fields, and reflections",
        "R86 R87",
    ),
    Scene(
        _alike, "雷同笔记只作线索，由人核定", "Notes alike: a finding that a person decides", "R86"
    ),
    Scene(
        _sheets,
        "听课记录与观课量表",
        "Observation sheets with a rubric",
        "R62 R63",
    ),
    Scene(
        _files,
        "文件：名不副实的被拒，学生影像不出校",
        "Files: what is not what it says is refused, pupils stay inside the school",
        "R90 R211",
    ),
    Scene(
        _pieces,
        "佐证材料与还缺什么",
        "Evidence of many kinds, and what is still missing",
        "R63 R90",
    ),
    Scene(_checked, "学校检查笔记与听课记录", "The school checks notes and sheets", "R88 R201"),
    Scene(_online, "网上学习记录", "A record of online learning", "R74 R91"),
)
