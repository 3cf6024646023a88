"""The GraphQL face: the same nouns and commands as REST, with edges between the nouns.

Types are derived from the domain's views and inputs from its commands; only edges are written here,
and they are declared (`edges.edge`), not coded. `schema` is the table of contents.
"""
