"""The cast: which schools and teachers of the city have an account with a password.

They are chosen so that each boundary of the hierarchy lies between two of them: two schools of one
county, another county, and a school directly under the city.
"""

from dataclasses import dataclass
from uuid import UUID

from app.demo.places import Place, Places

LISTED_BUREAUX = {"平江县": "pingjiang.admin", "汨罗市": "miluo.admin"}
"""The county administrators, by the short name of their county."""


@dataclass(frozen=True)
class Names:
    """The sign-in names at one school; who is not listed has a numbered account without a password."""

    admin: str | None = None
    teachers: tuple[str, ...] = ()
    """Of the school's first teachers who lead no group."""
    leader: str | None = None
    """Of the head of the school's first group."""


_NOBODY = Names()


@dataclass(frozen=True)
class Cast:
    """The names at the schools of the cast."""

    _by_school: dict[UUID, Names]

    def names_of(self, school: Place) -> Names:
        """The listed names at a school, mostly none."""
        return self._by_school.get(school.id, _NOBODY)


def choose_cast(places: Places) -> Cast:
    """The first two schools of 平江县, and the first that is directly under the city."""
    first, sibling = places.schools_of(places.bureaux["平江县"])[:2]
    direct = places.schools_of(places.city)[0]
    return Cast(
        {
            first.id: Names("school.admin", ("teacher.one", "teacher.two"), leader="group.leader"),
            sibling.id: Names("sibling.admin", ("teacher.three",)),
            direct.id: Names("direct.admin"),
        }
    )
