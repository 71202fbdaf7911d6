"""A small cluster for tests: two nodes, every transition at once."""

from __future__ import annotations

QUICK = """
[durations]
scale = 0.0
jitter = 0.0

[[clusters]]
id = "lab"
version = "15.0.1.12900-43"
timezone = "Europe/Berlin"

[[clusters.nodes]]
id = "cucm-pub"
product = "UCM"
role = "publisher"
address = "127.0.0.1"
fqdn = "cucm-pub.lab.example"
activated = ["Cisco CallManager", "Cisco Tftp"]

[[clusters.nodes]]
id = "cucm-sub"
product = "UCM"
role = "subscriber"
address = "127.0.0.2"
fqdn = "cucm-sub.lab.example"
activated = ["Cisco CallManager"]
"""
