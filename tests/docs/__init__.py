"""The documentation: what of it is generated, how it is checked, and the tests that keep it true."""
