"""Comparing what is stated: each way of comparing in one place, and what each needs to be told. Pure."""

from collections.abc import Callable, Sequence

from app.domain.errors import Unfit
from app.domain.quality.stated_figures.answer import Answer, Registered, line
from app.domain.quality.stated_figures.dates import compare_date_order
from app.domain.quality.stated_figures.named import (
    compare_names,
    compare_numbering,
    compare_one_value,
    compare_term,
)
from app.domain.quality.stated_figures.numbers import (
    compare_count,
    compare_parts,
    compare_within,
)
from app.domain.quality.stated_figures.ruled import compare_rules
from app.domain.quality.stated_figures.shares import compare_joint_shares, compare_share
from app.domain.quality.stated_figures.vocabulary import (
    FigureComparison,
    FigureReason,
    FigureUnit,
    FigureVerdict,
    NewStatedValue,
    StatedValue,
    ValueRole,
)
from app.domain.quality.stated_figures.wording import examine_text

_C, _V = FigureComparison, ValueRole


MOST = 30
"""How many values a statement has at most."""
NEEDS: dict[FigureComparison, dict[ValueRole, tuple[int, int]]] = {
    _C.COUNT: {_V.VALUE: (1, 1)},
    _C.PARTS: {_V.WHOLE: (1, 1), _V.PART: (1, MOST)},
    _C.SHARE: {_V.SHARE: (1, 1), _V.NUMERATOR: (0, 1), _V.BASE: (0, 1)},
    _C.JOINT_SHARES: {_V.NUMERATOR: (2, MOST), _V.SHARE: (2, MOST), _V.BASE: (0, 5)},
    _C.WITHIN: {_V.WHOLE: (1, 1), _V.PART: (1, MOST)},
    _C.DATE_ORDER: {_V.EVENT: (2, MOST)},
    _C.ONE_VALUE: {_V.VALUE: (2, MOST)},
    _C.NUMBERING: {_V.SECTION: (2, MOST)},
    _C.NAMES: {_V.NAME: (1, MOST), _V.WHOLE: (0, 1)},
    _C.TEXT: {},
    _C.TERM: {_V.TERM: (1, 1), _V.DEFINITION: (0, 5)},
    _C.RULES: {_V.RULE: (2, MOST)},
    _C.REMARK: {_V.VALUE: (0, MOST)},
}
"""How many values of each part a comparison takes: the least and the most."""
_NUMBERS = {_V.WHOLE, _V.PART, _V.NUMERATOR, _V.BASE, _V.SHARE, _V.RULE}
_ADDED = {_C.PARTS}
"""The comparisons in which numbers are added up: only of one unit of counting."""


def check_values(comparison: FigureComparison, values: Sequence[NewStatedValue]) -> None:
    """Refuse values that a comparison cannot be made of, saying which."""
    roles = NEEDS[comparison]
    for role in ValueRole:
        count = sum(1 for each in values if each.role == role)
        least, most = roles.get(role, (0, 0))
        if not least <= count <= most:
            raise Unfit(
                f"“{comparison}”需要 {least} 至 {most} 个“{role}”，实有 {count} 个。",
                f"'{comparison}' takes {least} to {most} of '{role}', not {count}.",
            )
    for each in values:
        is_number = each.role in _NUMBERS or comparison is _C.COUNT
        if is_number and (each.number is None or each.counted_in is None):
            raise Unfit(
                f"“{each.label}”须有数值和计量单位。",
                f"'{each.label}' has a number and says in what it is counted.",
            )
        if (each.role is _V.SHARE) != (each.counted_in is FigureUnit.PERCENT):
            raise Unfit(
                "百分比须以百分号计，且仅百分比如此。", "Shares, and only they, are of a hundred."
            )
    if comparison in _ADDED and len({each.counted_in for each in values}) > 1:
        raise Unfit(
            "人、人次等不同计量单位不能相加。", "What is counted in different units is not added."
        )
    if comparison is _C.JOINT_SHARES:
        _check_pairs(values)


def _check_pairs(values: Sequence[NewStatedValue]) -> None:
    """Of several percentages each has one numerator, under the same name of a scope."""
    above, shares = (
        sorted(each.scope or "" for each in values if each.role == role)
        for role in (_V.NUMERATOR, _V.SHARE)
    )
    if above != shares or len(set(shares)) < len(shares):
        raise Unfit(
            "每个百分比须有且仅有一个同口径的分子。", "Each share has one numerator of its scope."
        )


_BY_VALUES: dict[FigureComparison, Callable[[Sequence[StatedValue]], Answer]] = {
    _C.DATE_ORDER: compare_date_order,
    _C.ONE_VALUE: compare_one_value,
    _C.NUMBERING: compare_numbering,
    _C.TERM: compare_term,
    _C.RULES: compare_rules,
}
_BY_REGISTER: dict[
    FigureComparison, Callable[[Sequence[StatedValue], Registered | None], Answer]
] = {
    _C.COUNT: compare_count,
    _C.PARTS: compare_parts,
    _C.SHARE: compare_share,
    _C.JOINT_SHARES: compare_joint_shares,
    _C.WITHIN: compare_within,
    _C.NAMES: compare_names,
}


def compare(
    comparison: FigureComparison,
    values: Sequence[StatedValue],
    *,
    quote: str,
    registered: Registered | None = None,
) -> Answer:
    """What is answered to a statement, by itself and against what is registered."""
    if comparison is _C.TEXT:
        return examine_text(quote)
    if comparison in _BY_VALUES:
        return _BY_VALUES[comparison](values)
    if comparison in _BY_REGISTER:
        return _BY_REGISTER[comparison](values, registered)
    return Answer(
        verdict=FigureVerdict.FOR_PEOPLE,
        reasons=(FigureReason.HUMAN_JUDGEMENT,),
        lines=tuple(line(each) for each in values),
    )
