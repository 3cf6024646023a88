"""The lists of the wing organisation that can be exported."""

from app.domain.exchange.exports.listed.listing import Listed
from app.domain.organisation import (
    assignments,
    attachments,
    committee_members,
    committees,
    departments,
    designations,
    guidance_visits,
    network_members,
    networks,
    providers,
    reorganisations,
    responsibilities,
    statistics,
    targets,
    unit_codes,
    unit_locations,
    unit_names,
    units,
)
from app.domain.organisation.assignments import AssignmentView
from app.domain.organisation.attachments import AttachmentView
from app.domain.organisation.committee_members import CommitteeMemberView
from app.domain.organisation.committees import CommitteeView
from app.domain.organisation.departments import DepartmentView
from app.domain.organisation.designations import DesignationCountView, DesignationView
from app.domain.organisation.guidance_visits import GuidanceVisitView
from app.domain.organisation.network_members import NetworkMemberView
from app.domain.organisation.networks import NetworkView
from app.domain.organisation.providers import ProviderApprovalView, ProviderView
from app.domain.organisation.reorganisations import ReorganisationView
from app.domain.organisation.responsibilities import ResponsibilityView
from app.domain.organisation.statistics import StatisticLineView, StatisticRateView, StatisticView
from app.domain.organisation.targets import TargetView
from app.domain.organisation.unit_codes import UnitCodeView
from app.domain.organisation.unit_locations import UnitLocationView
from app.domain.organisation.unit_names import UnitNameView
from app.domain.organisation.units import UnitView

LISTS = (
    Listed(assignments.list_assignments, AssignmentView),
    Listed(attachments.list_attachments, AttachmentView),
    Listed(committee_members.list_committee_members, CommitteeMemberView),
    Listed(committees.list_committees, CommitteeView),
    Listed(departments.list_departments, DepartmentView),
    Listed(designations.list_designation_counts, DesignationCountView),
    Listed(designations.list_designations, DesignationView),
    Listed(guidance_visits.list_guidance_visits, GuidanceVisitView),
    Listed(network_members.list_network_members, NetworkMemberView),
    Listed(networks.list_networks, NetworkView),
    Listed(providers.list_available_providers, ProviderView),
    Listed(providers.list_provider_approvals, ProviderApprovalView),
    Listed(providers.list_providers, ProviderView),
    Listed(reorganisations.list_reorganisations, ReorganisationView),
    Listed(responsibilities.list_responsibilities, ResponsibilityView),
    Listed(responsibilities.list_schools_without_responsible, UnitView),
    Listed(statistics.list_statistic_lines, StatisticLineView),
    Listed(statistics.list_statistic_rates, StatisticRateView),
    Listed(statistics.list_statistics, StatisticView),
    Listed(targets.list_targets, TargetView),
    Listed(unit_codes.list_unit_codes, UnitCodeView),
    Listed(unit_locations.list_unit_locations, UnitLocationView),
    Listed(unit_names.list_unit_names, UnitNameView),
    Listed(units.list_children, UnitView),
    Listed(units.list_units, UnitView),
)
