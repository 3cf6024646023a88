"""Shared resources (共享资源): what schools make, buy and build together, by stage, subject and kind.

「分學科、分學段的互動、開放、動態、實用的新課程本土資源庫…共建共享」. A resource has versions, each of which is
a file or stands somewhere else, and a licence that says what others may do with it. It is its own
unit's until a wider sharing was reviewed, by who is over all to whom it is to go.

In reading order: `vocabulary`, `grams` (pure), `table`, `resource` (doors, reads), `searching`, `writing`,
`sharing`, `using`.
"""

from app.domain.learning.resources.grams import ResourceSearchEmpty, grams_of
from app.domain.learning.resources.resource import (
    RESOURCE_VERSIONS,
    RESOURCES,
    ResourceNotFound,
    ResourceVersionNotFound,
    ResourceVersionView,
    ResourceView,
    get_resource,
    list_resource_versions,
    list_resources,
    list_shared_resources,
    resource_versions_of,
    resources_by_id,
)
from app.domain.learning.resources.searching import search_resources
from app.domain.learning.resources.sharing import (
    NewResourceVersion,
    ResourceDecision,
    ResourceOfOneself,
    ResourceSharingDecided,
    ResourceSharingRequest,
    ResourceVersionWaits,
    SharingWithoutNetwork,
    add_resource_version,
    ask_resource_sharing,
    decide_resource_sharing,
)
from app.domain.learning.resources.table import (
    Resource,
    ResourceFields,
    ResourceUse,
    ResourceVersion,
)
from app.domain.learning.resources.using import ResourceAccess, use_resource
from app.domain.learning.resources.vocabulary import (
    ResourceKind,
    ResourceLicence,
    ResourceSharing,
)
from app.domain.learning.resources.writing import (
    NewResource,
    ResourceChanges,
    ResourceRetired,
    create_resource,
    retire_resource,
    update_resource,
)

__all__ = [
    "RESOURCES",
    "RESOURCE_VERSIONS",
    "NewResource",
    "NewResourceVersion",
    "Resource",
    "ResourceAccess",
    "ResourceChanges",
    "ResourceDecision",
    "ResourceFields",
    "ResourceKind",
    "ResourceLicence",
    "ResourceNotFound",
    "ResourceOfOneself",
    "ResourceRetired",
    "ResourceSearchEmpty",
    "ResourceSharing",
    "ResourceSharingDecided",
    "ResourceSharingRequest",
    "ResourceUse",
    "ResourceVersion",
    "ResourceVersionNotFound",
    "ResourceVersionView",
    "ResourceVersionWaits",
    "ResourceView",
    "SharingWithoutNetwork",
    "add_resource_version",
    "ask_resource_sharing",
    "create_resource",
    "decide_resource_sharing",
    "get_resource",
    "grams_of",
    "list_resource_versions",
    "list_resources",
    "list_shared_resources",
    "resource_versions_of",
    "resources_by_id",
    "retire_resource",
    "search_resources",
    "update_resource",
    "use_resource",
]
