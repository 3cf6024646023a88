"""Together with others: departments, partners, places for several schools, trainees, training elsewhere."""

from app.cli.tour.semester.cast import Semester, key_of
from app.cli.tour.semester.holding import announce, draft, enter
from app.cli.tour.semester.scene import Scene
from app.cli.tour.stage import Stage


def _departments(stage: Stage, semester: Semester) -> None:
    """`create_department`: the moral education office organises the training of class heads, another
    department owns it jointly (`joint_department_ids`).
    """
    keys = []
    for name, kind in (("德育处", "moral_education_office"), ("教务处", "academic_office")):
        new = {"name": name, "kind": kind, "unit_id": semester.school_id}
        office = stage.call(semester.school, "POST", "/departments", expect=201, json=new)
        keys.append(key_of(office))
    organising, joint = keys
    held = announce(
        stage,
        semester,
        "班主任培训",
        [semester.days.coming(2, 16)],
        organiser_department_id=organising,
        joint_department_ids=[joint],
        content=["class_management", "ethics"],
    )
    activity = stage.call(semester.school, "GET", held.path)
    stage.check(activity["joint_department_ids"] == [joint], "the joint owner is not named")


def _partners(stage: Stage, semester: Semester) -> None:
    """`invite_partner`: it waits in the other school's to-do list, which accepts with its own teachers
    (`accept_partnership`); before, a teacher of it finds no such activity; each has one record.
    """
    held = announce(stage, semester, "校际联合教研", [semester.days.over(30)])
    stage.call(semester.stranger, "GET", held.path, expect="activity_not_found")
    invited = {"unit_id": semester.sibling_id}
    stage.call(semester.school, "POST", f"{held.path}/partners", json=invited)
    tasks = stage.call(semester.sibling, "GET", "/me/tasks?kind=partnership_to_answer&limit=100")
    stage.check(
        any(each["title"].endswith(semester.stamp) for each in tasks["items"]),
        "the invitation does not wait for the other school",
    )
    (own,) = [
        each
        for each in stage.call(semester.sibling, "GET", "/partnerships?state=invited&limit=100")[
            "items"
        ]
        if each["activity_id"] == held.id
    ]
    stage.call(
        semester.sibling,
        "POST",
        f"/partnerships/{own['id']}/accept",
        json={"audience": [semester.sibling_id]},
    )
    stage.call(semester.stranger, "GET", held.path)
    for player in (semester.school, semester.sibling):
        enter(stage, semester, held, [semester.stranger_id], by=player)
    path = f"{held.path}/attendance"
    rows = stage.call(semester.school, "GET", path)["items"]
    stage.check(len(rows) == 1, "one person has several records")


def _places(stage: Stage, semester: Semester) -> None:
    """The county's activity has three places, one kept for a school (`set_places`): who comes when none
    is left waits (`waiting`), and has the place that another gives back; without a waiting list the
    answer is `activity_full`, and whom it is not for does not find it.
    """
    held = announce(
        stage,
        semester,
        "县阅读教学高级研修",
        [semester.days.coming(3, 14)],
        by=semester.county,
        organiser_unit_id=semester.county_id,
        audience=[semester.school_id, semester.sibling_id],
    )
    quota = {"school_id": semester.sibling_id, "places": 1}
    places = {"capacity": 3, "waiting_list": True, "quotas": [quota]}
    stage.call(semester.county, "PUT", f"{held.path}/places", json=places)
    path, (first, second, third, fourth) = f"{held.path}/enrolment", semester.teachers[:4]
    states = [stage.call(each, "POST", path)["state"] for each in (first, second, third)]
    stage.check(states == ["enrolled", "enrolled", "waiting"], "nobody waits")
    stage.call(semester.stranger, "POST", path)
    stage.call(first, "POST", f"{path}/withdraw")
    mine = stage.call(third, "POST", path)
    stage.check(mine["state"] == "enrolled", "the place that was given back stays empty")
    without = {"capacity": 3, "waiting_list": False, "quotas": []}
    stage.call(semester.county, "PUT", f"{held.path}/places", json=without)
    stage.call(fourth, "POST", path, expect="activity_full")
    own = announce(stage, semester, "校内研讨", [semester.days.coming(4, 16)])
    path = f"{own.path}/enrolment"
    stage.call(semester.stranger, "POST", path, expect="activity_not_found")


