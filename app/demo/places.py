"""The places: the city, its counties and zones as the document addresses them, and synthetic schools."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random
from uuid import UUID

from app.demo.keys import Keys
from app.demo.rows import Rows
from app.domain.organisation.location_classes import UnitLocated
from app.domain.organisation.names_and_codes import CodeKind, UnitCode, UnitNamed
from app.domain.organisation.units import Level, LocationClass, Stage, Unit

SINCE = date(2013, 6, 18)
"""The day on which the document was published."""
RECORDED = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)
"""When the city's facts were recorded: as 2026 began in China."""

CITY_NAME, CITY_CODE = "岳阳市教育局", "430600"


@dataclass(frozen=True)
class Bureau:
    """A county-level bureau, the short name of its schools, its code, and its share of the schools."""

    name: str
    short: str
    code: str | None
    share: int
    is_urban: bool = False
    """Whether its schools lie in the city itself."""


BUREAUX = (
    Bureau("岳阳楼区教育局", "岳阳楼区", "430602", 9, is_urban=True),
    Bureau("云溪区教育局", "云溪区", "430603", 4),
    Bureau("君山区教育局", "君山区", "430611", 4),
    Bureau("岳阳县教育局", "岳阳县", "430621", 7),
    Bureau("华容县教育局", "华容县", "430623", 7),
    Bureau("湘阴县教育局", "湘阴县", "430624", 7),
    Bureau("平江县教育局", "平江县", "430626", 10),
    Bureau("汨罗市教育局", "汨罗市", "430681", 7),
    Bureau("临湘市教育局", "临湘市", "430682", 6),
    # The three zones have no code of GB/T 2260.
    Bureau("岳阳经济技术开发区教文局", "岳阳经开区", None, 4, is_urban=True),
    Bureau("南湖风景区教育局", "南湖风景区", None, 2, is_urban=True),
    Bureau("屈原管理区教体局", "屈原管理区", None, 2),
)
_CITY_DIRECT_SHARE = 6

_LOCATIONS = (
    (LocationClass.TOWN, "121"), (LocationClass.RURAL, "220"), (LocationClass.RURAL, "210"),
    (LocationClass.TOWN, "122"), (LocationClass.RURAL, "220"),
)  # fmt: skip
_URBAN = ((LocationClass.URBAN, "111"), (LocationClass.URBAN, "111"), (LocationClass.URBAN, "112"))
"""Where the schools lie, one after the other: classes of GB/T 33782 with their finer codes."""


@dataclass(frozen=True)
class Kind:
    """A kind of school: its name, its category in the identification code, its stages, its share."""

    name: str
    category: str
    stages: tuple[Stage, ...]
    share: int


KINDS = (
    Kind("小学", "21", (Stage.PRIMARY,), 9),
    Kind("初级中学", "31", (Stage.JUNIOR_SECONDARY,), 4),
    Kind("九年一贯制学校", "31", (Stage.PRIMARY, Stage.JUNIOR_SECONDARY), 2),
    Kind("完全中学", "34", (Stage.JUNIOR_SECONDARY, Stage.SENIOR_SECONDARY), 1),
    Kind("高级中学", "34", (Stage.SENIOR_SECONDARY,), 1),
    Kind("幼儿园", "11", (Stage.KINDERGARTEN,), 3),
)


@dataclass(frozen=True)
class Place:
    """A unit, with the three columns by which everything below it is placed."""

    id: UUID
    name: str
    city_id: UUID
    county_id: UUID
    school_id: UUID | None = None
    stages: tuple[Stage, ...] = ()
    location: tuple[LocationClass | None, str | None] = (None, None)

    @property
    def columns(self) -> dict[str, UUID | None]:
        """The columns of place, as a row has them."""
        return {
            "city_id": self.city_id,
            "county_id": self.county_id,
            "school_id": self.school_id,
        }


@dataclass(frozen=True)
class Places:
    """Every unit of the city; the schools under the city itself come last."""

    city: Place
    bureaux: dict[str, Place]
    """By the short name."""
    schools: list[Place]

    def schools_of(self, bureau: Place) -> list[Place]:
        """The schools of a bureau, in the order in which they were made."""
        return [school for school in self.schools if school.county_id == bureau.id]


def make_places(rows: Rows, keys: Keys, random: Random, *, schools: int) -> Places:
    """The units of the city with so many schools, as rows and to be built upon."""
    city_id = keys()
    city = Place(city_id, CITY_NAME, city_id, city_id)
    _add_unit(rows, keys, city, Level.CITY, parent=None, code=CITY_CODE)
    bureaux = {}
    for bureau in BUREAUX:
        unit_id = keys()
        place = Place(unit_id, bureau.name, city_id, unit_id)
        _add_unit(rows, keys, place, Level.COUNTY, parent=city, code=bureau.code)
        bureaux[bureau.short] = place
    superiors = [*bureaux.items(), ("市直", city)]
    shares = [*(bureau.share for bureau in BUREAUX), _CITY_DIRECT_SHARE]
    urban = {"市直", *(bureau.short for bureau in BUREAUX if bureau.is_urban)}
    made: list[Place] = []
    for (short, superior), number in zip(superiors, apportion(schools, shares), strict=True):
        for kind, ordinal in _kinds(random, number):
            unit_id = keys()
            name = f"{short}测试第{ordinal}{kind.name}"
            lies = _URBAN if short in urban else _LOCATIONS
            place = Place(
                unit_id, name, city_id, superior.id, unit_id, kind.stages,
                lies[len(made) % len(lies)],
            )  # fmt: skip
            # Serial numbers from 900001 on, so that no school of Hunan (43) is meant.
            code = f"{kind.category}43{900_001 + len(made):06d}"
            _add_unit(rows, keys, place, Level.SCHOOL, parent=superior, code=code)
            made.append(place)
    return Places(city, bureaux, made)


def apportion(total: int, shares: list[int]) -> list[int]:
    """`total` in whole parts proportional to `shares`, the largest remainders rounded up."""
    whole = sum(shares)
    parts = [total * share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: -(total * shares[i] % whole))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def _kinds(random: Random, number: int) -> Iterator[tuple[Kind, int]]:
    """So many kinds of schools, each with its ordinal among those of its kind."""
    ordinals = dict.fromkeys(KINDS, 0)
    # The first is a primary school, so that every bureau has one.
    drawn = random.choices(KINDS, [kind.share for kind in KINDS], k=max(number - 1, 0))
    for kind in [KINDS[0], *drawn][:number]:
        ordinals[kind] += 1
        yield kind, ordinals[kind]


def _add_unit(
    rows: Rows, keys: Keys, place: Place, level: Level, *, parent: Place | None, code: str | None
) -> None:
    rows.add(
        Unit,
        id=place.id,
        level=level,
        name=place.name,
        stages=list(place.stages),
        location=place.location[0],
        location_code=place.location[1],
        closed_on=None,
        parent_id=parent.id if parent else None,
        **place.columns,
    )
    fact = {"unit_id": place.id, "valid_from": SINCE, "valid_to": None, "recorded_at": RECORDED}
    rows.add(UnitNamed, id=keys(), name=place.name, **fact)
    location, location_code = place.location
    if location is not None:
        rows.add(UnitLocated, id=keys(), location=location, location_code=location_code, **fact)
    if code is not None:
        kind = CodeKind.SCHOOL if level is Level.SCHOOL else CodeKind.DIVISION
        rows.add(UnitCode, id=keys(), kind=kind, code=code, **fact)
