"""What the stores hold: records in one SQLite file, kept between runs."""