def _occurrences(stage: Stage, semester: Semester) -> None:
    """A session held twice (`occurrence_of`), each with its own places: who is enrolled chooses one
    (`choose_occurrence`).
    """
    held = draft(stage, semester, "信息技术应用培训", [semester.days.coming(1, 15)],
                 content=["information_technology"])  # fmt: skip
    starts_at, ends_at = semester.days.coming(2, 15)
    twin = {
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
        "hours": "1.00",
        "occurrence_of": held.session_ids[0],
        "places": 1,
    }
    path = f"{held.path}"
    day = {"ends_on": starts_at.date().isoformat()}
    stage.call(semester.school, "PATCH", path, json=day)
    second = stage.call(semester.school, "POST", f"{path}/sessions", expect=201, json=twin)
    stage.call(semester.school, "POST", f"{path}/publish")
    for number, teacher in enumerate(semester.teachers[:2]):
        stage.call(teacher, "POST", f"{path}/enrolment")
        full = "session_occurrence_full" if number else 200
        stage.call(teacher, "POST", f"/sessions/{second['id']}/choose", expect=full)


def _trainees(stage: Stage, semester: Semester) -> None:
    """`register_trainee`, `enter_activity_trainees`, `record_trainee_attendance`: student teachers and a
    shadow principal are counted by themselves (`list_trainee_participation`).
    """
    keys = []
    for name, category in (("师范生甲", "student_teacher"), ("影子校长乙", "shadow_principal")):
        new = {"name": name, "category": category, "employer": "湖南某师范学院"}
        new["unit_id"] = semester.school_id
        keys.append(key_of(stage.call(semester.school, "POST", "/trainees", expect=201, json=new)))
    held = announce(stage, semester, "实习生见习研讨", [semester.days.over(31)])
    entered = {"trainee_ids": keys}
    stage.call(semester.school, "POST", f"{held.path}/trainees", json=entered)
    roll = f"{held.session}/trainee-attendance"
    stage.call(semester.school, "POST", roll, json=entered | {"status": "present"})
    path = f"/units/{semester.school_id}/trainee-participation?{semester.days.period}"
    counts = stage.call(semester.school, "GET", path)
    stage.check(sum(each["people"] for each in counts) == 2, "not both trainees are counted")


def _elsewhere(stage: Stage, semester: Semester) -> None:
    """A teacher states training attended elsewhere (`state_outside_training`); the same twice is refused
    (`outside_training_exists`); the school confirms what waits in its to-do list.
    """
    teacher_id, days = semester.teacher_ids[1], semester.days
    new = {
        "title": "国培计划小学语文骨干教师培训",
        "organiser": "湖南某师范大学",
        "level": "national",
        "kind": "workshop",
        "mode": "off_job",
        "channel": "off_job",
        "content": ["teaching_methods"],
        "starts_on": days.after(-30),
        "ends_on": days.after(-20),
        "hours": "40",
        "certificate_number": f"GP{semester.stamp}",
    }
    path = f"/teachers/{teacher_id}/outside-trainings"
    stated = stage.call(semester.teachers[1], "POST", path, expect=201, json=new)
    stage.call(semester.teachers[1], "POST", path, expect="outside_training_exists", json=new)
    tasks = stage.call(semester.school, "GET", "/me/tasks?kind=outside_training_to_confirm")
    stage.check(
        [each["subject_id"] for each in tasks["items"]] == [stated["id"]],
        "it does not wait for the school",
    )
    confirmed = f"/outside-trainings/{stated['id']}/confirm"
    stage.call(semester.school, "POST", confirmed)


SCENES = (
    Scene(
        _departments,
        "条线主办与部门联合：班主任培训",
        "A department organises, another owns it jointly: training of class heads",
        "R84",
    ),
    Scene(
        _partners,
        "校际联合：每人只记一次",
        "Two schools together: everybody is recorded once",
        "R41 R75",
    ),
    Scene(
        _places,
        "名额、各校配额与候补",
        "Places, quotas of schools, a waiting list",
        "R75",
    ),
    Scene(
        _occurrences,
        "同一场次办两次，各自选择",
        "A session held twice, each chooses one",
        "R61 R81",
    ),
    Scene(
        _trainees,
        "接纳实习生与影子校长",
        "Student teachers and a shadow principal take part",
        "R82",
    ),
    Scene(
        _elsewhere,
        "校外培训由本人申报、学校核实",
        "Training attended elsewhere is stated and confirmed",
        "R83 R201",
    ),
)
