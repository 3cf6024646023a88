"""What a workflow says of what waits in it: one select over its own tables, and nothing is copied.

Work waits at one place: a unit, a group, a network, a department or a teacher. Whoever holds the permission
over that very place finds it in the own list, so that with a new clerk nothing has to be handed over.
What stays undone too long is found by whoever holds the same permission over the place above.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
)

from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, civil_day
from app.domain.exchange.tasks.kinds import TaskKind

TITLE = 200
"""Characters that are shown of what names the work."""
ESCALATED_AFTER = timedelta(days=7)
"""After its due day, work is found by the place above too."""
WITHOUT_DUE_ESCALATED_AFTER = timedelta(days=21)
"""What has no due day is, so long after it began to wait."""
AHEAD = timedelta(days=30)
"""What falls due by itself (a goal, a stage of growth) is asked for so long before."""


NOW = bindparam("now", type_=MOMENT)
TODAY = bindparam("today", type_=Date)
ACCOUNT = bindparam("account_id", type_=Uuid)
TEACHER = bindparam("teacher_id", type_=Uuid)
"""The teacher whom the account belongs to, or null."""
ADDRESSES = bindparam("addresses", type_=ARRAY(Uuid))
"""By what that teacher is addressed: units at and above, and the own key."""

_NO_DAY, _NOBODY = cast(null(), Date), cast(null(), Uuid)


@dataclass(frozen=True, eq=False)
class Waiting:
    """What waits in one workflow, and for whom.

    `waits` is the predicate of what is undone among `rows` (the table by default), `at` the key of the
    place where it waits, `above` that of the place over it, if the work is ever its concern. Who holds
    `permission` there does it, but for the account that handed it in (`by`) and the teacher whom it is
    about (`of`), or any of several. `personal` is what only who asks can be told: nobody is reminded of it
    by others.
    """

    kind: TaskKind
    permission: Permission
    table: type[Table]
    title: Any
    since: Any
    at: Any
    waits: ColumnElement[bool]
    due: Any = None
    above: Any = None
    rows: Any = None
    subject: Any = None
    by: Any = None
    of: Any = None
    personal: bool = False

    @property
    def held(self) -> Any:
        """The places over which the actor holds the permission."""
        return bindparam(f"at_{self.permission.name.lower()}", type_=ARRAY(Uuid))

    def everything(self, *more: Any) -> Select[Any]:
        """All that waits, wherever."""
        subject = self.table.__table__.c.id if self.subject is None else self.subject  # type: ignore[attr-defined]
        due = _NO_DAY if self.due is None else self.due
        return (
            select(
                literal(self.kind.value, Text).label("kind"),
                subject.label("subject_id"),
                func.left(cast(self.title, Text), TITLE).label("title"),
                cast(self.since, MOMENT).label("since"),
                cast(due, Date).label("due_on"),
                self.at.label("waits_at"),
                (_NOBODY if self.above is None else self.above).label("above"),
                *more,
            )
            .select_from(self.table if self.rows is None else self.rows)
            .where(self.waits)
        )

    def for_actor(self) -> Select[Any]:
        """What waits where the actor holds the permission, or has waited too long below that."""
        here = self.at == any_(self.held)
        reached = here
        if self.above is not None:
            reached = or_(here, and_(self.above == any_(self.held), self._is_late()))
        others = not_own(self.by, self.of, ACCOUNT, TEACHER)
        return self.everything((~here).label("escalated")).where(reached, *others)

    def told(self) -> Select[Any]:
        """All that waits, with whom it is not for (`by`, `of`): `not_own` reads them."""
        more = {"by": self.by, "of": self.of}
        return self.everything(*(c.label(name) for name, c in more.items() if c is not None))

    def _is_late(self) -> ColumnElement[bool]:
        began = civil_day(cast(self.since, MOMENT))
        waited: ColumnElement[bool] = began < TODAY - WITHOUT_DUE_ESCALATED_AFTER.days
        if self.due is None:
            return waited
        late: ColumnElement[bool] = cast(self.due, Date) < TODAY - ESCALATED_AFTER.days
        return or_(late, and_(self.due.is_(None), waited))


def not_own(by: Any, of: Any, account: Any, teacher: Any) -> list[ColumnElement[bool]]:
    """The predicates 'neither has the account handed this in, nor is it about its teacher'."""
    return [
        _names(column, key).is_not(literal_column("true"))
        for column, key in ((by, account), (of, teacher))
        if column is not None
    ]


def _names(column: Any, key: Any) -> ColumnElement[bool]:
    """The predicate 'this column is this key, or one of its keys is'."""
    named: ColumnElement[bool] = (
        any_(column) == key if isinstance(column.type, ARRAY) else column == key
    )
    return named


def held_places(values: dict[str, list[UUID]]) -> list[UUID]:
    """The keys of all places of a scope, of whatever kind."""
    return list({place for ids in values.values() for place in ids})
