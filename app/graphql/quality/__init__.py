"""Quality over GraphQL."""
