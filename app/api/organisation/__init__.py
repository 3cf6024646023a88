"""The REST face of the hierarchy."""
