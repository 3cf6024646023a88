"""What lies beside the tree: departments, networks of schools, and who answers for schools."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.demo.accounts import Doorkeeper
from app.demo.keys import Keys
from app.demo.places import RECORDED, SINCE, Place, Places
from app.demo.rows import Rows
from app.demo.training import Organiser, Trainings
from app.domain.access.roles import Duty, Role
from app.domain.organisation.assignments import Assignment, AssignmentSchool
from app.domain.organisation.departments import Department, DepartmentKind
from app.domain.organisation.networks import Network, NetworkKind, NetworkMember
from app.domain.organisation.targets import AssignmentTarget
from app.domain.organisation.units import Level

_TERM = (date(2026, 9, 1), date(2029, 9, 1))
"""The term of the assignment: three school years."""
_IN_AREA = 3
"""Schools of 平江县 that its 片区 has."""


@dataclass(frozen=True)
class Beside:
    """Arranges it for 平江县, whose schools have accounts to look at it from both sides."""

    rows: Rows
    keys: Keys
    places: Places
    doorkeeper: Doorkeeper
    trainings: Trainings

    async def arrange(self, by: UUID) -> None:
        """A department with its officer, two networks with a coordinator, an assignment; made by `by`."""
        bureau = self.places.bureaux["平江县"]
        first, sibling, *others = self.places.schools_of(bureau)[:_IN_AREA]
        office = self._department(
            bureau, "教研室", DepartmentKind.RESEARCH_OFFICE, Duty.GUIDE, Duty.ORGANISE, Duty.REVIEW
        )
        self._department(first, "教导处", DepartmentKind.ACADEMIC_OFFICE, Duty.ORGANISE)
        await self._open("research.officer", Role.DEPARTMENT_OFFICER, bureau, office, "教研员")
        area = self._network(
            bureau, "平江县测试片区", NetworkKind.CATCHMENT_AREA, first, sibling, *others
        )
        coordinator = await self._open(
            "area.coordinator", Role.NETWORK_COORDINATOR, bureau, area, "片区研训协调员"
        )
        schools = tuple(school.id for school in (first, sibling, *others))
        self.trainings.announce_of_network(
            Organiser(bureau, Level.COUNTY, coordinator, by), area, schools
        )
        direct = self.places.schools_of(self.places.city)[0]
        self._network(
            self.places.city, "岳阳市测试名校联盟", NetworkKind.ALLIANCE, direct, first,
            self.places.schools_of(self.places.bureaux["汨罗市"])[0],
        )  # fmt: skip
        await self._assign(bureau, by, first, sibling)

    async def _open(
        self, name: str, role: Role, place: Place, subject_id: UUID, display_name: str
    ) -> UUID:
        return await self.doorkeeper.open(
            name, role, place, display_name=display_name, with_secret=True, subject_id=subject_id
        )

    def _department(self, unit: Place, name: str, kind: DepartmentKind, *duties: Duty) -> UUID:
        department_id = self.keys()
        self.rows.add(
            Department,
            id=department_id,
            name=name,
            kind=kind,
            duties=sorted(duties),
            valid_from=SINCE,
            recorded_at=RECORDED,
            **unit.columns,
        )
        return department_id

    def _network(self, owner: Place, name: str, kind: NetworkKind, *schools: Place) -> UUID:
        """A network that the first of its schools leads."""
        network_id = self.keys()
        since = {"valid_from": SINCE, "recorded_at": RECORDED}
        self.rows.add(
            Network,
            id=network_id,
            name=name,
            kind=kind,
            lead_unit_id=schools[0].id,
            **since,
            **owner.columns,
        )
        for school in schools:
            self.rows.add(
                NetworkMember,
                id=self.keys(),
                network_id=network_id,
                school_id=school.id,
                **since,
            )
        return network_id

    async def _assign(self, bureau: Place, by: UUID, *schools: Place) -> None:
        """Somebody of the bureau who answers for these schools, with what was agreed."""
        assignment_id, (begins, ends) = self.keys(), _TERM
        account_id = await self._open(
            "school.adviser", Role.SCHOOL_ADVISER, bureau, assignment_id, "包校责任人"
        )
        self.rows.add(
            Assignment,
            id=assignment_id,
            account_id=account_id,
            network_id=None,
            valid_from=begins,
            valid_to=ends,
            assigned_by=by,
            recorded_at=RECORDED,
            **bureau.columns,
        )
        for school in schools:
            self.rows.add(AssignmentSchool, assignment_id=assignment_id, school_id=school.id)
        for aim, measure, due_on in (
            ("两校教师全部完成年度校本研修学时", "完成率达到 100%", date(2027, 6, 30)),
            ("每校建成一个校本研修示范教研组", "县级验收", date(2028, 6, 30)),
        ):
            self.rows.add(
                AssignmentTarget,
                id=self.keys(),
                assignment_id=assignment_id,
                aim=aim,
                measure=measure,
                due_on=due_on,
                agreed_by=by,
                recorded_at=RECORDED,
            )
