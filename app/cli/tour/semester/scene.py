"""What a scene of the semester is: a small function with its words and its requirements."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import getdoc

from app.cli.tour.semester.cast import Semester
from app.cli.tour.stage import Stage


@dataclass(frozen=True)
class Scene:
    """A step of the semester; what the function's own docstring says is what is asked of the API."""

    play: Callable[[Stage, Semester], None]
    zh: str
    en: str
    numbers: str = ""
    """The requirements that it meets, by their numbers, with spaces between them."""

    @property
    def requirements(self) -> list[str]:
        """The numbers, one by one."""
        return self.numbers.split()

    @property
    def asks(self) -> str:
        """What is asked of the API, in a line of text."""
        return " ".join((getdoc(self.play) or "").split())
