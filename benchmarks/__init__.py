"""Measures a server as a user starts it, beside what else could stand in its place; `make bench` runs everything."""
