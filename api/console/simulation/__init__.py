"""The pages about the simulation itself: clock, conditions, faults, scenarios, snapshots and the request journal.

They do what `/sim/v1` does, by the same means and documents; who has not the role `simulation` does not see them.
"""
