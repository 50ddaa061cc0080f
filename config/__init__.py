"""The composition root: settings, addresses, queues, and the launcher that starts them all.

Nothing is imported here: the launcher runs before any package is installed.
"""
