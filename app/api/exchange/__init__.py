"""The REST face of exchange."""
