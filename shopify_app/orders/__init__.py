"""Orders and refunds of a shop: read from what Shopify tells, and handed to the programme."""
