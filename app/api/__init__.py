"""The REST face: the same wings and nouns as the domain, each a router that only translates.

A handler reads what was sent into a command, calls one function of the domain, and answers with the
rows that it returns. The operation id of each is the name of that function.
"""
