"""The contents of the GraphQL face, wing by wing: every noun's queries and mutations, in reading order."""
