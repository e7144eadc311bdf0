"""The web for programs: the same queries and services, tokens with scopes, one shape for all errors."""
