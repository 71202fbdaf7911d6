"""Tests of the pure core: tables, stories, and invariants for any sequence of commands."""
