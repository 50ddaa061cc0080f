"""Pages inside a shop's storefront, through Shopify's app proxy."""
