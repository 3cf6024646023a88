"""Networks (片区、教育联校、学区、联盟、姊妹学校): schools that work together, beside the tree.

A network belongs to a bureau, or to a school where schools are friends; it has member schools over
time (`network_members`) and organises activities of its own. It supervises nobody: an account of the
role `network_coordinator` reads at the member schools and writes what is the network's own. The
training office of a school district (学区研训室) is the coordinators of that network.

In reading order: `network` (fields, tables, door, reads), `administration` (writes).
"""

from app.domain.organisation.networks.administration import (
    NetworkChanges,
    NetworkDissolved,
    NetworkKindOfSchool,
    NetworkOutsideBureau,
    NewNetwork,
    check_within_bureau,
    create_network,
    dissolve_network,
    keep_tree,
    open_network,
    update_network,
)
from app.domain.organisation.networks.network import (
    NETWORK_PLACES,
    NETWORKS,
    Network,
    NetworkKind,
    NetworkMember,
    NetworkNotFound,
    NetworkView,
    get_network,
    list_networks,
    networks_by_id,
)

__all__ = [
    "NETWORKS",
    "NETWORK_PLACES",
    "Network",
    "NetworkChanges",
    "NetworkDissolved",
    "NetworkKind",
    "NetworkKindOfSchool",
    "NetworkMember",
    "NetworkNotFound",
    "NetworkOutsideBureau",
    "NetworkView",
    "NewNetwork",
    "check_within_bureau",
    "create_network",
    "dissolve_network",
    "get_network",
    "keep_tree",
    "list_networks",
    "networks_by_id",
    "open_network",
    "update_network",
]
