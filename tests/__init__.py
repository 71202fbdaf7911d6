"""The tests: they mirror the four folders and tell what a cluster does in the words of its administrators."""
