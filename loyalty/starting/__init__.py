"""Programmes to start from: by kind of shop, what there would be, made whole in one step."""
