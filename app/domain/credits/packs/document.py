"""The rule pack as a document: what a bureau decided, as data, with a source beside every number.

A pack is read once, when it is published; `rules.compile_pack` turns it into the plain form that
counting uses. `docs/rules.md` shows how one is written.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from app.domain.credits.packs.clauses import Cap, EarningRule, Requirement
from app.domain.credits.packs.parts import (
    Amount,
    Code,
    Leave,
    Lending,
    MonthDay,
    PackVersion,
    Part,
    Ratio,
    Reading,
    Stated,
    Text,
    Unit,
    Words,
)
from app.domain.credits.packs.problems import PackRefused, fault, problem, problems_of
from app.domain.credits.packs.procedure import Procedure
from app.domain.credits.packs.purposes import Purpose

Step = Annotated[Amount, Field(gt=0)]

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""The years in which a pack and its cycles begin: none runs out of the calendar."""
REFINABLE = ("factor", "fixed", "maximum", "at_least")
"""The numbers that a city may leave to its counties, by the last part of their place."""


class Calendar(Part):
    """The cycle (周期) and the school year (学年), as civil dates in Asia/Shanghai.

    `partial_years` says whether a year that the cycle or the person's service cuts off is required.
    """

    cycle_start: Stated[date]
    cycle_years: Stated[Annotated[int, Field(ge=1, le=10)]]
    school_year_start: Stated[MonthDay]
    partial_years: Stated[Literal["waived", "required"]]

    @field_validator("cycle_start")
    @classmethod
    def _has_anniversaries(cls, start: Stated[date]) -> Stated[date]:
        if (start.value.month, start.value.day) == (2, 29):
            raise fault("day_without_anniversary")
        return _in_the_calendar(start)


def _in_the_calendar(day: Stated[date]) -> Stated[date]:
    if not FIRST_YEAR <= day.value.year <= LAST_YEAR:
        raise fault("year_outside", first=str(FIRST_YEAR), last=str(LAST_YEAR))
    return day


class PackDocument(Part):
    """One version of the credit rules of one unit and those below it.

    It takes over from the version that it `succeeds`, on the day from which it is in force itself.
    """

    id: Code
    version: Annotated[int, Field(ge=1)]
    title: Text
    issuer: Words
    document_number: Words | None = None
    jurisdiction: Words
    synthetic: bool = False
    effective_from: Annotated[Stated[date], AfterValidator(_in_the_calendar)]
    effective_to: Stated[date] | None = None
    succeeds: PackVersion | None = None
    unit: Unit
    hours_per_credit: Stated[Ratio]
    rounding: Stated[Literal["half_up", "down"]]
    rounding_step: Stated[Step] | None = None
    calendar: Calendar
    leave: Leave | None = None
    lending: Lending | None = None
    readings: tuple[Reading, ...] = ()
    earning: tuple[EarningRule, ...]
    conversions: tuple[EarningRule, ...] = ()
    offsets: tuple[EarningRule, ...] = ()
    exemptions: tuple[EarningRule, ...] = ()
    caps: tuple[Cap, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    procedure: Procedure | None = None

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.effective_to and self.effective_to.value < self.effective_from.value:
            raise fault("dates_reversed")
        seen: set[str] = set()
        for part in (*self.readings, *self.rules(), *self.purposes):
            if part.id in seen:
                raise fault("id_repeated", name=part.id)
            seen.add(part.id)
        self._check_groups()
        for path, stated in stated_in(self):
            if stated.refinable and path.rpartition(".")[2] not in REFINABLE:
                raise fault("not_refinable", name=path)
        return self

    def _check_groups(self) -> None:
        """Shares of a group are of one sum in one window."""
        for one, other in combinations(self.requirements, 2):
            if one.group and one.group == other.group and (one.pro_rata or other.pro_rata):
                same = one.pro_rata, one.of, one.window
                if same != (other.pro_rata, other.of, other.window):
                    raise fault("group_mixed", name=one.group)

    @model_validator(mode="after")
    def _names_rules_that_are_there(self) -> Self:
        """What an exemption waives, and the rules for which evidence is asked."""
        required = {each.id: each for each in self.requirements}
        for rule in self.earning_rules():
            if rule.waives and rule not in self.exemptions:
                raise fault("waives_outside_exemptions")
            for name in rule.waives.value if rule.waives else ():
                if name not in required:
                    raise fault("requirement_unknown", name=name)
                if required[name].carry_over:
                    raise fault("waives_carried_over", name=name)
        known = {rule.id for rule in self.earning_rules()}
        for asked in self.procedure.evidence if self.procedure else ():
            if asked.rule not in known:
                raise fault("rule_unknown", name=asked.rule)
        return self

    @model_validator(mode="after")
    def _purposes_ask_what_is_there(self) -> Self:
        required = {each.id for each in self.requirements}
        kinds: set[str] = set()
        for purpose in self.purposes:
            for name in purpose.requirements:
                if name not in required:
                    raise fault("requirement_unknown", name=name)
            if purpose.kind in kinds:
                raise fault("purpose_repeated", name=purpose.kind)
            kinds.add(purpose.kind)
        return self

    def rules(self) -> Iterator[EarningRule | Cap | Requirement]:
        """Every rule of the pack, in the order in which it is written."""
        yield from self.earning_rules()
        yield from self.caps
        yield from self.requirements

    def earning_rules(self) -> Iterator[EarningRule]:
        """Every rule by which something is earned, converted, offset or exempted."""
        yield from self.earning
        yield from self.conversions
        yield from self.offsets
        yield from self.exemptions

    def covers(self, day: date) -> bool:
        """Whether the pack is in force on `day`; both ends are included."""
        until = self.effective_to.value if self.effective_to else date.max
        return self.effective_from.value <= day <= until

    def follows(self, other: "PackDocument") -> bool:
        """Whether it takes over from the other one, which began before it."""
        before = self.succeeds and (self.succeeds.id, self.succeeds.version)
        begins = other.effective_from.value < self.effective_from.value
        return begins and before == (other.id, other.version)


def read_pack(text: bytes | str) -> PackDocument:
    """The pack in a JSON text, or `PackRefused` with every problem named."""
    try:
        return PackDocument.model_validate_json(text)
    except ValidationError as error:
        raise PackRefused(problems_of(error)) from error


def check_together(packs: Sequence[PackDocument]) -> None:
    """`PackRefused` if two packs are in force for the same unit on the same day."""
    overlaps = [
        problem(f"{later.id}@{later.version}", "dates_overlap", other=f"{one.id}@{one.version}")
        for one, later in combinations(packs, 2)
        if one.jurisdiction == later.jurisdiction
        and not (one.follows(later) or later.follows(one))
        and (one.covers(later.effective_from.value) or later.covers(one.effective_from.value))
    ]
    if overlaps:
        raise PackRefused(overlaps)


def stated_in(part: BaseModel, path: str = "") -> Iterator[tuple[str, Stated[Any]]]:
    """Every stated value inside `part` with its place, in the order of the document."""
    if isinstance(part, Stated):
        yield path, part
        return
    for name in type(part).model_fields:
        value = getattr(part, name)
        place = f"{path}.{name}" if path else name
        inner = value if isinstance(value, tuple) else (value,)
        for each in inner:
            if isinstance(each, BaseModel):
                own = getattr(each, "id", None)
                yield from stated_in(each, f"{place}.{own}" if own else place)
