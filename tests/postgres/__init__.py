"""Servers that share clusters through PostgreSQL; `make postgres` runs these tests, against a server of their own."""
