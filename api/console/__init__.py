"""The web console: the guide's windows and what a simulator adds to them, as pages rendered on the server.

It asks the engine as every other face does; no rule and no state of a service is decided here.
"""
