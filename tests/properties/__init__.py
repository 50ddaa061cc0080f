"""Properties: Hypothesis against plain reference models."""
