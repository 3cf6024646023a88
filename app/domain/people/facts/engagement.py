"""Engagement (聘用关系): with whom a teacher has the personnel relation, how, and where the work is done.

Four things that are often one word and are not: the *employment* (人事关系) with one school at a time;
the *establishment* (编制) under which it is; the *service state* (在岗状态); and the *service places*
(任教学校), of which there may be several. A teacher belongs to the school of the employment whatever the
other three say: who is off post (离岗) or retired (退休) stays on its register until the relation ends.
"""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, Uuid, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from app.domain.base import Table, text_enum
from app.domain.errors import Conflict
from app.domain.people.facts.fact import (
    Fact,
    FactKind,
    FactName,
    FactOverlaps,
    FactView,
    NewFact,
    fact_constraints,
)


class Establishment(StrEnum):
    """Under which establishment somebody is employed (编制)."""

    ESTABLISHED = "established"
    """在编"""
    CONTRACTED = "contracted"
    """聘用"""
    SPECIAL_POST = "special_post"
    """特岗"""
    SUBSTITUTE = "substitute"
    """代课"""
    OTHER = "other"


class ServiceState(StrEnum):
    """Whether somebody is at work (在岗状态)."""

    IN_SERVICE = "in_service"
    """在岗"""
    SECONDED = "seconded"
    """借调"""
    ON_LEAVE = "on_leave"
    """病假、产假: one state, since which of them is health data that nothing here needs."""
    OFF_POST = "off_post"
    """离岗"""
    RETIRED = "retired"
    """退休"""
    LEFT = "left"
    """调离"""


GONE = (ServiceState.RETIRED, ServiceState.LEFT)
"""The states of those who are on the register no longer, though their record is kept."""


class PlaceKind(StrEnum):
    """Why somebody works at a school (任教类型)."""

    MAIN = "main"
    """主要任教学校"""
    ROTATION = "rotation"
    """交流轮岗"""
    ITINERANT = "itinerant"
    """走教"""
    SUPPORT = "support"
    """支教"""


class Employment(Fact, Table, table=True):
    """The personnel relation of a teacher with a school over time; one at a time."""

    __table_args__ = (*fact_constraints("employment"), Index(None, "school_id", "valid_from"))

    school_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)


class EmploymentView(FactView):
    """A personnel relation as both faces show it."""

    school_id: UUID = Field(description="人事关系所在学校 / school of the personnel relation")


class NewEmployment(NewFact):
    """A former personnel relation; or, as a correction, the day on which the present one began."""

    school_id: UUID = Field(description="人事关系所在学校 / school of the personnel relation")


class EstablishmentFields(BaseModel):
    """Under which establishment somebody is employed."""

    establishment: Establishment = Field(
        description="编制 / establishment", sa_type=text_enum(Establishment)
    )


class TeacherEstablishment(EstablishmentFields, Fact, Table, table=True):
    """The establishment under which a teacher was employed from a day on; one at a time."""

    __table_args__ = fact_constraints("teacher_establishment")


class EstablishmentView(EstablishmentFields, FactView):
    """An establishment as both faces show it."""


class NewEstablishment(EstablishmentFields, NewFact):
    """An establishment from a day on; unless it has an end, it ends the former one."""


class StateFields(BaseModel):
    """Whether somebody is at work."""

    state: ServiceState = Field(
        description="在岗状态 / state of service", sa_type=text_enum(ServiceState)
    )


class TeacherState(StateFields, Fact, Table, table=True):
    """The state of a teacher's service from a day on; one at a time."""

    __table_args__ = fact_constraints("teacher_state")


class ServiceStateView(StateFields, FactView):
    """A state of service as both faces show it."""


class NewServiceState(StateFields, NewFact):
    """A state of service from a day on; unless it has an end, it ends the former one."""


class PlaceFields(BaseModel):
    """Where somebody works, and why there."""

    school_id: UUID = Field(
        description="任教学校 / school of service", sa_type=Uuid, foreign_key="unit.id"
    )
    kind: PlaceKind = Field(description="任教类型 / kind", sa_type=text_enum(PlaceKind))


class ServicePlace(PlaceFields, Fact, Table, table=True):
    """A school at which a teacher works from a day on; each once at a time, the main one alone."""

    __table_args__ = (
        *fact_constraints("service_place", "school_id"),
        ExcludeConstraint(
            ("teacher_id", "="), (text("daterange(valid_from, valid_to)"), "&&"),
            name="ex_service_place_main_once",
            where=text("superseded_at IS NULL AND kind = 'main'"),
        ),
        Index(None, "school_id", "valid_from"),
    )  # fmt: skip


class ServicePlaceView(PlaceFields, FactView):
    """A service place as both faces show it."""


class NewServicePlace(PlaceFields, NewFact):
    """A school at which a teacher works from a day on."""


# What can be refused.


class TwoRelations(FactOverlaps):
    """A teacher has one personnel relation at a time."""

    code = "two_personnel_relations"
    zh = "同一时期只能有一个人事关系。"
    en = "There is one personnel relation at a time."


class EmploymentByTransfer(Conflict):
    """The present personnel relation is not entered here: it moves by a transfer."""

    code = "employment_by_transfer"
    zh = "现人事关系只能通过调动变更；此处只登记以往的人事关系，或更正现关系的起始日。"
    en = (
        "The present personnel relation changes by a transfer; here former ones are recorded, or the"
        " day on which the present one began is corrected."
    )


class PlaceOverlaps(FactOverlaps):
    """A teacher serves at a school once at a time, and has one main place."""

    code = "service_place_overlaps"
    zh = "同一时期在同一学校已有任教记录，或已有主要任教学校。"
    en = "The teacher serves at that school then already, or has another main place."


class EstablishmentOverlaps(FactOverlaps):
    """A teacher is employed under one establishment at a time."""

    code = "establishment_overlaps"
    zh = "同一时期只能有一种编制。"
    en = "There is one establishment at a time."


class StateOverlaps(FactOverlaps):
    """A teacher's service is in one state at a time."""

    code = "service_state_overlaps"
    zh = "同一时期只能有一种在岗状态。"
    en = "There is one state of service at a time."


EMPLOYMENT = FactKind(
    name=FactName.EMPLOYMENT,
    plural="employments",
    table=Employment,
    view=EmploymentView,
    new=NewEmployment,
    words="人事关系 / personnel relation",
    shown=True,
    overlaps=TwoRelations,
)
ESTABLISHMENT = FactKind(
    name=FactName.ESTABLISHMENT,
    plural="establishments",
    table=TeacherEstablishment,
    view=EstablishmentView,
    new=NewEstablishment,
    words="编制 / establishment",
    succeeds=True,
    overlaps=EstablishmentOverlaps,
)
STATE = FactKind(
    name=FactName.SERVICE_STATE,
    plural="service_states",
    table=TeacherState,
    view=ServiceStateView,
    new=NewServiceState,
    words="在岗状态 / state of service",
    succeeds=True,
    shown=True,
    overlaps=StateOverlaps,
)
PLACE = FactKind(
    name=FactName.SERVICE_PLACE,
    plural="service_places",
    table=ServicePlace,
    view=ServicePlaceView,
    new=NewServicePlace,
    words="任教学校 / service place",
    slot=("school_id",),
    overlaps=PlaceOverlaps,
)
