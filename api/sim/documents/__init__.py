"""The simulation's documents: one form of rules, scenarios and settings for files, HTTP and Python."""
