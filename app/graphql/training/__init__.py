"""The GraphQL face of `app.domain.training`."""
