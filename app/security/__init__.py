"""What keeps secrets: tokens, passwords, and the encryption of personal data.

`tokens` says who a request comes from, `passwords` checks what a person or a client knows,
`personal_data` seals what must not be read from a stolen database, and `secret_file` keeps the keys
of the first and the third. Nothing here knows a table or a route. The keys are read once, at the
start, and stay in memory.
"""
