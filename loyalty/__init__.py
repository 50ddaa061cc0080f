"""The product: a loyalty programme. It stores Shopify ids as data and never speaks HTTP to Shopify."""
