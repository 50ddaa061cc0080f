"""The sandbox's pages, for a person with a browser."""
