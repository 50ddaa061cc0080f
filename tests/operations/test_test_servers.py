"""The tests' own servers are real ones."""

import pytest
import redis
from django.conf import settings
from django.db import connection


@pytest.mark.django_db
class TestTheThrowAwayServers:
    def test_the_database_is_the_embedded_postgresql(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int, current_database()")
            version, name = cursor.fetchone()
        assert version >= 150000
        assert name == "test_encore"

    def test_the_broker_answers_and_keeps_what_it_is_given(self, servers):
        assert redis.Redis.from_url(settings.REDIS_URL).config_get("maxmemory-policy") == {
            "maxmemory-policy": "noeviction"
        }
