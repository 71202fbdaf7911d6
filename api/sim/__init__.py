"""The simulation's own controls, `/sim/v1`: clock, faults, journal, snapshots, scenarios – what only a simulator can do.

It reaches into the engine and the ring from beside; none of it lies on the vendor's paths.
"""
