"""What may be asked about organisation and done with it."""

import strawberry

from app.graphql.organisation.assignments import AssignmentMutations, AssignmentQueries
from app.graphql.organisation.attachments import AttachmentMutations, AttachmentQueries
from app.graphql.organisation.committee_members import (
    CommitteeMemberMutations,
    CommitteeMemberQueries,
)
from app.graphql.organisation.committees import CommitteeMutations, CommitteeQueries
from app.graphql.organisation.departments import DepartmentMutations, DepartmentQueries
from app.graphql.organisation.designations import DesignationMutations, DesignationQueries
from app.graphql.organisation.guidance_visits import (
    GuidanceVisitMutations,
    GuidanceVisitQueries,
)
from app.graphql.organisation.network_members import NetworkMemberMutations, NetworkMemberQueries
from app.graphql.organisation.networks import NetworkMutations, NetworkQueries
from app.graphql.organisation.providers import ProviderMutations, ProviderQueries
from app.graphql.organisation.reorganisations import ReorganisationMutations, ReorganisationQueries
from app.graphql.organisation.responsibilities import (
    ResponsibilityMutations,
    ResponsibilityQueries,
)
from app.graphql.organisation.statistics import StatisticMutations, StatisticQueries
from app.graphql.organisation.targets import TargetMutations, TargetQueries
from app.graphql.organisation.unit_codes import UnitCodeMutations, UnitCodeQueries
from app.graphql.organisation.unit_locations import UnitLocationMutations, UnitLocationQueries
from app.graphql.organisation.unit_names import UnitNameMutations, UnitNameQueries
from app.graphql.organisation.units import UnitMutations, UnitQueries


@strawberry.type
class OrganisationQueries(
    UnitQueries,
    DepartmentQueries,
    NetworkQueries,
    NetworkMemberQueries,
    AssignmentQueries,
    TargetQueries,
    UnitLocationQueries,
    UnitNameQueries,
    UnitCodeQueries,
    ReorganisationQueries,
    AttachmentQueries,
    DesignationQueries,
    ResponsibilityQueries,
    CommitteeQueries,
    CommitteeMemberQueries,
    GuidanceVisitQueries,
    ProviderQueries,
    StatisticQueries,
):
    """What may be asked about organisation."""


@strawberry.type
class OrganisationMutations(
    UnitMutations,
    DepartmentMutations,
    NetworkMutations,
    NetworkMemberMutations,
    AssignmentMutations,
    TargetMutations,
    UnitLocationMutations,
    UnitNameMutations,
    UnitCodeMutations,
    ReorganisationMutations,
    AttachmentMutations,
    DesignationMutations,
    ResponsibilityMutations,
    CommitteeMutations,
    CommitteeMemberMutations,
    GuidanceVisitMutations,
    ProviderMutations,
    StatisticMutations,
):
    """What may be done about organisation."""
