"""The semester of the tour as documentation: its table, its requirements, its operations.

That it goes as it should is tested where a server runs (test_run).
"""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from app.cli.tour.semester import SCENES
from app.cli.tour.semester.days import Days
from app.cli.tour.semester.scene import Scene
from app.contract import openapi_text
from app.domain.training.school_calendars import NewTerm

DOCUMENT = (Path(__file__).parents[2] / "docs/semester.md").read_text("utf-8")
DEMANDED = {f"R{n}" for n in (*range(37, 92), 188, *range(192, 199), 201, 206, 211)}


def row(number: int, scene: Scene) -> str:
    return f"| {number} | {scene.zh}<br>{scene.en} | {scene.numbers} | {scene.asks} |"


def test_the_table_is_that_of_the_scenes() -> None:
    written = re.findall(r"^\| \d+ \|.*\|$", DOCUMENT, re.MULTILINE)
    assert written == [row(number, scene) for number, scene in enumerate(SCENES, 1)]


def test_every_requirement_has_a_scene_or_a_word_why_not() -> None:
    met = {number for scene in SCENES for number in scene.requirements}
    assert met <= DEMANDED
    without = set(re.findall(r"^- \*\*(R\d+)\*\*", DOCUMENT, re.MULTILINE))
    assert met.isdisjoint(without)
    assert met | without == DEMANDED


def test_what_a_scene_is_said_to_ask_exists() -> None:
    # Names in backticks are operations, fields or codes: each stands in the contract or in the code.
    sources = Path(__file__).parents[2].glob("app/domain/**/*.py")
    texts = (openapi_text(), *(path.read_text("utf-8") for path in sources))
    known = {word for text in texts for word in re.findall(r"\w+", text)}
    named = {name for scene in SCENES for name in re.findall(r"`(\w+)`", scene.asks)}
    assert len(named) > 100
    assert named <= known, named - known


def test_it_can_be_played_on_any_day_and_at_any_hour() -> None:
    first = datetime(2026, 7, 1, 16, tzinfo=UTC)
    for moment in (first + timedelta(hours=7 * n, seconds=-(n % 2)) for n in range(1400)):
        days = Days.around(moment)
        NewTerm.model_validate(days.named | days.term)
        assert days.begins < days.today < days.ends
        starts_at, _ = days.coming(2, 9)
        assert starts_at > moment
        assert starts_at.isoweekday() == 2
        weeks, _ = divmod((starts_at.date() - days.begins).days, 7)
        assert weeks % 2 == 0


def test_hours_that_are_over_lie_apart() -> None:
    days = Days.around(datetime(2026, 8, 31, 16, 5, tzinfo=UTC))
    hours = [days.over(nth) for nth in range(60)]
    assert all(starts_at < ends_at < days.now for starts_at, ends_at in hours)
    assert all(later[0] > earlier[1] for later, earlier in pairwise(hours))
