"""The contracts we publish, and how to read them."""
