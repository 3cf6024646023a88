"""The GraphQL face of `app.domain.exchange`."""
