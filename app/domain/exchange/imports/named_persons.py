"""Which person a file means that has no whole ID number: by name with a part of the number, or with the school.

Files of others show a number masked (`6101**********1234`), or its last characters alone; paper has a name
and a school. Only a person in the place of the import is meant, and only where nobody else could be:
nothing is guessed. Of a number no more is compared than its first four and its last six characters.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, or_, select
from sqlmodel import Field, col

from app.domain.access.doors import PLACE
from app.domain.base import Command
from app.domain.errors import Conflict, DomainError, Invalid
from app.domain.exchange.imports.kind import Draft, Ground
from app.domain.exchange.imports.persons import identify_person, people_known
from app.domain.exchange.imports.places import Known, the_unit
from app.domain.people.identity import IdKind, normal_id_number
from app.domain.people.teachers import PersonName, Teacher
from app.domain.people.teachers.correcting import number_context
from app.sql import Connection, Row, Statement

_LEAST, _MOST_SHOWN = 4, 6
"""How many of the last characters of a number say something, and are compared."""
_HEAD = 4
_SPARE = 3
"""So many parts of numbers more than there are people of a name may stand beside that name."""


class NamedLine(Command):
    """How a row says whom it means."""

    name: PersonName | None = None
    id_kind: IdKind = IdKind.RESIDENT_CARD
    id_number: SecretStr | None = None
    school: str | None = Field(default=None, max_length=100)


class _Part(NamedTuple):
    """What is known of a number: its first characters, and its last."""

    head: str
    tail: str

    def fits(self, number: str) -> bool:
        """Whether a number can be the one."""
        return number.startswith(self.head) and number.endswith(self.tail)


# What can be refused.


class PersonNotFound(Invalid):
    """In the place of the import nobody is as the row says."""

    code = "import_person_not_found"
    zh = "导入范围内没有与姓名、证件号码（或尾号）、学校均相符的教师。"
    en = (
        "In the place of this import nobody has that name, ID number (or the end of it) and school."
    )


class PersonAmbiguous(Conflict):
    """Several people could be meant: none of them is chosen."""

    code = "import_person_ambiguous"
    zh = "有 {count} 名教师相符，无法确定是谁，请填写完整证件号码。"
    en = "{count} teachers could be meant: give the whole ID number."


class PersonNameDiffers(Conflict):
    """The number is of somebody with another name."""

    code = "import_person_name_differs"
    zh = "证件号码与姓名不是同一人，请核对。"
    en = "The ID number and the name are not of one person."


class PersonGuessed(Invalid):
    """Beside one name stand so many parts of numbers that they look like being tried out."""

    code = "import_person_guessed"
    zh = "同一姓名下出现过多不同的证件尾号，疑为试探，请填写完整证件号码。"
    en = (
        "There are too many different endings of ID numbers beside one name: give whole ID numbers."
    )


class PersonUnnamed(Invalid):
    """The row says too little for anybody to be meant."""

    code = "import_person_unnamed"
    zh = "请填写完整证件号码，或姓名与证件号码尾号（至少 4 位）{or_zh}。"
    en = "Give the whole ID number, or the name with at least the last 4 characters of it{or_en}."


# What may be asked.


def _part_of(number: SecretStr | None) -> _Part | None:
    """The part of a number that a cell gives; None where it gives the whole, or nothing."""
    if number is None:
        return None
    text = normal_id_number(number.get_secret_value())
    if "*" in text:
        return _Part(text.partition("*")[0][:_HEAD], text.rpartition("*")[2][-_MOST_SHOWN:])
    return _Part("", text) if len(text) <= _MOST_SHOWN else None


def identify_named(said: NamedLine, ground: Ground, *, by_school: bool = False) -> tuple[str, str]:
    """The key and the label of whom a row means; `by_school` lets name and school do without a number."""
    part = _part_of(said.id_number)
    if said.id_number is not None and part is None:
        return identify_person(said.id_kind, said.id_number, said.name, ground)
    if said.name is None or (part is None and not by_school):
        raise _unnamed(by_school=by_school)
    if part is not None and len(part.tail) < _LEAST:
        raise _unnamed(by_school=by_school)
    known = "|".join([said.name, said.school or "", *(part or ())])
    label = said.name if part is None else f"{said.name} *{part.tail[-_LEAST:]}"
    return f"~{ground.cipher.blind_index(known).hex()}", label


def key_about(person: str, *about: str) -> str:
    """The key of a row about something of a person: that of the person, and a digest of what it is about."""
    return f"{person}|{sha256('|'.join(about).encode()).hexdigest()[:40]}"


def _unnamed(*, by_school: bool) -> PersonUnnamed:
    return PersonUnnamed(
        or_zh="，或姓名与学校" if by_school else "", or_en=", or the school" if by_school else ""
    )


_NAMED = Statement(
    select(
        *(col(getattr(Teacher, name)) for name in ("id", *PLACE, "name", "id_number_sealed"))
    )
    .where(
        col(Teacher.name) == any_(bindparam("names", type_=ARRAY(Text))),
        col(Teacher.merged_into_id).is_(None),
        or_(
            *(
                col(getattr(Teacher, name)) == bindparam("unit_id", type_=Uuid)
                for name in PLACE
            )
        ),
    )
    .order_by(col(Teacher.id))
)  # fmt: skip


class Asked(NamedTuple):
    """A draft whose person is asked for, and at which school if it names none."""

    draft: Draft
    school_id: UUID | None = None

    @property
    def key(self) -> str:
        """The person's part of the draft's key (`key_about`)."""
        return (self.draft.key or "").partition("|")[0]


async def people_meant(
    db: Connection, *, ground: Ground, asked: Sequence[Asked], known: Known, lock: bool
) -> dict[UUID, Row | DomainError]:
    """Whom each draft means, by the key of its row, or why it means nobody.

    With `lock` those with a whole number are held until the transaction ends.
    """
    whole = [each.key for each in asked if not each.key.startswith("~")]
    by_number = await people_known(db, keys=whole, lock=lock)
    names = sorted({each.draft.said.name for each in asked if each.key.startswith("~")})
    by_name: dict[str, list[Row]] = {}
    if names:
        for row in await db.all(_NAMED, names=names, unit_id=ground.unit_id):
            by_name.setdefault(row["name"], []).append(row)

    guessed = _guessed_names(asked, by_name)

    @cache
    def number_of(teacher_id: UUID, sealed: bytes) -> str:
        # Each number is opened once, however many rows name somebody so.
        return ground.cipher.open(sealed, context=number_context(teacher_id))

    return {
        each.draft.row_id: _by_number(each, by_number, ground)
        if not each.key.startswith("~")
        else PersonGuessed()
        if each.draft.said.name in guessed
        else _by_name(each, by_name, known, number_of)
        for each in asked
    }


def _guessed_names(asked: Sequence[Asked], found: Mapping[str, list[Row]]) -> set[str]:
    """The names beside which parts of numbers are tried out: whoever hits would learn that part."""
    parts: dict[str, set[_Part]] = {}
    for each in asked:
        part = _part_of(each.draft.said.id_number)
        if part is not None:
            parts.setdefault(each.draft.said.name, set()).add(part)
    return {
        name for name, tried in parts.items() if len(tried) > len(found.get(name, ())) * 2 + _SPARE
    }


def _by_number(asked: Asked, found: Mapping[str, Row], ground: Ground) -> Row | DomainError:
    person, name = found.get(asked.key), asked.draft.said.name
    if person is None or not ground.covers(person):
        return PersonNotFound()
    return person if name in {None, person["name"]} else PersonNameDiffers()


def _by_name(
    asked: Asked,
    found: Mapping[str, list[Row]],
    known: Known,
    number_of: Callable[[UUID, bytes], str],
) -> Row | DomainError:
    said, part = asked.draft.said, _part_of(asked.draft.said.id_number)
    school_id: Any = asked.school_id
    if said.school is not None:
        school = the_unit(known, said.school)
        if isinstance(school, DomainError):
            return school
        school_id = school["id"]
    if part is None and school_id is None:
        return _unnamed(by_school=True)
    people = [row for row in found.get(said.name, ()) if school_id in {None, row["school_id"]}]
    if part is not None:
        people = [row for row in people if part.fits(number_of(row["id"], row["id_number_sealed"]))]
    if len(people) > 1:
        return PersonAmbiguous(count=len(people))
    return people[0] if people else PersonNotFound()
