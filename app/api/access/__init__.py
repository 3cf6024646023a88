"""The REST face of access: signing in, the signed-in person, accounts and grants."""
