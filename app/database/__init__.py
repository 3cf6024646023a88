"""PostgreSQL: the pool of connections, the roles that may connect, and a server of our own."""
