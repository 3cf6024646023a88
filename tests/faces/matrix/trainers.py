"""The rows of trainers: the library, what is carried, judged, lent and paid."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed, of_unit
from tests.faces.rule import Listing, Open, Row

READ, WRITE = Permission.TRAINER_READ, Permission.TRAINER_WRITE
_EXPERT = {
    "outside_name": "王教授", "outside_unit": "测试师范大学", "engagement": "part_time",
    "stages": ["primary"], "subjects": ["chinese"], "qualification": "课程专家",
}  # fmt: skip
_YES = fixed(accepts=True)

ROWS: dict[str, Row | Listing | Open] = {
    "list_trainers": Listing(("trainer", "own_trainer"), READ),
    "list_known_trainers": Listing(("trainer",), None, published=True),
    "invite_trainer": Row("unit", WRITE, in_body=True, body=of_unit(**_EXPERT)),
    "get_trainer": Row("trainer", READ, reads=True),
    "update_trainer": Row("trainer", WRITE, body=fixed(qualification="特级教师")),
    "answer_trainer_invitation": Row("own_trainer", Permission.RECORD_OWN, body=_YES),
    "record_trainer_answer": Row("trainer", WRITE, body=_YES),
    "remove_trainer": Row("trainer", WRITE, body=fixed(kind="term_ended")),
    "list_trainer_appearances": Row("trainer", READ, by_place=True),
    "list_trainer_load": Row("unit", READ, body=fixed(since="2026-01-01", until="2026-12-31")),
    "get_trainer_study": Row("trainer", READ, by_place=True, body=fixed(year=2026)),
    "list_trainer_assessments": Listing(("trainer_assessment",), READ),
    "get_trainer_assessment": Row("trainer_assessment", READ, reads=True),
    "assess_trainer": Row(
        "trainer", WRITE, body=fixed(year=2026, grade="qualified", remark="认真负责")
    ),
    "list_trainer_courses": Listing(("trainer_course",), READ),
    "add_trainer_course": Row(
        "trainer", WRITE, absent="course_not_found", body=fixed(course_id=NOWHERE)
    ),
    "remove_trainer_course": Row("trainer_course", WRITE),
    "list_trainer_tours": Listing(("trainer_tour",), READ),
    "get_trainer_tour": Row("trainer_tour", READ, reads=True),
    "lend_trainer": Row(
        "trainer", WRITE, absent="unit_not_found",
        body=fixed(
            to_county_id=NOWHERE, purpose="巡回示教", valid_from="2026-09-01",
            valid_to="2027-07-01",
        ),
    ),
    "end_trainer_tour": Row("trainer_tour", WRITE, body=fixed(reason="原校工作需要")),
    "list_trainer_hires": Listing(("trainer_hire",), Permission.TRAINER_HIRE_READ),
    "get_trainer_hire": Row("trainer_hire", Permission.TRAINER_HIRE_READ, reads=True),
    "hire_trainer": Row(
        "trainer", WRITE,
        body=fixed(topic="课堂评析", held_on="2026-11-20", fee="500", funds_line="培训费"),
    ),
}  # fmt: skip
