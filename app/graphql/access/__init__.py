"""The GraphQL face of `app.domain.access`."""
