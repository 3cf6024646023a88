"""Activities as scenes need them: drafted with their sessions, published, and held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.cli.tour.semester.cast import Semester, key_of
from app.cli.tour.stage import Player, Stage
from app.domain.base import civil_date

_ORDINARY = {
    "kind": "lecture",
    "mode": "concentrated",
    "channel": "school_based",
    "content": ["teaching_methods"],
}


@dataclass(frozen=True)
class Held:
    """An activity and its sessions, by their keys."""

    id: str
    session_ids: list[str]

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/activities/{self.id}"

    @property
    def session(self) -> str:
        """Where its first session is."""
        return f"/sessions/{self.session_ids[0]}"


def draft(
    stage: Stage,
    semester: Semester,
    title: str,
    hours: Iterable[tuple[datetime, datetime]],
    *,
    by: Player | None = None,
    steps: Iterable[str] = (),
    **fields: Any,
) -> Held:
    """An activity of the school, or of whom the fields name, with a session of an hour for each time."""
    player, times, named = by or semester.school, sorted(hours), list(steps)
    if not fields.keys() & {"organiser_unit_id", "organiser_group_id", "organiser_department_id"}:
        fields["organiser_unit_id"] = semester.school_id
    last = civil_date(times[-1][1] - timedelta(seconds=1))
    new = {
        **_ORDINARY,
        "title": f"{title} {semester.stamp}",
        "hours": f"{len(times)}.00",
        "starts_on": civil_date(times[0][0]).isoformat(),
        "ends_on": last.isoformat(),
        **fields,
    }
    activity = stage.call(player, "POST", "/activities", expect=201, json=new)
    held = Held(key_of(activity), [])
    for number, time in enumerate(times):
        more = {"step": named[number]} if named else {}
        session = stage.call(
            player, "POST", f"{held.path}/sessions", expect=201, json=an_hour(time) | more
        )
        held.session_ids.append(key_of(session))
    return held


def an_hour(time: tuple[datetime, datetime]) -> dict[str, Any]:
    """A session of a time, which counts for one hour."""
    starts_at, ends_at = time
    return {
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
        "place": "演示会议室",
        "speaker": "演示主讲",
        "hours": "1.00",
    }


def announce(
    stage: Stage,
    semester: Semester,
    title: str,
    hours: Iterable[tuple[datetime, datetime]],
    **fields: Any,
) -> Held:
    """The same, published at once by whoever drafted it."""
    held = draft(stage, semester, title, hours, **fields)
    stage.call(fields.get("by") or semester.school, "POST", f"{held.path}/publish")
    return held


def enter(
    stage: Stage,
    semester: Semester,
    held: Held,
    teacher_ids: Iterable[str],
    *,
    by: Player | None = None,
    role: str = "participant",
) -> None:
    """The register of every session says that these were there."""
    present = {"teacher_ids": list(teacher_ids), "status": "present", "role": role}
    for session_id in held.session_ids:
        path = f"/sessions/{session_id}/attendance"
        stage.call(by or semester.school, "POST", path, json=present)


def conclude(stage: Stage, semester: Semester, held: Held, *, by: Player | None = None) -> None:
    """It is held, and closed."""
    for done in ("hold", "close"):
        stage.call(by or semester.school, "POST", f"{held.path}/{done}")


def form_of(stage: Stage, semester: Semester, code: str) -> dict[str, Any]:
    """The version of a form that is in force."""
    path = f"/activity-forms?code={code}&in_force=true"
    (form,) = stage.call(semester.school, "GET", path, quiet=True)["items"]
    return dict(form)
