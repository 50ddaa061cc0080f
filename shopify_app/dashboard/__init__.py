"""The admin: one file per page. A page asks `loyalty.<noun>.queries`, a write is a form and one operation."""
