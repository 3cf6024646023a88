"""How large the demo city is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """A size of the city. Nearly every teacher takes part in all that the own school and the bureaux hold."""

    name: str
    schools: int
    teachers: int
    school_activities: int
    county_activities: int
    city_activities: int
    hours: tuple[int, ...]
    """The lengths that activities have."""


DEMO = Scale("demo", 60, 3_000, 8, 2, 1, hours=(4, 8, 16, 24))
"""About 30,000 credit entries: for a first look."""

CITY = Scale("city", 1_500, 50_000, 36, 5, 2, hours=(2, 3, 4, 6))
"""About 2,000,000 credit entries: a whole city, for measurements."""

SCALES = {scale.name: scale for scale in (DEMO, CITY)}
