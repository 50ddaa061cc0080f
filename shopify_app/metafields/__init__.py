"""What Encore writes into the shop itself: metafields of customers and of the shop, and a tag that names the VIP tier."""
