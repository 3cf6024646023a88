"""Signing in elsewhere, by OpenID Connect: asking an identity provider who somebody is.

`id_tokens` decides what is believed, `provider` is the client of a provider.
"""
