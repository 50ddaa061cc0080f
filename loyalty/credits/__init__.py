"""Store credit taken away again: money of a customer's, so each removal is written down before the shop is asked."""
