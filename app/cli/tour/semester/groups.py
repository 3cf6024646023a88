"""Groups: what each stage rests on, heads with terms, communities, pairs."""

from app.cli.tour.semester.cast import Semester, key_of
from app.cli.tour.semester.scene import Scene
from app.cli.tour.stage import Stage


def _defaults(stage: Stage, semester: Semester) -> None:
    """`list_group_defaults` says that the school follows neither of its two, `create_default_groups`
    sets up what is missing, and then it follows both.
    """
    path = f"/units/{semester.school_id}/group-defaults"
    before = stage.call(semester.school, "GET", path)
    stage.check([each["followed"] for each in before] == [0, 0], "a new school follows a default")
    made = stage.call(semester.school, "POST", path, expect=201)
    after = stage.call(semester.school, "GET", path)
    stage.check([each["followed"] for each in after] == [1, 1], "a default is not followed")
    stage.note("、".join(each["name"] for each in made))
    (research,) = [each for each in made if each["kind"] == "teaching_research"]
    semester.group_id = research["id"]


def _heads(stage: Stage, semester: Semester) -> None:
    """`add_member` takes in a head with a term and members; a second head is refused, `change_duty`
    lets another take over, `list_members` of a day tells who was what, and the head's account acts for
    the group (`grant_role`).
    """
    path, (first, second, third) = f"/groups/{semester.group_id}/members", semester.teacher_ids[3:]
    since, until = semester.days.after(-60), semester.days.after(300)
    term = {"valid_from": since, "valid_to": until}
    head = {"teacher_id": first, "duty": "head"} | term
    stage.call(semester.school, "POST", path, expect=201, json=head)
    rival = {"teacher_id": second, "duty": "head"}
    stage.call(semester.school, "POST", path, expect="group_has_head", json=rival)
    for teacher_id in (second, third):
        new = {"teacher_id": teacher_id, "valid_from": since}
        stage.call(semester.school, "POST", path, expect=201, json=new)
    stage.call(
        semester.school, "POST", f"{path}/{second}/duty", json={"duty": "head", "valid_to": until}
    )
    for day, expected in ((semester.days.after(-1), first), (semester.days.after(0), second)):
        members = stage.call(semester.school, "GET", f"{path}?as_of={day}")["items"]
        heads = [each["teacher_id"] for each in members if each["duty"] == "head"]
        stage.check(heads == [expected], f"another was head on {day}")
    _lead(stage, semester)


def _lead(stage: Stage, semester: Semester) -> None:
    """The head's account acts for the group from now on."""
    head = semester.teachers[4]
    account_id = stage.call(head, "GET", "/me", quiet=True)["account_id"]
    role = {"role": "group_leader", "subject_id": semester.group_id}
    stage.call(semester.school, "POST", f"/accounts/{account_id}/grants", expect=201, json=role)
    semester.leader = semester.teachers[4] = stage.sign_in(head.name, head.secret)


def _communities(stage: Stage, semester: Semester) -> None:
    """`create_group` sets up a project group, a community of several subjects and a team of mentors;
    a community of several schools is the bureau's to set up (`group_kind_of_bureau`) and takes in
    teachers of both.
    """
    for kind, name in (
        ("project", "课题项目组"),
        ("learning_community", "青年教师跨学科学习共同体"),
        ("mentor_team", "导师团"),
    ):
        new = {"name": name, "kind": kind, "unit_id": semester.school_id}
        group = stage.call(semester.school, "POST", "/groups", expect=201, json=new)
        semester.made[kind] = key_of(group)
        member = {"teacher_id": semester.teacher_ids[0], "duty": "head"}
        path = f"/groups/{group['id']}/members"
        stage.call(semester.school, "POST", path, expect=201, json=member)
    new = {"name": f"校际共同体 {semester.stamp}", "kind": "cross_school"}
    own = new | {"unit_id": semester.school_id}
    stage.call(semester.school, "POST", "/groups", expect="group_kind_of_bureau", json=own)
    over = new | {"unit_id": semester.county_id}
    group = stage.call(semester.county, "POST", "/groups", expect=201, json=over)
    for teacher_id in (semester.teacher_ids[0], semester.stranger_id):
        path, member = f"/groups/{group['id']}/members", {"teacher_id": teacher_id}
        stage.call(semester.county, "POST", path, expect=201, json=member)


def _pairs(stage: Stage, semester: Semester) -> None:
    """`form_pair` records that two teachers help each other, each of them sees it in `list_pairs`."""
    one, other = semester.teacher_ids[:2]
    new = {
        "kind": "friends",
        "purpose": "互相听课，共同研讨阅读教学",
        "unit_id": semester.school_id,
        "teacher_ids": [one, other],
        "valid_from": semester.days.after(0),
        "valid_to": semester.days.after(180),
    }
    pair = stage.call(semester.school, "POST", "/pairs", expect=201, json=new)
    seen = stage.call(semester.teachers[1], "GET", "/pairs")["items"]
    stage.check([each["id"] for each in seen] == [pair["id"]], "not exactly the one pair is seen")


SCENES = (
    Scene(
        _defaults,
        "按学段设立依托组织：小学年级组，初中教研组",
        "The groups that each stage rests on: of grades, of a subject",
        "R37 R38",
    ),
    Scene(_heads, "组长有任期，可以交接", "Heads have terms and hand over", "R37"),
    Scene(
        _communities,
        "课题组、学习共同体、导师团与校际共同体",
        "Project groups, communities, a team of mentors, a community of two schools",
        "R40 R41 R42",
    ),
    Scene(_pairs, "益友结对", "Two teachers as a pair of friends", "R197"),
)
