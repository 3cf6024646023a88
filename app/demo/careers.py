"""The careers: establishment, states of service, honours, education and growth of people who do not exist.

What rules of credit ask (rank, posts, service) is made with the people; this is what stands beside it.
Chance has a source of its own here, so that the rest of the city is the same with and without it.
"""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from app.demo.keys import Keys
from app.demo.places import RECORDED, SINCE, Place
from app.demo.rows import Rows
from app.domain.organisation.units import Stage
from app.domain.people.facts.engagement import (
    Establishment,
    PlaceKind,
    ServicePlace,
    ServiceState,
    TeacherEstablishment,
    TeacherState,
)
from app.domain.people.facts.fact import Fact
from app.domain.people.facts.merits import (
    EducationLevel,
    GrowthFinding,
    GrowthResult,
    GrowthStage,
    Honour,
    HonourLevel,
    StudyState,
    TeacherEducation,
    TeacherHonour,
)
from app.domain.people.facts.qualifications import RegistrationConclusion, TeacherRegistration
from app.domain.people.growth import YEARS, GrowthTarget

_SEED = 2026
_TODAY = RECORDED.date()
_ESTABLISHMENTS = {
    Establishment.ESTABLISHED: 88,
    Establishment.CONTRACTED: 7,
    Establishment.SPECIAL_POST: 3,
    Establishment.SUBSTITUTE: 2,
}
_STATES = {
    ServiceState.IN_SERVICE: 945,
    ServiceState.ON_LEAVE: 30,
    ServiceState.SECONDED: 15,
    ServiceState.OFF_POST: 10,
}
_HONOURS = (
    # What, of which level, of how many in a thousand, after how many years of service, for how many.
    (Honour.BACKBONE_TEACHER, HonourLevel.SCHOOL, 120, 3, 3),
    (Honour.BACKBONE_TEACHER, HonourLevel.COUNTY, 50, 5, 3),
    (Honour.TEACHING_EXPERT, HonourLevel.CITY, 20, 6, None),
    (Honour.SUBJECT_LEADER, HonourLevel.COUNTY, 15, 10, 5),
    (Honour.DUAL_MASTER_CANDIDATE, HonourLevel.CITY, 6, 8, 5),
    (Honour.CHIEF_TEACHER, HonourLevel.COUNTY, 4, 12, 3),
    (Honour.MASTER_TEACHER, HonourLevel.CITY, 3, 15, None),
    (Honour.SPECIAL_GRADE_TEACHER, HonourLevel.PROVINCIAL, 2, 20, None),
)
_ISSUERS = {
    HonourLevel.PROVINCIAL: "湖南省教育厅（演示）",
    HonourLevel.CITY: "岳阳市教育局（演示）",
    HonourLevel.COUNTY: "主管教育局（演示）",
    HonourLevel.SCHOOL: "本校",
}
_TARGETS = {
    GrowthStage.ONE_YEAR: ("一年入门", "能独立备课、上课、批改和辅导，完成见习培训。"),
    GrowthStage.THREE_YEARS: ("三年成型，成为骨干", "承担过校级以上公开课，形成自己的教学方法。"),
    GrowthStage.FIVE_YEARS: ("五年成才", "承担过县级以上公开课或课题，能带教新任教师。"),
}
_REGISTERED_FOR = 5
"""Years for which a registration is valid (《中小学教师资格定期注册暂行办法》)."""
_FINDINGS = {
    GrowthFinding.REACHED: 90,
    GrowthFinding.PARTLY_REACHED: 8,
    GrowthFinding.NOT_REACHED: 2,
}


