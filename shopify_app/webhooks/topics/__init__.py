"""One file per topic: what a webhook means to Encore."""
