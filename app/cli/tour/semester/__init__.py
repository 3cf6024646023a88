"""The third act: one school's semester, from its groups to what is counted at its end.

Every scene of it is in `SCENES`, with the numbers of the requirements that it meets; the same list is
the table of docs/semester.md. The school is opened by the act itself and closed by nobody, so that it
can be looked at afterwards. Nothing depends on the day on which it is played.
"""

from app.cli.tour.semester import (
    activities,
    attendance,
    closing,
    evidence,
    groups,
    joint,
    needs,
    outward,
    plans,
    review,
    timetable,
)
from app.cli.tour.semester.cast import gather, open_school
from app.cli.tour.semester.scene import Scene
from app.cli.tour.stage import Stage

SCENES: tuple[Scene, ...] = (
    Scene(
        open_school,
        "新办学校，教师与各角色有了账号",
        "A school is opened, with its teachers and an account for each role",
    ),
    *groups.SCENES,
    *needs.SCENES,
    *timetable.SCENES,
    *plans.SCENES,
    *activities.SCENES,
    *outward.SCENES,
    *joint.SCENES,
    *attendance.SCENES,
    *evidence.SCENES,
    *closing.SCENES,
    *review.SCENES,
)
"""The whole act, in the order in which it is played."""


def play_semester(stage: Stage) -> None:
    """Play every scene; `Unexpected` at the first thing that goes otherwise."""
    stage.scene("第三幕：一所学校的一个学期", "The third act: a semester of one school")
    semester = gather(stage)
    for scene in SCENES:
        stage.scene(scene.zh, scene.en, scene.requirements)
        scene.play(stage, semester)
