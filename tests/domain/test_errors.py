"""Refusals in words."""

from datetime import datetime

from app.domain.errors import Conflict


class Late(Conflict):
    """It is over."""

    code = "late"
    zh = "“{title}”于{ended_at}结束。"
    en = "'{title}' ended at {ended_at}."


def test_moments_are_said_by_the_clock_of_those_who_read_them() -> None:
    details = {"title": "2026年", "ended_at": "2026-11-24T17:38:29.181012+00:00"}
    refusal = Late(**details | {"ended_at": datetime.fromisoformat(details["ended_at"])})
    assert refusal.message("zh") == "“2026年”于2026-11-25 01:38结束。"
    assert refusal.message("en") == str(refusal) == "'2026年' ended at 2026-11-25 01:38."
    # Programs have them as they are.
    assert refusal.details == details


def test_what_is_no_moment_is_said_as_it_is() -> None:
    for given in (
        "2026-11-24", "10:30", "2026-11-24T10:00:00", "课题 2026-11-24T10:00:00Z",
        "2026-13-24T10:00:00Z", "9999-12-31T23:00:00Z", "2026-11-24T10:00:00+99:00",
    ):  # fmt: skip
        assert Late(title=given, ended_at=7).message("en") == f"'{given}' ended at 7."
