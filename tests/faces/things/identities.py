"""Identity providers, and the identities that are linked to the account of each place."""

from app.domain.access.identities import ExternalIdentity
from app.domain.access.identity_providers import IdentityProvider
from app.sql import Connection
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, City


async def add_things(db: Connection, world: World, city: City) -> None:
    """A provider at each place, as if it could be anybody's, and an identity of its account there."""
    by = city.city_admin.actor.account_id
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        provider_id = await add_row(
            db, IdentityProvider, **place_of(units[-1]), name="平台", client_id="yanxun",
            issuer=f"https://{name}.example", scopes=["openid"], is_enabled=True, registered_at=NOW,
            registered_by=by,
        )  # fmt: skip
        identity_id = await add_row(
            db, ExternalIdentity, account_id=things["account"].id, provider_id=provider_id,
            subject="somebody", linked_at=NOW, linked_by=by,
        )  # fmt: skip
        things["identity_provider"] = Thing(provider_id, path)
        things["identity"] = Thing(identity_id, path)
