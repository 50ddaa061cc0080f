"""Analytics: what a programme did, in days of the shop; rolled up, so that pages are fast however long its ledger is."""
