"""Emails to customers: what a member is told when something of theirs has happened."""
