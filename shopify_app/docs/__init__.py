"""What developers read: the reference, a recipe per job and a collection to import, all from the one OpenAPI document."""
