"""The GraphQL face of `app.domain.people`."""
