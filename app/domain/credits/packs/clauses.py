"""The rules of a pack: what something earns, what of it counts at most, what is asked of whom."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from app.domain.credits.packs.parts import (
    Amount,
    Code,
    Part,
    Ratio,
    Selection,
    Since,
    Stated,
    Text,
    Who,
    Window,
)
from app.domain.credits.packs.problems import fault


class EarningRule(Part):
    """What something is worth: `factor` times its hours, or a `fixed` amount in the pack's unit.

    `when` and `who` are its conditions; `evidence` are the kinds of evidence of which whoever claims it
    has to bring one each. An exemption may name requirements that it `waives` in the windows in which it
    is granted, with an amount of its own or without one.
    """

    id: Code
    title: Text
    when: Selection = Selection()
    who: Who = Who()
    factor: Stated[Ratio] | None = None
    fixed: Stated[Amount] | None = None
    waives: Stated[Annotated[tuple[Code, ...], Field(min_length=1)]] | None = None
    evidence: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def _earns_one_way(self) -> Self:
        ways = (self.factor, self.fixed).count(None)
        if ways == 0 or (ways == 2 and self.waives is None):
            raise fault("one_of", names="factor, fixed")
        return self


class Cap(Part):
    """At most `maximum` of the selected entries counts in each window of the calendar.

    It cuts the entries of the persons whom it is for, on the day of earning; of somebody of whom that
    cannot be told it cuts nothing. What they had before in the window takes up its room all the same.
    """

    id: Code
    title: Text
    of: Selection
    window: Window
    who: Who = Who()
    maximum: Stated[Amount]

    @model_validator(mode="after")
    def _goes_by_the_calendar(self) -> Self:
        if self.window is Window.EVENT:
            raise fault("cap_since_event")
        return self


class Requirement(Part):
    """At least this much of what counts, in each window, from the persons it is for.

    `some` asks for any amount above zero. Of the requirements that share a `group` the highest that
    applies to a person governs. `on_change` says what a rank or a post that changes within a window
    means: the whole is asked by the day of the standing (`day`, as without it), or a share by the days
    on which it was for the person (`pro_rata`), of a group the shares of all together.

    `since` goes with the window `event`, once. `carry_over` is how much of what exceeds one window may
    count towards the next; a cycle hands on to a cycle, a year to a year of the same cycle.

    `unbroken` asks for the whole amount from one entry (一次性不间断): smaller ones do not add up to it.
    """

    id: Code
    title: Text
    of: Selection = Selection()
    window: Window
    since: Since | None = None
    who: Who = Who()
    group: Code | None = None
    at_least: Stated[Amount] | None = None
    some: Stated[Literal[True]] | None = None
    on_change: Stated[Literal["day", "pro_rata"]] | None = None
    carry_over: Stated[Amount] | None = None
    unbroken: Stated[Literal[True]] | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        if (self.at_least is None) == (self.some is None):
            raise fault("one_of", names="at_least, some")
        if (self.since is None) != (self.window is not Window.EVENT):
            raise fault("event_and_window")
        if self.some and (self.pro_rata or self.carry_over):
            raise fault("some_is_no_amount")
        if self.carry_over and (self.pro_rata or self.since):
            raise fault("carry_over_impossible")
        if self.unbroken and (self.some or self.pro_rata or self.carry_over):
            raise fault("unbroken_is_whole")
        if self.since and (self.pro_rata or self.group):
            raise fault("event_stands_alone")
        named = {"appointment": self.who.posts, "promotion": self.who.ranks}
        if self.since and not named.get(self.since.event, True):
            raise fault("event_unknown", name=self.since.event)
        return self

    @property
    def ground(self) -> Stated[Any]:
        """The one thing that it asks, with its source."""
        return self.at_least or self.some  # type: ignore[return-value]

    @property
    def pro_rata(self) -> bool:
        """Whether a share by the time is asked."""
        return self.on_change is not None and self.on_change.value == "pro_rata"
