"""Custom actions: something outside Shopify happened, told over REST or Flow by the action's key."""

from loyalty.earning.kinds.base import Category, Kind

KINDS = (Kind("custom", Category.CUSTOM, "Custom action", 100, "code"),)
