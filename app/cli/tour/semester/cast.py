"""Who plays the semester, and what its scenes leave to those after them.

Each run opens a school of its own under 平江县, of two stages, with six teachers and their accounts.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import randbelow, token_hex, token_urlsafe
from typing import Any

from app.cli.tour.semester.days import Days
from app.cli.tour.stage import Player, Stage

_NAMES = ("周明", "吴芳", "郑强", "王静", "冯涛", "陈洁")
_PRIMARY = 3
"""How many of them teach Chinese in the primary stage; the others mathematics in the junior one."""


@dataclass
class Semester:
    """The cast, the days, and the keys of what was made."""

    days: Days
    stamp: str
    """Tells what this run makes from what others made."""
    county: Player
    sibling: Player
    """Who administers another school of the county."""
    stranger: Player
    """A teacher of that other school."""
    county_id: str
    sibling_id: str
    stranger_id: str
    school_id: str = ""
    school: Player = field(init=False)
    officer: Player = field(init=False)
    """Of the county's office of teaching research, which reviews and guides."""
    leader: Player = field(init=False)
    """Who acts for the group of teaching research."""
    teachers: list[Player] = field(default_factory=list)
    teacher_ids: list[str] = field(default_factory=list)
    group_id: str = ""
    made: dict[str, str] = field(default_factory=dict)
    """The keys of what scenes made, or its words, by what it is."""


def gather(stage: Stage) -> Semester:
    """Who is there before the school is."""
    names = ("pingjiang.admin", "sibling.admin", "teacher.three")
    county, sibling, stranger = (stage.sign_in(name) for name in names)
    profiles = [stage.call(each, "GET", "/me", quiet=True) for each in (county, sibling, stranger)]
    county_id, sibling_id = (each["grants"][0]["subject_id"] for each in profiles[:2])
    return Semester(
        Days.around(datetime.now(UTC)),
        token_hex(4),
        county,
        sibling,
        stranger,
        county_id,
        sibling_id,
        stranger_id=profiles[2]["teacher_id"],
    )


def open_school(stage: Stage, semester: Semester) -> None:
    """A school (`create_unit`), its teachers (`create_teacher`), a department of the bureau that
    reviews and guides (`create_department`), and an account for each role (`create_account`).
    """
    new = {"name": f"演示学校 {semester.stamp}", "level": "school", "parent_id": semester.county_id}
    stages = {"stages": ["primary", "junior_secondary"]}
    school = stage.call(semester.county, "POST", "/units", expect=201, json=new | stages)
    semester.school_id = school["id"]
    semester.school = open_account(
        stage, semester.county, f"head.{semester.stamp}", "school_admin", semester.school_id
    )
    office = {
        "name": f"演示教研室 {semester.stamp}",
        "kind": "other",
        "unit_id": semester.county_id,
        "duties": ["review", "guide"],
    }
    department = stage.call(semester.county, "POST", "/departments", expect=201, json=office)
    semester.made["department"] = department["id"]
    semester.officer = open_account(
        stage,
        semester.county,
        f"officer.{semester.stamp}",
        "department_officer",
        department["id"],
    )
    for number in range(len(_NAMES)):
        _take_on(stage, semester, number)


def _take_on(stage: Stage, semester: Semester, number: int) -> None:
    """A teacher of the school, with an account."""
    is_primary = number < _PRIMARY
    teacher = stage.call(
        semester.school,
        "POST",
        "/teachers",
        expect=201,
        json={
            "name": _NAMES[number],
            "subject": "chinese" if is_primary else "mathematics",
            "stage": "primary" if is_primary else "junior_secondary",
            "school_id": semester.school_id,
            "id_kind": "passport",
            "id_number": f"EA{randbelow(10**7):07}",
            "birth_date": f"19{90 - 3 * number}-05-04",
            "rank": "first_grade" if is_primary else "second_grade",
        },
    )
    semester.teacher_ids.append(teacher["id"])
    name = f"teacher{number + 1}.{semester.stamp}"
    semester.teachers.append(open_account(stage, semester.school, name, "teacher", teacher["id"]))


def open_account(stage: Stage, opened_by: Player, name: str, role: str, subject_id: str) -> Player:
    """An account whose first password is changed at once, signed in."""
    new = {"name": name, "display_name": name, "role": role, "subject_id": subject_id}
    account = stage.call(opened_by, "POST", "/accounts", expect=201, json=new)
    first = stage.sign_in(name, account["secret"])
    change = {"old": account["secret"], "new": token_urlsafe()}
    stage.call(first, "POST", "/me/password", quiet=True, json=change)
    return stage.sign_in(name, change["new"])


def key_of(made: dict[str, Any]) -> str:
    """The key of what was answered."""
    return str(made["id"])
