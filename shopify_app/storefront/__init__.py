"""Pages inside a shop's storefront, through Shopify's app proxy, and the page by which customers end emails."""
