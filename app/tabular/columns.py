"""The columns of a table: what each is called by machines and by people, and what may stand in it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.tabular.rows import clean_head


class Column(NamedTuple):
    """A column of a table.

    `name` is the machine's, `title` the people's (Chinese); the line of names holds both. `note` says
    what to enter; where there are `choices` it is one of them; `examples` are shown in templates.
    """

    name: str
    title: str
    note: str = ""
    choices: Sequence[str] = ()
    examples: Sequence[str] = ()
    required: bool = False

    @property
    def head(self) -> str:
        """What stands above the column."""
        return f"{self.title} {self.name}" if self.title != self.name else self.name


def column_of_field(name: str, description: str | None) -> Column:
    """The column for a field that is described as fields are here: 中文，说明 / English."""
    title = (description or name).partition(" / ")[0]
    for end in "，；：。（":
        title = title.partition(end)[0]
    return Column(name, title.strip() or name)


def names_by_head(columns: Sequence[Column]) -> Mapping[str, str]:
    """What may stand in the line of names, and which column each means: title, name or both."""
    return {
        clean_head(spelling): column.name
        for column in columns
        for spelling in (column.title, column.name, column.head)
    }
