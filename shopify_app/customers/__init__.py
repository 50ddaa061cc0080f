"""Customers as the shop knows them: the implementation of the directory that members declare."""
