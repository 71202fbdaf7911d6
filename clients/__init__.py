"""Everything that speaks to a server: over HTTP only, so that it works against a real cluster as well."""
