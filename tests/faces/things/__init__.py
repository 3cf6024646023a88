"""What lies at each place beside what every unit has, one module for each topic.

A maker is given the world with its places and actors, and adds things of new kinds to
`world.places[name]`: at the city, the county, the school, the sibling and the far school alike.
"""

from collections.abc import Awaitable, Callable

from app.sql import Connection
from tests.faces.world import World
from tests.make import City

Maker = Callable[[Connection, World, City], Awaitable[None]]

MAKERS: tuple[Maker, ...] = ()
"""Every topic's `add_things`, in the order in which they build on each other."""
