"""The standalone login: attempts are limited, and nothing behind it is kept by a cache."""

import pytest
from django.core.cache import cache
from django.test import Client

from shopify_app.dashboard import login
from shopify_app.dashboard.operations import set_login
from tests.a_shop import AShop

pytestmark = pytest.mark.django_db
PATH = "/standalone/login/"


@pytest.fixture
def user(db, servers, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a slow one is not what is tested
    cache.clear()
    set_login(program=AShop.new().program, username="ada", password="right")
    yield "ada"
    cache.clear()


def log_in(password, name="ada", address="192.0.2.1"):
    return Client(REMOTE_ADDR=address).post(PATH, {"username": name, "password": password})


class TestAttempts:
    def test_are_limited_by_name_whatever_the_password_and_the_address(self, user):
        answers = [log_in("wrong", address=f"192.0.2.{n}").status_code for n in range(login.ATTEMPTS_PER_NAME + 1)]
        assert answers == [200] * login.ATTEMPTS_PER_NAME + [429]
        locked = log_in("right")
        assert (locked.status_code, "sessionid" in locked.cookies) == (429, False)
        assert "Too many attempts" in locked.content.decode()
        assert log_in("right", name="ADA ").status_code == 429

    def test_are_limited_by_address_whatever_the_name(self, user):
        for number in range(login.ATTEMPTS_PER_ADDRESS):
            log_in("wrong", name=f"name{number}")
        assert log_in("right").status_code == 429
        assert log_in("right", address="192.0.2.2").status_code == 302

    def test_that_succeed_are_not_counted(self, user):
        for _ in range(login.ATTEMPTS_PER_ADDRESS + 1):
            assert log_in("right").status_code == 302


class TestEveryPage:
    @pytest.mark.parametrize("path", ["", "login/", "members", "members/999999", "no-such-page"])
    @pytest.mark.parametrize("is_logged_in", [True, False])
    def test_is_kept_by_no_cache(self, user, path, is_logged_in):
        client = Client()
        if is_logged_in:
            client.login(username="ada", password="right")
        assert client.get(f"/standalone/{path}")["Cache-Control"] == "no-store"
