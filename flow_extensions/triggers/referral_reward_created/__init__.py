"""Flow trigger "Referral reward created"."""
