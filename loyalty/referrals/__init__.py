"""Members bring friends: the invitation, the friend's first order, and what both get."""
