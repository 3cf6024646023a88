"""What is said of the schools: their titles, who answers for training, and one that was merged."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from app.demo.keys import Keys
from app.demo.people import Person
from app.demo.places import RECORDED, SINCE, Place, Places
from app.demo.rows import Rows
from app.domain.base import SHANGHAI
from app.domain.organisation.designations import Designation, DesignationKind, DesignationLevel
from app.domain.organisation.location_classes import UnitLocated
from app.domain.organisation.names_and_codes import CodeKind, UnitCode, UnitNamed
from app.domain.organisation.reorganisations import Reorganisation, ReorganisationKind
from app.domain.organisation.responsibilities import Responsibility, SchoolDuty
from app.domain.organisation.units import Level, Stage, Unit
from app.domain.people.facts.posts import Post

MERGED_ON = date(2024, 9, 1)
_NAMED_ON = date(2016, 11, 29)
_TITLES = (
    *[(DesignationKind.EXPERIMENTAL, DesignationLevel.CITY, "高效课堂市级实验校")] * 4,
    *[(DesignationKind.EXPERIMENTAL, DesignationLevel.COUNTY, "高效课堂县级实验校")] * 8,
    (DesignationKind.DEMONSTRATION_BASE, DesignationLevel.CITY, "校本研修市级示范基地校"),
)
"""As many as a county's report names: four municipal and eight county schools, and one base."""


class Schools:
    """Tells of the schools what the people of the bureaux and of the schools have recorded."""

    def __init__(self, rows: Rows, keys: Keys) -> None:
        self._rows = rows
        self._keys = keys
        self._titles = iter(_TITLES)

    def merge_one(self, places: Places, *, recorded_by: UUID) -> None:
        """A teaching point that was merged into the first school of 平江县, empty since."""
        successor = places.schools_of(places.bureaux["平江县"])[0]
        unit_id, name = self._keys(), "平江县测试教学点"
        self._rows.add(
            Unit,
            id=unit_id,
            level=Level.SCHOOL,
            name=name,
            stages=[Stage.PRIMARY],
            location="rural",
            location_code="220",
            closed_on=MERGED_ON,
            parent_id=successor.county_id,
            city_id=successor.city_id,
            county_id=successor.county_id,
            school_id=unit_id,
        )
        fact = {"unit_id": unit_id, "valid_from": SINCE, "recorded_at": RECORDED}
        self._rows.add(UnitNamed, id=self._keys(), name=name, valid_to=None, **fact)
        lay = {"location": "rural", "location_code": "220", "valid_to": None}
        self._rows.add(UnitLocated, id=self._keys(), **fact, **lay)
        code = {"kind": CodeKind.SCHOOL, "code": "2143999999", "valid_to": MERGED_ON}
        self._rows.add(UnitCode, id=self._keys(), **(fact | code))
        self._rows.add(
            Reorganisation,
            id=self._keys(),
            unit_id=unit_id,
            kind=ReorganisationKind.MERGER,
            effective_on=MERGED_ON,
            document="平教发〔2024〕测试1号",
            successor_id=successor.id,
            recorded_at=datetime.combine(MERGED_ON, datetime.min.time(), SHANGHAI)
            + timedelta(hours=9),
            recorded_by=recorded_by,
        )

    def describe(self, school: Place, people: Sequence[Person]) -> None:
        """A school's title, where it bears one, and who answers for training in it."""
        fact = {"unit_id": school.id, "recorded_at": RECORDED}
        for kind, level, title in [each for each in [next(self._titles, None)] if each]:
            by_city = level is DesignationLevel.CITY
            self._rows.add(
                Designation,
                id=self._keys(),
                kind=kind,
                level=level,
                title=title,
                issuer="岳阳市教育局" if by_city else "县（市、区）教育局",
                valid_from=_NAMED_ON,
                **fact,
            )
        principal = self._holder(people, Post.PRINCIPAL, people[0])
        officer = self._holder(people, Post.TRAINING_OFFICER, people[-1])
        for duty, person, department, tasks in (
            (SchoolDuty.FIRST_RESPONSIBLE, principal, None, "第一责任人，主持校本研修工作"),
            (SchoolDuty.TRAINING_LEAD, officer, "教导处", "教师培训专管，登记学时与学分"),
        ):
            self._rows.add(
                Responsibility,
                id=self._keys(),
                duty=duty,
                teacher_id=person.id,
                department=department,
                tasks=tasks,
                valid_from=date(2025, 9, 1),
                **fact,
            )

    @staticmethod
    def _holder(people: Sequence[Person], post: Post, otherwise: Person) -> Person:
        """Who holds a post among these people, the first of them."""
        holders = (person for person in people if post in [held for held, _ in person.posts])
        return next(holders, otherwise)
