"""Management commands of the whole: filling shops for the demo and for tests."""
