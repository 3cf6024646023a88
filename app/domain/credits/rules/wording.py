"""What the rules say: a code with its values, and the same in Chinese and in English.

The sentences are rendered from the structure, so that whoever shows them in a third way loses
nothing. The ground of a number travels with it.
"""

from decimal import Decimal
from typing import Any

from msgspec import Struct

from app.domain.credits.packs.document import PackDocument, stated_in
from app.domain.credits.packs.parts import Stated, Text

UNITS = {"credits": Text(zh="学分", en="credits"), "hours": Text(zh="学时", en="hours")}
WINDOWS = {
    "cycle": Text(zh="周期", en="cycle"),
    "school_year": Text(zh="学年", en="school year"),
    "calendar_year": Text(zh="年度", en="calendar year"),
    "event": Text(zh="规定期限", en="time since the event"),
}

EVENTS = {
    "recruitment": Text(zh="录用", en="recruitment"),
    "appointment": Text(zh="任职", en="appointment"),
    "promotion": Text(zh="晋升", en="promotion"),
}

# Code -> (Chinese, English). Values with two languages are given as `Text`.
SENTENCES = {
    # Why a requirement is for a person or not.
    "for_everyone": ("适用于所有人员。", "It is for everyone."),
    "matches": ("符合适用条件。", "The person is one of those it is for."),
    "not_asked": (
        "该期间不在岗，或学年、年度不完整，不作要求。",
        "Not asked: the person was not in service then, or no year of it is whole.",
    ),
    "governed_by": (
        "由要求更高的“{rule}”替代。",
        "“{rule}” asks for more and governs.",
    ),
    "rank_differs": ("职务（职称）不在适用范围：{accepted}。", "It is for the ranks {accepted}."),
    "posts_differ": ("岗位不在适用范围：{accepted}。", "It is for the posts {accepted}."),
    "stages_differ": ("学段不在适用范围：{accepted}。", "It is for the stages {accepted}."),
    "location_differs": (
        "学校所在地不在适用范围：{accepted}。",
        "It is for schools in {accepted}.",
    ),
    "too_young": ("{age}岁，未满{limit}岁。", "Aged {age}: it begins at {limit}."),
    "too_old": ("{age}岁，已超过{limit}岁。", "Aged {age}: it ends with {limit}."),
    "not_under": ("{age}岁，已满{limit}岁。", "Aged {age}: it is for those under {limit}."),
    "never_governed": (
        "该期间内没有按此项计算的时间。",
        "On no day of the time in question was it the one that governed.",
    ),
    "shared": (
        "按任职时间折算，合并计入“{rule}”。",
        "The shares by time are asked for together, in “{rule}”.",
    ),
    "pro_rata": (
        "{start}至{end}按时间折算：{share}，应达{needed}。",
        "From {start} to {end} by the time held: {share}, {needed} in all.",
    ),
    "leave_shortens": (
        "{start}至{end}有{days}天认可的离岗（共{whole}天），应达{needed}。",
        "From {start} to {end} {days} of {whole} days were recognised leave: {needed} is asked for.",
    ),
    "leave_waives": (
        "{start}至{end}有{days}天认可的离岗（共{whole}天），不作要求。",
        "From {start} to {end} {days} of {whole} days were recognised leave: nothing is asked for.",
    ),
    "exempted": (
        "{start}至{end}已准予免修，不作要求。",
        "From {start} to {end} the person was granted an exemption: nothing is asked for.",
    ),
    "in_one_piece": (
        "须一次不间断完成，各次不相加。",
        "It is to come in one piece: several do not add up.",
    ),
    "carried_over": (
        "{start}至{end}超出部分结转{amount}（至多{maximum}）。",
        "From {start} to {end} was left over and is carried on: {amount}, of {maximum} at most.",
    ),
    "since_event": (
        "自{event}（{day}）起{months}个月内，至{end}。",
        "Within {months} months of the {event} on {day}: until {end}.",
    ),
    "fact_unknown": ("缺少判断所需的信息：{fact}。", "It cannot be told without {fact}."),
    # Why nothing is earned.
    "no_rule": (
        "“{pack}”没有适用于此项的认定规则。",
        "No rule of “{pack}” covers this.",
    ),
    "outside_effective_dates": (
        "{day}不在“{pack}”的有效期内。",
        "“{pack}” is not in force on {day}.",
    ),
    "before_first_cycle": (
        "“{pack}”的第一个周期自{day}起。",
        "The first cycle of “{pack}” begins on {day}.",
    ),
    # The steps of an explanation.
    "entered": (
        "{day}入账：{hours}学时，{credits}学分。",
        "Entered for {day}: {hours} hours, {credits} credits.",
    ),
    "earned_by_factor": (
        "按“{rule}”：学时乘以{factor}，每{ratio}学时计1学分，得{amount}{unit}。",
        "By “{rule}”: hours times {factor}, {ratio} hours to a credit, earns {amount} {unit}.",
    ),
    "earned_fixed": ("按“{rule}”：计{amount}{unit}。", "By “{rule}”: earns {amount} {unit}."),
    "only_waives": (
        "按“{rule}”：准予免修，不计{unit}。",
        "By “{rule}”: an exemption that earns no {unit}.",
    ),
    "earned_as_entered": (
        "数额按账目所记，非由本规则包的认定规则得出：{amount}{unit}。",
        "The amount stands as entered, not by an earning rule of this pack: {amount} {unit}.",
    ),
    "recognised_elsewhere": (
        "由“{pack}”第{version}版认定，得{amount}{unit}。",
        "Recognised under {pack}, version {version}: earns {amount} {unit}.",
    ),
    "lends": (
        "预借{amount}{unit}，到期须归还。",
        "{amount} {unit} were lent, to be repaid when they fall due.",
    ),
    "repays": ("归还预借的{amount}{unit}。", "{amount} {unit} that were lent are repaid."),
    "reverses": ("此项冲销账目{entry}。", "This is the reversal of entry {entry}."),
    "never_counts": ("冲销本身不计。", "A reversal itself counts nothing."),
    "struck": ("此项已被冲销，不计。", "The entry was reversed and does not count."),
    "outside": (
        "不在{start}至{end}内，此处不计。",
        "It lies outside {start} to {end} and does not count here.",
    ),
    "unknown_then": ("至{day}尚未入账。", "It had not been entered by {day}."),
    "within_cap": (
        "“{rule}”：每{window}至多{maximum}，此前已计{used}，未超出，计{amount}。",
        "“{rule}”: at most {maximum} in the {window}, {used} used; all of {amount} counts.",
    ),
    "cut_by_cap": (
        "“{rule}”：每{window}至多{maximum}，此前已计{used}，核减{cut}，计{amount}。",
        "“{rule}”: at most {maximum} in the {window}, {used} used; {cut} is cut, {amount} counts.",
    ),
    "cut": ("“{rule}”核减{cut}{unit}。", "“{rule}” cuts {cut} {unit}."),
    "serves_unbroken": (
        "“{rule}”须一次完成，此项为{amount}。",
        "“{rule}” is to come in one piece, and this one is of {amount}.",
    ),
    "waives": (
        "免除该{window}的“{rule}”。",
        "It waives “{rule}” for that {window}.",
    ),
    "serves": ("计入“{rule}”：{amount}。", "Counts towards “{rule}”: {amount}."),
    # Why a frame of a purpose is not known, and what would change that a condition is not met.
    "not_registered": (
        "没有注册合格的定期注册记录，无法确定注册有效期。",
        "There is no registration on record, so that its validity is not known.",
    ),
    "registration_without_end": (
        "{day}起的定期注册没有记录有效期截止日。",
        "The registration of {day} has no end on record.",
    ),
    "rank_unknown": ("没有{day}的职称记录。", "No rank is on record for {day}."),
    "one_of_several": (
        "此处只判断培训条件，它是“{purpose}”的必备条件之一，其他条件由主管部门另行审核。",
        "This is the condition of training alone, one of several for “{purpose}”.",
    ),
    "would_meet": (
        "{start}至{end}再计入{amount}{unit}，即满足“{rule}”。",
        "{amount} more {unit} that count from {start} to {end} would meet “{rule}”.",
    ),
    "would_meet_at_once": (
        "{start}至{end}一次计入{amount}{unit}，即满足“{rule}”。",
        "{amount} {unit} at once that count from {start} to {end} would meet “{rule}”.",
    ),
    "caps_leave": (
        "“{rule}”还缺{amount}{unit}，但{caps}只余{room}{unit}，仅靠此类培训无法补足。",
        "“{rule}” lacks {amount} {unit}, but {caps} leaves room for {room} of this kind alone.",
    ),
    "no_rules_then": (
        "“{rule}”还缺{amount}{unit}，但{day}没有生效的规则。",
        "“{rule}” lacks {amount} {unit}, but no rules are in force on {day}.",
    ),
    "over": (
        "“{rule}”在{start}至{end}缺{amount}{unit}，该期间已结束。",
        "“{rule}” lacked {amount} {unit} from {start} to {end}, which is over.",
    ),
    "without_cap": (
        "“{cap}”核减过的学分如不核减，“{rule}”的缺额由{missing}减为{after}{unit}。",
        "Without the cuts of “{cap}”, “{rule}” would lack {after} {unit} and not {missing}.",
    ),
    "without_reversal": (
        "账目{entry}（{day}，{amount}{unit}）已被冲销；如重新认定，“{rule}”的缺额由{missing}减为{after}。",
        "But for the reversal of entry {entry} ({day}), “{rule}” would lack {after}, not {missing}.",
    ),
    "counted": ("最终计入{amount}{unit}。", "In the end {amount} {unit} count."),
}


