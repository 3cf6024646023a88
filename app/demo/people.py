"""The people: teachers with ranks, posts and sealed ID numbers, who do not exist."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID

from app.demo.careers import Careers
from app.demo.keys import Keys
from app.demo.places import RECORDED, Place
from app.demo.rows import Rows
from app.domain.organisation.units import Stage
from app.domain.people.careers import Employment, Post, Rank, TeacherPost, TeacherRank
from app.domain.people.identity import (
    IdKind,
    PersonalDataCipher,
    check_digit,
    mask_id_number,
)
from app.domain.people.pinyin import name_terms
from app.domain.people.teachers import Subject, Teacher

_SURNAMES = "王李张刘陈杨黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏"
_NO_REGION = "100000"
"""No region has this code, so that the number is nobody's; date and check digit are right."""

_FIRST_BIRTH, _LAST_BIRTH = date(1967, 1, 1), date(2002, 12, 31)
_SPAN = (_LAST_BIRTH - _FIRST_BIRTH).days

SUBJECTS: dict[Stage, Sequence[Subject]] = {
    Stage.KINDERGARTEN: (Subject.PRESCHOOL,),
    Stage.PRIMARY: (
        Subject.CHINESE, Subject.CHINESE, Subject.CHINESE, Subject.MATHEMATICS, Subject.MATHEMATICS,
        Subject.MATHEMATICS, Subject.ENGLISH, Subject.MORALITY_AND_LAW, Subject.SCIENCE,
        Subject.MUSIC, Subject.FINE_ARTS, Subject.PHYSICAL_EDUCATION,
    ),
    Stage.JUNIOR_SECONDARY: (
        Subject.CHINESE, Subject.CHINESE, Subject.MATHEMATICS, Subject.MATHEMATICS, Subject.ENGLISH,
        Subject.ENGLISH, Subject.MORALITY_AND_LAW, Subject.HISTORY, Subject.GEOGRAPHY,
        Subject.PHYSICS, Subject.CHEMISTRY, Subject.BIOLOGY, Subject.PHYSICAL_EDUCATION,
    ),
    Stage.SENIOR_SECONDARY: (
        Subject.CHINESE, Subject.MATHEMATICS, Subject.ENGLISH, Subject.MORALITY_AND_LAW,
        Subject.HISTORY, Subject.GEOGRAPHY, Subject.PHYSICS, Subject.CHEMISTRY, Subject.BIOLOGY,
        Subject.INFORMATION_TECHNOLOGY,
    ),
}  # fmt: skip
"""What is taught at each stage, often where there are many teachers of it."""

_LED_SINCE = date(2021, 9, 1)
"""Since when the schools have their principals."""

_FURTHER_POSTS = (
    (Post.CLASS_HEAD, 0.25),
    (Post.MIDDLE_LEADER, 0.06),
    (Post.SCHOOL_CADRE, 0.04),
    (Post.TRAINING_OFFICER, 0.02),
)


@dataclass(frozen=True)
class Person:
    """A teacher, with what later steps ask for."""

    id: UUID
    name: str
    number: int
    school: Place
    stage: Stage
    subject: Subject
    version: int
    """The row's `change_sequence`, by which a standing knows whose facts it was judged by."""
    birth_date: date
    rank: Rank
    rank_since: date
    posts: tuple[tuple[Post, date], ...]
    """Each with its first day."""
    since: date


@dataclass
class Register:
    """Makes teachers one after the other; no two of them have the same ID number."""

    rows: Rows
    keys: Keys
    random: Random
    cipher: PersonalDataCipher
    careers: Careers
    made: int = 0
    _led: set[UUID] = field(default_factory=set)
    """The schools that have a principal: the first of their teachers."""
    _born_on: dict[date, int] = field(default_factory=dict)

    def enter(self, school: Place, version: int) -> Person:
        """Enter one more teacher into the register of a school, at a version of change."""
        self.made += 1
        leads = school.id not in self._led
        self._led.add(school.id)
        stage = self.random.choice(school.stages)
        # Who leads a school is of the older half.
        days = self.random.randrange(_SPAN)
        born = _FIRST_BIRTH + timedelta(days=days // 2 if leads else days)
        since = date(born.year + self.random.randrange(22, 25), 9, 1)
        rank, rank_since = _rank(self.random, since)
        person = Person(
            id=self.keys(),
            name=f"{_SURNAMES[self.made % len(_SURNAMES)]}测试{self.made:05d}",
            number=self.made,
            school=school,
            stage=stage,
            subject=self.random.choice(SUBJECTS[stage]),
            version=version,
            birth_date=born,
            rank=rank,
            rank_since=rank_since,
            posts=tuple(self._posts(since, leads=leads)),
            since=since,
        )
        self._add(person)
        return person

    def _add(self, person: Person) -> None:
        number = self._id_number(person.birth_date)
        self.rows.add(
            Teacher,
            id=person.id,
            name=person.name,
            subject=person.subject,
            stage=person.stage,
            **person.school.columns,
            birth_date=person.birth_date,
            id_kind=IdKind.RESIDENT_CARD,
            id_number_sealed=self.cipher.seal(number, context=f"teacher|id_number|{person.id}"),
            id_number_index=self.cipher.blind_index(number),
            id_number=mask_id_number(number),
            name_terms=name_terms(person.name),
            change_sequence=person.version,
        )
        fact = {"teacher_id": person.id, "recorded_at": RECORDED}
        self.rows.add(
            Employment,
            id=self.keys(),
            school_id=person.school.id,
            valid_from=person.since,
            **fact,
        )
        self.rows.add(
            TeacherRank, id=self.keys(), rank=person.rank, valid_from=person.rank_since, **fact
        )
        for post, since in person.posts:
            self.rows.add(
                TeacherPost, id=self.keys(), post=post, school_id=person.school.id,
                valid_from=since, **fact,
            )  # fmt: skip
        self.careers.tell(person.id, person.school, person.stage, person.since)

    def _posts(self, since: date, *, leads: bool) -> Iterator[tuple[Post, date]]:
        yield Post.TEACHER, since
        further = _further_posts(self.random)
        if leads:
            yield Post.PRINCIPAL, max(since, _LED_SINCE)
        else:
            yield from ((post, since) for post in further)

    def _id_number(self, born: date) -> str:
        ordinal = self._born_on[born] = self._born_on.get(born, 0) + 1
        body = f"{_NO_REGION}{born:%Y%m%d}{ordinal:03d}"
        return body + check_digit(body)


def _rank(random: Random, since: date) -> tuple[Rank, date]:
    """The rank that follows from the years of work, and since when it is held."""
    for rank, years in (
        (Rank.PRINCIPAL_SENIOR, 28),
        (Rank.SENIOR, 18),
        (Rank.FIRST_GRADE, 9),
        (Rank.SECOND_GRADE, 1),
    ):
        reached = date(since.year + years, 9, 1)
        # Of the principal seniors there are few.
        common = 0.05 if rank is Rank.PRINCIPAL_SENIOR else 0.75
        if reached < RECORDED.date() and random.random() < common:
            return rank, reached
    return Rank.UNRANKED, since


def _further_posts(random: Random) -> list[Post]:
    return [post for post, share in _FURTHER_POSTS if random.random() < share]
