"""Trying a programme out: who is a test customer, what their tests left behind, and what others missed meanwhile."""
