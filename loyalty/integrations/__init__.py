"""Marketing platforms and merchants' webhooks: one folder each."""
