"""What something earns under a pack, before any cap: hours, credits, and the rule that says so."""

from decimal import Decimal
from typing import Any

from msgspec import Struct

from app.domain.credits.packs.clauses import EarningRule
from app.domain.credits.packs.parts import Stated
from app.domain.credits.rules.applicability import applies
from app.domain.credits.rules.facts import ZERO, Entry, Facts, Source
from app.domain.credits.rules.pack import Pack, selects
from app.domain.credits.rules.wording import Basis, Said, basis_of, say

_CENT = Decimal("0.01")
_ONE = Decimal(1)


class Award(Struct, frozen=True, kw_only=True):
    """What is earned, in both units; the pack's version is what the entry freezes."""

    pack_id: str
    pack_version: int
    kind: str
    hours: Decimal
    credits: Decimal
    rule_id: str
    title_zh: str
    title_en: str
    basis: Basis
    evidence: tuple[str, ...] = ()
    """The kinds of evidence that the rule asks for."""


class NoAward(Struct, frozen=True):
    """Nothing is earned, and why."""

    reason: Said


def award(facts: Facts, source: Source, pack: Pack) -> Award | NoAward:
    """What the first rule that covers the source gives, or why none does.

    A factor multiplies the hours, and the pack's ratio makes credits of them. A fixed amount is in
    the pack's unit, and the same ratio gives the other one. Each is rounded to two places, the
    credits after the hours that they come from; where the pack counts in steps, what a factor gives
    is rounded to a multiple of the step in the pack's unit.
    """
    document = pack.document
    if not document.covers(source.earned_on):
        day = source.earned_on.isoformat()
        return NoAward(say("outside_effective_dates", pack=document.title, day=day))
    begins = document.calendar.cycle_start.value
    if source.earned_on < begins:
        # A pack may be in force before its first cycle; what was earned then would count nowhere.
        return NoAward(say("before_first_cycle", pack=document.title, day=begins.isoformat()))
    rule = rule_for(facts, source, pack)
    if rule is None:
        return NoAward(say("no_rule", pack=document.title))
    hours, credited = amounts(rule, source.hours, pack)
    return Award(
        pack_id=document.id,
        pack_version=document.version,
        kind=source.kind,
        hours=hours,
        credits=credited,
        rule_id=rule.id,
        title_zh=rule.title.zh,
        title_en=rule.title.en,
        basis=basis_of(stated_by(rule)),
        evidence=rule.evidence,
    )


def rule_for(facts: Facts, record: Source | Entry, pack: Pack) -> EarningRule | None:
    """The first rule of the record's kind that selects it and is for the person on that day."""
    for rule in pack.earning.get(record.kind, ()):
        if selects(rule.when, record) and applies(rule.who, facts, record.earned_on).yes:
            return rule
    return None


def amounts(rule: EarningRule, hours: Decimal, pack: Pack) -> tuple[Decimal, Decimal]:
    """Hours and credits that the rule gives for so many hours; none where it only waives."""
    if rule.fixed is not None:
        return both_units(rule.fixed.value, pack)
    if rule.factor is None:
        return ZERO, ZERO
    step = pack.document.rounding_step
    coarse = step.value if step else _CENT
    exact, ratio = hours * rule.factor.value, pack.document.hours_per_credit.value
    recognised = _rounded(exact, pack, _CENT if pack.in_credits else coarse)
    return recognised, _rounded(recognised / ratio, pack, coarse if pack.in_credits else _CENT)


def both_units(amount: Decimal, pack: Pack) -> tuple[Decimal, Decimal]:
    """Hours and credits of an amount in the pack's unit, by the pack's ratio."""
    ratio = pack.document.hours_per_credit.value
    if pack.in_credits:
        return _rounded(amount * ratio, pack), amount
    return _rounded(amount, pack), _rounded(amount / ratio, pack)


def stated_by(rule: EarningRule) -> Stated[Any]:
    """The factor, the fixed amount or what is waived by the rule, with its source."""
    return rule.factor or rule.fixed or rule.waives  # type: ignore[return-value]


def _rounded(exact: Decimal, pack: Pack, step: Decimal = _CENT) -> Decimal:
    if step is _CENT:
        return exact.quantize(_CENT, pack.rounding)
    steps = (exact / step).quantize(_ONE, pack.rounding)
    return (steps * step).quantize(_CENT)
