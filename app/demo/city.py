"""How the city comes to be: its places and offices, then school by school its people and their year."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from app.demo.accounts import Doorkeeper
from app.demo.asked import Asked
from app.demo.beside import Beside
from app.demo.careers import Careers
from app.demo.cast import LISTED_BUREAUX, Cast, choose_cast
from app.demo.documents import Documents
from app.demo.forms import publish_forms
from app.demo.keys import Keys
from app.demo.ledger import Ledger
from app.demo.listed import Account
from app.demo.people import Person, Register
from app.demo.places import Place, Places, apportion, make_places
from app.demo.plans import Plans
from app.demo.rows import Rows
from app.demo.scales import Scale
from app.demo.schools import Schools
from app.demo.timetables import Timetables
from app.demo.training import Held, Organiser, Trainings
from app.domain.access.roles import Role
from app.domain.organisation.units import Level
from app.domain.people.identity import PersonalDataCipher

_SEED = 2013_18
"""岳市教发〔2013〕18号."""


async def generate(
    rows: Rows,
    listed: list[Account],
    *,
    scale: Scale,
    cipher: PersonalDataCipher,
    draw_versions: Callable[[int], Awaitable[Sequence[int]]],
) -> AsyncIterator[float]:
    """Put the city into `rows` part by part; after each, the share that is done, from 0 to 1.

    Whoever iterates copies the rows in between. `listed` receives the accounts with passwords, and
    `draw_versions` is asked for so many numbers of the database's sequence of changes.
    """
    random, keys = Random(_SEED), Keys()  # noqa: S311 (the same city each time is what is wanted)
    places = make_places(rows, keys, random, schools=scale.schools)
    careers = Careers(rows, keys)
    careers.expect(places.city.id)
    doorkeeper = Doorkeeper(rows, keys, listed)
    forms = publish_forms(rows, keys, places.city)
    trainings = Trainings(rows, keys, random, scale.hours, forms)
    city = _City(
        places=places,
        cast=choose_cast(places),
        scale=scale,
        doorkeeper=doorkeeper,
        register=Register(rows, keys, random, cipher, careers),
        trainings=trainings,
        beside=Beside(rows, keys, places, doorkeeper, trainings),
        asked=Asked(rows, keys, places, Random(_SEED)),  # noqa: S311 (as above)
        ledger=Ledger(rows, keys, places.city.id),
        schools=Schools(rows, keys),
        documents=Documents(rows, keys),
        plans=Plans(rows, keys, places),
        timetables=Timetables(rows, keys),
    )
    await city.open_offices()
    yield 0
    numbers = apportion(scale.teachers, [random.randrange(60, 141) for _ in places.schools])
    for done, (school, number) in enumerate(zip(places.schools, numbers, strict=True), start=1):
        await city.open_school(school, done, await draw_versions(number))
        yield done / scale.schools


@dataclass
class _City:
    places: Places
    cast: Cast
    scale: Scale
    doorkeeper: Doorkeeper
    register: Register
    trainings: Trainings
    beside: Beside
    asked: Asked
    ledger: Ledger
    schools: Schools
    documents: Documents
    plans: Plans
    timetables: Timetables
    _bureau_accounts: dict[UUID, UUID] = field(default_factory=dict)
    """The administrator of each bureau, by the bureau."""
    _bureau_activities: dict[UUID, list[Held]] = field(default_factory=dict)
    """What each bureau holds for all of its teachers, by the bureau."""

    async def open_offices(self) -> None:
        """The accounts of the city and the counties, their packs, and what they hold themselves."""
        city = self.places.city
        for name, role, words in (
            ("city.admin", Role.CITY_ADMIN, "市管理员"),
            ("auditor", Role.AUDITOR, "市审计员"),
            ("expert", Role.EXPERT, "市专家委员会委员"),
            ("province", Role.INTEGRATION, "省继续教育平台接口"),
        ):
            account_id = await self.doorkeeper.open(
                name, role, city, display_name=words, with_secret=True
            )
            if role is Role.CITY_ADMIN:
                self.ledger.publish_packs(account_id)
                self.schools.merge_one(self.places, recorded_by=account_id)
                self.timetables.set_calendar(city)
                self.documents.issue(self.places, account_id)
                self._run_bureau(city, Level.CITY, account_id, self.scale.city_activities)
        for ordinal, (short, bureau) in enumerate(self.places.bureaux.items(), start=1):
            name_or_none = LISTED_BUREAUX.get(short)
            account_id = await self.doorkeeper.open(
                name_or_none or f"county.{ordinal:02d}.admin",
                Role.COUNTY_ADMIN,
                bureau,
                display_name=f"{short}管理员",
                with_secret=name_or_none is not None,
            )
            self._run_bureau(bureau, Level.COUNTY, account_id, self.scale.county_activities)
        self.plans.issue(
            self._bureau_accounts[self.places.bureaux["平江县"].id],
            self._bureau_accounts[self.places.city.id],
        )
        asking = self.places.bureaux["平江县"].id
        await self.beside.arrange(self._bureau_accounts[asking])
        self.asked.ask(self._bureau_accounts[asking], self._bureau_activities[asking][0])

    async def open_school(self, school: Place, ordinal: int, versions: Sequence[int]) -> None:
        """A school with a teacher for each version, their groups, what they held, and the credit for it."""
        names = self.cast.names_of(school)
        account_id = await self.doorkeeper.open(
            names.admin or f"school.{ordinal:04d}.admin",
            Role.SCHOOL_ADMIN,
            school,
            display_name=f"{school.name}管理员",
            with_secret=names.admin is not None,
        )
        people = [self.register.enter(school, version) for version in versions]
        self.schools.describe(school, people)
        self.documents.enter_regulations(school, ordinal, account_id)
        bureau_account = self._bureau_accounts[school.county_id]
        self.plans.plan_school(school, account_id, bureau_account, people)
        if ordinal == 1:
            self.timetables.hand_in(school, people, account_id)
        groups = self.trainings.form_groups(school, people)
        await self._open_accounts(school, people, groups)
        organiser = Organiser(school, Level.SCHOOL, account_id, bureau_account)
        self.trainings.announce(organiser)
        held = [
            *self.trainings.hold(organiser, self.scale.school_activities),
            *self._bureau_activities[school.county_id],
            *(
                self._bureau_activities[school.city_id]
                if school.county_id != school.city_id
                else []
            ),
        ]
        self.ledger.begin(people)
        for activity in sorted(held, key=lambda each: each.recognised_at):
            self.ledger.recognise(activity, self.trainings.attend(activity, people))
        self.ledger.close(people)

    def _run_bureau(self, bureau: Place, level: Level, account_id: UUID, number: int) -> None:
        self._bureau_accounts[bureau.id] = account_id
        organiser = Organiser(bureau, level, account_id, account_id)
        self.trainings.announce(organiser)
        self._bureau_activities[bureau.id] = self.trainings.hold(organiser, number)

    async def _open_accounts(
        self, school: Place, people: Sequence[Person], groups: Sequence[tuple[UUID, Person]]
    ) -> None:
        """An account for everyone; the heads of groups lead them."""
        names = self.cast.names_of(school)
        led = {person.id: group_id for group_id, person in groups}
        listed = iter(names.teachers)
        for person in people:
            group_id = led.get(person.id)
            if group_id is None:
                name = next(listed, None)
            else:
                name = names.leader if group_id == groups[0][0] else None
            await self.doorkeeper.open_for(
                person, name or f"teacher.{person.number:05d}",
                group_id=group_id, with_secret=name is not None,
            )  # fmt: skip
