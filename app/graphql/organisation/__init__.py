"""The GraphQL face of `app.domain.organisation`."""
