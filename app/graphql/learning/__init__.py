"""Learning over GraphQL."""
