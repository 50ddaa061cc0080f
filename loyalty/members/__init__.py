"""Enrolled customers: identity, exclusion, enrolment and redaction."""
