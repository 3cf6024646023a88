"""The REST face of the people."""
