"""A roster as the files that imports take: units, people, groups with their members."""

import re
from dataclasses import dataclass, field
from datetime import date

from app.oneroster.roster import Class, Enrolment, Org, Person, Roster, Unreadable
from app.oneroster.supplement import KIND, NUMBER, OF_PEOPLE, OF_SCHOOLS, Supplement

_LEVELS = {"district": "县级", "school": "学校"}
"""What organisations of a type are with us; of other types none are taken over."""
_CODE = re.compile(r"[0-9]{6}|[0-9]{10}")
_UNITS = ("单位名称", "单位代码", "上级单位", "层级", *OF_SCHOOLS)
_PEOPLE = ("姓名", KIND, NUMBER, "学校", *OF_PEOPLE)
_GROUPS = ("教研组名称", "所属单位", "学科", "姓名", KIND, NUMBER, "职责", "加入日期")

Table = list[list[str]]


@dataclass
class Lines:
    """The lines of each file, names first; and what of the roster is in none of them."""

    units: Table = field(default_factory=lambda: [list(_UNITS)])
    people: Table = field(default_factory=lambda: [list(_PEOPLE)])
    groups: Table = field(default_factory=lambda: [list(_GROUPS)])
    without_number: int = 0
    """People of whom no ID number is known."""
    left_out: int = 0
    """Organisations of another kind; enrolments of pupils, of people without a number, and those over."""


def lines_of(
    roster: Roster,
    supplement: Supplement,
    *,
    root: str | None,
    document: str | None,
    today: date,
) -> Lines:
    """The files; `root` is the organisation that the unit of the import is, `document` a type of `userIds`."""
    writer = _Writer(roster, supplement, _root(roster, root), document, today)
    writer.write_units()
    writer.write_people()
    writer.write_groups()
    return writer.lines


def _root(roster: Roster, named: str | None) -> str | None:
    """The organisation that the unit of the import is: the one named, or the only one without a superior."""
    if named is not None:
        if named not in roster.orgs:
            raise Unreadable(
                f"名册中没有机构 {named}。", f"The roster has no organisation {named}."
            )
        return named
    highest = [each.key for each in roster.orgs.values() if each.parent not in roster.orgs]
    return highest[0] if len(highest) == 1 else None


class _Writer:
    def __init__(
        self,
        roster: Roster,
        supplement: Supplement,
        root: str | None,
        document: str | None,
        today: date,
    ) -> None:
        self.lines = Lines()
        self._roster, self._supplement = roster, supplement
        self._root, self._document, self._today = root, document, today.isoformat()

    def write_units(self) -> None:
        """Superiors stand above those below them."""
        for org in sorted(self._roster.orgs.values(), key=self._depth):
            if org.key == self._root:
                continue
            if org.type not in _LEVELS:
                self.lines.left_out += 1
                continue
            code = org.identifier if _has_code(org) else ""
            above = self._word(org.parent)
            line = [org.name, code or "", above, _LEVELS[org.type]]
            self.lines.units.append(line + self._more(org.key, OF_SCHOOLS))

    def write_people(self) -> None:
        """Whoever has an ID number; the others are counted."""
        for person in self._roster.people.values():
            whose = self._whose(person)
            if whose is None:
                self.lines.without_number += 1
                continue
            line = [*whose, self._word(person.org)]
            self.lines.people.append(line + self._more(person.key, OF_PEOPLE))

    def write_groups(self) -> None:
        """A line for each member of today; a group without any has one of its own."""
        members: dict[str, list[Enrolment]] = {key: [] for key in self._roster.classes}
        for enrolment in self._roster.enrolments.values():
            is_over = enrolment.ends is not None and enrolment.ends[:10] <= self._today
            if enrolment.role != "teacher" or is_over or enrolment.of not in members:
                self.lines.left_out += 1
            else:
                members[enrolment.of].append(enrolment)
        for key, found in members.items():
            group = self._roster.classes[key]
            lines = [line for each in found if (line := self._member(group, each)) is not None]
            self.lines.left_out += len(found) - len(lines)
            self.lines.groups += lines or [[*self._group(group), "", "", "", "", ""]]

    def _group(self, group: Class) -> list[str]:
        return [group.title, self._word(group.org), group.subject or ""]

    def _member(self, group: Class, enrolment: Enrolment) -> list[str] | None:
        person = self._roster.people.get(enrolment.person)
        whose = None if person is None else self._whose(person)
        if whose is None:
            return None
        duty = "组长" if enrolment.primary else "组员"
        return [*self._group(group), *whose, duty, (enrolment.begins or "")[:10]]

    def _whose(self, person: Person) -> list[str] | None:
        """Name, kind of document and number; None where no number is known."""
        told = self._supplement.get(person.key, {})
        if number := told.get(NUMBER):
            return [person.name, told.get(KIND, ""), number]
        number = person.documents.get(self._document or "")
        return [person.name, "", number] if number else None

    def _more(self, key: str, names: tuple[str, ...]) -> list[str]:
        told = self._supplement.get(key, {})
        return [told.get(name, "") for name in names]

    def _word(self, key: str | None) -> str:
        """What our files call an organisation: its code, or its name; nothing for the import's own unit."""
        org = None if key is None or key == self._root else self._roster.orgs.get(key)
        if org is None or org.type not in _LEVELS:
            return ""
        return str(org.identifier) if _has_code(org) else org.name

    def _depth(self, org: Org) -> int:
        """How many there are above it; one that is above itself is above nobody."""
        seen: set[str] = set()
        at: Org | None = org
        while at is not None and at.parent is not None and at.key not in seen:
            seen.add(at.key)
            at = self._roster.orgs.get(at.parent)
        return len(seen)


def _has_code(org: Org) -> bool:
    return _CODE.fullmatch(org.identifier or "") is not None
