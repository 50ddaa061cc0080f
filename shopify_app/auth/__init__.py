"""Who is asking: session tokens, and the signatures of webhooks and Flow."""
