"""Placing an order: points per currency unit, or fixed."""

from loyalty.earning.kinds.base import Category, Kind

KINDS = (Kind("place_order", Category.PURCHASE, "Place an order", 5, "cart", how_often="Every order"),)
