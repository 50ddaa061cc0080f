"""What a shop pays for: the plan, as Shopify App Pricing knows it, asked of the Partner API."""