@dataclass
class Careers:
    """Tells the careers of people one after the other."""

    rows: Rows
    keys: Keys
    random: Random = field(default_factory=lambda: Random(_SEED))  # noqa: S311  the same each time
    _schools: dict[UUID, list[Place]] = field(default_factory=dict)
    """By the bureau, the schools that were told of."""

    def expect(self, city: UUID) -> None:
        """What the city expects of its teachers at the growth stages."""
        for stage, (title, criteria) in _TARGETS.items():
            self.rows.add(
                GrowthTarget, id=self.keys(), city_id=city, county_id=city, school_id=None,
                stage=stage, title=title, criteria=criteria, valid_from=SINCE,
                recorded_at=RECORDED,
            )  # fmt: skip

    def tell(self, teacher_id: UUID, school: Place, stage: Stage, since: date) -> None:
        """One career from the first day of service on."""
        self._engage(teacher_id, since)
        self._study(teacher_id, stage, since)
        self._honour(teacher_id, since)
        self._grow(teacher_id, since)
        schools = self._schools.setdefault(school.county_id, [])
        if not schools or schools[-1].id != school.id:
            schools.append(school)
        if self.random.random() < 0.03:
            self._send(teacher_id, schools, since)
        self._register(teacher_id, since)

    def _engage(self, teacher_id: UUID, since: date) -> None:
        establishment, state = self._draw(_ESTABLISHMENTS), self._draw(_STATES)
        self._add(TeacherEstablishment, teacher_id, since, establishment=establishment)
        turned = date(2025, self.random.randint(2, 11), 1)
        if state is ServiceState.IN_SERVICE or turned <= since:
            self._add(TeacherState, teacher_id, since, state=ServiceState.IN_SERVICE)
            return
        self._add(TeacherState, teacher_id, since, turned, state=ServiceState.IN_SERVICE)
        self._add(TeacherState, teacher_id, turned, state=state)

    def _study(self, teacher_id: UUID, stage: Stage, since: date) -> None:
        first = EducationLevel.BACHELOR
        if stage is Stage.KINDERGARTEN and self.random.random() < 0.6:
            first = EducationLevel.COLLEGE
        common: dict[str, Any] = {"institution": "测试师范大学", "major": "教育学"}
        graduated = {"study": StudyState.GRADUATED, **common}
        self._add(TeacherEducation, teacher_id, date(since.year, 6, 30), level=first, **graduated)
        if self.random.random() < 0.08:
            begun = date(self.random.randint(2019, 2024), 9, 1)
            if begun <= since:
                return
            course: dict[str, Any] = {"level": EducationLevel.MASTER, **common}
            ends = date(begun.year + 3, 6, 30)
            done = ends if ends <= _TODAY else None
            self._add(
                TeacherEducation, teacher_id, begun, done, study=StudyState.IN_PROGRESS, **course
            )
            if done is not None:
                self._add(TeacherEducation, teacher_id, done, study=StudyState.GRADUATED, **course)

    def _honour(self, teacher_id: UUID, since: date) -> None:
        for honour, level, share, after, years in _HONOURS:
            if self.random.random() * 1000 >= share or since.year + after > 2025:
                continue
            # What is for a term was conferred lately, so that most of it still holds.
            first = max(since.year + after, 2025 - (years or 12))
            begins = date(self.random.randint(first, 2025), 9, 10)
            ends = None if years is None else date(begins.year + years, 9, 10)
            self._add(
                TeacherHonour, teacher_id, begins, ends, honour=honour, level=level,
                issuer=_ISSUERS[level], title="",
            )  # fmt: skip

    def _grow(self, teacher_id: UUID, since: date) -> None:
        for stage, years in YEARS.items():
            due = date(since.year + years, since.month, since.day)
            if date(2022, 9, 1) <= due <= _TODAY and self.random.random() < 0.8:
                self._add(
                    GrowthResult, teacher_id, due, stage=stage, finding=self._draw(_FINDINGS),
                    note="",
                )  # fmt: skip

    def _send(self, teacher_id: UUID, schools: list[Place], since: date) -> None:
        """From the last of these schools to the one before it, for this school year."""
        begins = date(2025, 9, 1)
        if len(schools) < 2 or since >= begins:
            return
        to = schools[-2]
        kind = self.random.choice([PlaceKind.ROTATION, PlaceKind.ITINERANT, PlaceKind.SUPPORT])
        self._add(ServicePlace, teacher_id, begins, date(2026, 7, 1), school_id=to.id, kind=kind)

    def _register(self, teacher_id: UUID, since: date) -> None:
        """The last periodic registration: the year after recruitment, and every five years."""
        years = (_TODAY.year - since.year - 1) // _REGISTERED_FOR * _REGISTERED_FOR
        begins = date(since.year + 1 + years, 7, 1)
        if begins > _TODAY:
            # Of this summer: the former one, if there was one, is over then too.
            begins = date(begins.year - _REGISTERED_FOR, 7, 1)
        if begins <= since:
            return
        # Told without chance: one in fifty has to wait for a year.
        deferred = teacher_id.int % 50 == 0
        conclusion = (
            RegistrationConclusion.DEFERRED if deferred else RegistrationConclusion.QUALIFIED
        )
        ends = date(begins.year + (1 if deferred else _REGISTERED_FOR), 7, 1)
        self._add(
            TeacherRegistration, teacher_id, begins, ends, conclusion=conclusion,
            issuer=_ISSUERS[HonourLevel.COUNTY],
        )  # fmt: skip

    def _draw(self, shares: dict[Any, int]) -> Any:
        return self.random.choices(list(shares), list(shares.values()))[0]

    def _add(
        self, table: type[Fact], teacher_id: UUID, begins: date, ends: date | None = None,
        **values: Any,
    ) -> None:  # fmt: skip
        self.rows.add(
            table, id=self.keys(), teacher_id=teacher_id, valid_from=begins, valid_to=ends,
            recorded_at=RECORDED, **values,
        )  # fmt: skip