class Basis(Struct, frozen=True, kw_only=True):
    """The ground of a value: its source, or who assumed it and why."""

    document: str | None = None
    article: str | None = None
    quote: str | None = None
    via: str | None = None
    assumed: bool = False
    decided_by: str | None = None
    reason_zh: str | None = None
    reason_en: str | None = None


class Assumption(Struct, frozen=True):
    """A value of the pack that no source states, by its place in the document."""

    path: str
    value: str
    basis: Basis


class Said(Struct, frozen=True):
    """A reason or a step: `values` are those of the sentence, in English where they are words."""

    code: str
    values: dict[str, str]
    zh: str
    en: str
    basis: Basis | None = None


def say(code: str, stated: Stated[Any] | None = None, **values: object) -> Said:
    """The sentence `code` with its values, on the ground of `stated`."""
    zh, en = SENTENCES[code]
    english = {name: _words(value, 1) for name, value in values.items()}
    chinese = {name: _words(value, 0) for name, value in values.items()}
    ground = None if stated is None else basis_of(stated)
    return Said(code, english, zh.format(**chinese), en.format(**english), ground)


def basis_of(stated: Stated[Any]) -> Basis:
    """The ground of a stated value, plain."""
    cited, reason = stated.citation, stated.reason
    return Basis(
        document=cited.document if cited else None,
        article=cited.article if cited else None,
        quote=cited.quote if cited else None,
        via=cited.via if cited else None,
        assumed=stated.assumed,
        decided_by=stated.decided_by,
        reason_zh=reason.zh if reason else None,
        reason_en=reason.en if reason else None,
    )


def assumptions_of(document: PackDocument) -> tuple[Assumption, ...]:
    """Everything in the pack that no source states, in the order of the document."""
    return tuple(
        Assumption(path, _words(stated.value, 1), basis_of(stated))
        for path, stated in stated_in(document)
        if stated.assumed
    )


def _words(value: object, language: int) -> str:
    if isinstance(value, Text):
        return (value.zh, value.en)[language]
    if isinstance(value, tuple):
        return ("、", ", ")[language].join(str(each) for each in value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)
