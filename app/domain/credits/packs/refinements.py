"""Refinements (县级细化): the numbers that a county sets where the city's pack leaves them to it.

A county writes no rules: it names numbers of one version of the city's pack by their place, such as
`caps.school-based-five-years.maximum`, with a value and its ground. A number that the city did not
mark as refinable is locked, and one that may be raised is not lowered.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ValidationError, WithJsonSchema, model_validator

from app.domain.credits.packs.document import PackDocument, stated_in
from app.domain.credits.packs.parts import (
    EXACT,
    Code,
    PackVersion,
    Part,
    Stated,
    Text,
    Words,
    exact,
)
from app.domain.credits.packs.problems import PackRefused, Problem, fault, problem, problems_of

Number = Annotated[
    Decimal,
    BeforeValidator(exact),
    Field(ge=0, max_digits=8, decimal_places=4),
    WithJsonSchema(EXACT, mode="validation"),
]


class RefinedNumber(Part):
    """A number of the pack by its place in it, as the county has it."""

    number: Words
    value: Stated[Number]


class Refinement(Part):
    """One version of what a county sets otherwise than the pack of its city."""

    id: Code
    version: Annotated[int, Field(ge=1)]
    title: Text
    issuer: Words
    document_number: Words | None = None
    refines: PackVersion
    effective_from: Stated[date]
    effective_to: Stated[date] | None = None
    succeeds: PackVersion | None = None
    numbers: Annotated[tuple[RefinedNumber, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.effective_to and self.effective_to.value < self.effective_from.value:
            raise fault("dates_reversed")
        named = [each.number for each in self.numbers]
        for each in named:
            if named.count(each) > 1:
                raise fault("number_repeated", name=each)
        return self


def read_refinement(text: bytes | str) -> Refinement:
    """The refinement in a JSON text, or `PackRefused` with every problem named."""
    try:
        return Refinement.model_validate_json(text)
    except ValidationError as error:
        raise PackRefused(problems_of(error)) from error


def refined(pack: PackDocument, refinement: Refinement) -> PackDocument:
    """The city's pack with the county's numbers; `PackRefused` names each that cannot be refined so."""
    problems = tuple(_problems(pack, refinement))
    if problems:
        raise PackRefused(problems)
    written = pack.model_dump(mode="json", exclude_defaults=True)
    for each in refinement.numbers:
        section, rule_id, name = each.number.split(".")
        rule = next(rule for rule in written[section] if rule["id"] == rule_id)
        rule[name] = each.value.model_dump(mode="json", exclude_defaults=True)
    try:
        return PackDocument.model_validate(written)
    except ValidationError as error:
        raise PackRefused(problems_of(error)) from error


def _problems(pack: PackDocument, refinement: Refinement) -> Iterator[Problem]:
    if not pack.covers(refinement.effective_from.value):
        yield problem("effective_from", "refines_outside", name=f"{pack.id}@{pack.version}")
    numbers: dict[str, Stated[Any]] = dict(stated_in(pack))
    for index, each in enumerate(refinement.numbers):
        place, known = f"numbers.{index}.number", numbers.get(each.number)
        if known is None:
            yield problem(place, "number_unknown", name=each.number)
        elif known.refinable is None:
            yield problem(place, "number_locked", name=each.number)
        elif known.refinable == "raise" and each.value.value < known.value:
            yield problem(place, "number_lowered", name=each.number, value=f"{known.value:f}")
        elif known.refinable == "lower" and each.value.value > known.value:
            yield problem(place, "number_raised", name=each.number, value=f"{known.value:f}")
