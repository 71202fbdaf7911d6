"""Events: what happened, in the order in which it did, for the audit view, the event stream and webhooks.

A change that lies ahead is planned with the command that causes it and becomes an event when its time has come.
"""
