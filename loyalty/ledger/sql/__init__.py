"""The ledger's kernel: a few SQL functions for the hot verbs, installed by its migrations."""
