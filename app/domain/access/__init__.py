"""Who may do what, and where: roles, grants, the actor, guarded doors, accounts.

Read `roles` (the whole table on one screen), then `actors` (what a request knows of the one who
asks), then `doors` (how every read and write is kept within that), then `accounts` and `grants`.
"""
