"""What a maker of a task has made."""

from typing import NamedTuple
from uuid import UUID

from tests.make import Person


class Made(NamedTuple):
    """The key of what waits, who is to do it, and the key of the place where it waits."""

    subject_id: UUID
    doer: Person
    at: UUID
