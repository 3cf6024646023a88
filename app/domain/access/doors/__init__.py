"""Guarded doors: the only way in which a noun that lies in the hierarchy is read.

A noun declares once which table it is, which columns its view shows and which columns place it; its
door then reads one row, a page, or the rows of many owners at once, always within the actor's scope:

* outside everything that the actor can reach a thing does not exist: `NotFound`;
* where it may be seen but the permission is missing: `NotAllowed`, saying which permission;
* lists, filters, counts and edges obey the same predicate and are simply shorter.

`described` has what a noun declares, `statements` the SQL made of it, `door` the reads.
"""

from app.domain.access.doors.described import CURSORS, PLACE, Columns, whoever
from app.domain.access.doors.door import Door

__all__ = ["CURSORS", "PLACE", "Columns", "Door", "whoever"]
