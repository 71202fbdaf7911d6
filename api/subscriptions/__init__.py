"""Subscriptions: events sent to whoever asked for them, signed, in order, again until they arrive (REST specification section 7)."""
