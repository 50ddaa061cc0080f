"""A merchant opens Encore in the Shopify admin: token, bounce, install, headers."""

import logging
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from loyalty.programs.models import Program
from shopify_app.shops.models import Shop
from shopify_app.shops.operations import install, uninstall

pytestmark = pytest.mark.django_db
RETRY = "X-Shopify-Retry-Invalid-Session-Request"


def open_app(domain: str, token: str, path: str = "/app/", **query: str):
    return Client().get(path, {"shop": domain, "id_token": token, "embedded": "1", "host": "aG9zdA", **query})


class TestTheFirstPageLoad:
    def test_installs_the_shop_and_shows_the_app(self, sandbox):
        domain = sandbox.new_store(name="Tea House")
        answer = open_app(domain, sandbox.id_token(domain))
        assert answer.status_code == 200
        assert Program.objects.get(shopify_domain=domain).name == "Tea House"
        assert Shop.objects.get(domain=domain).is_connected

    def test_may_be_framed_by_this_shop_and_is_kept_by_nobody(self, sandbox):
        domain = sandbox.new_store()
        answer = open_app(domain, sandbox.id_token(domain))
        policy = answer["Content-Security-Policy"]
        assert policy.startswith(f"frame-ancestors https://{domain} https://admin.shopify.com")
        assert "X-Frame-Options" not in answer
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "strict-origin"
        assert not answer.cookies

    def test_while_shopify_is_down_says_so_and_installs_nothing(self, sandbox):
        domain = sandbox.new_store()
        token = sandbox.id_token(domain)
        sandbox.faults(domain, down=True)
        answer = open_app(domain, token)
        assert answer.status_code == 503
        assert not Shop.objects.filter(domain=domain).exists()

    def test_after_a_lost_grant_reconnects(self, installed_shop, sandbox):
        Shop.objects.filter(pk=installed_shop.pk).update(needs_reauth_at=timezone.now())
        assert open_app(installed_shop.domain, sandbox.id_token(installed_shop.domain)).status_code == 200
        assert Shop.objects.get(pk=installed_shop.pk).is_connected

    def test_after_an_uninstall_installs_again(self, installed_shop, sandbox):
        uninstall(domain=installed_shop.domain, now=timezone.now())
        assert open_app(installed_shop.domain, sandbox.id_token(installed_shop.domain)).status_code == 200
        assert Shop.objects.get(pk=installed_shop.pk).uninstalled_at is None


class TestADocumentWithoutAValidToken:
    def test_goes_through_the_bounce_page_and_comes_back_without_the_old_token(self, sandbox):
        domain = sandbox.new_store()
        answer = open_app(domain, sandbox.id_token(domain, expires_in=-60), "/app/rewards", page="2")
        target = urlsplit(answer["Location"])
        assert (answer.status_code, target.path) == (302, "/auth/bounce")
        (reload,) = parse_qs(target.query)["shopify-reload"]
        assert reload.startswith(f"{settings.APP_URL}/app/rewards?")
        assert "page=2" in reload
        assert "id_token" not in answer["Location"]

    def test_the_bounce_page_holds_app_bridge_and_the_shops_policy(self, installed_shop):
        query = {"shop": installed_shop.domain, "shopify-reload": f"{settings.APP_URL}/app/"}
        answer = Client().get("/auth/bounce", query)
        assert answer.status_code == 200
        assert settings.APP_BRIDGE_URL in answer.content.decode()
        assert answer["Content-Security-Policy"].startswith(f"frame-ancestors https://{installed_shop.domain} ")
        assert "X-Frame-Options" not in answer

    @pytest.mark.parametrize("shop", ["x; script-src *", "evil.com", "a.myshopify.com.evil.com", "a.myshopify.com\n"])
    def test_nobody_adds_to_the_bounce_pages_policy(self, shop):
        answer = Client().get("/auth/bounce", {"shop": shop, "shopify-reload": "/app/"})
        ancestors = " ".join(settings.FRAME_ANCESTORS)
        assert answer["Content-Security-Policy"] == f"frame-ancestors {ancestors}"

    @pytest.mark.parametrize("target", ["", "https://evil.com/app/", "//evil.com/app/", "/standalone/", "/app\\..\\x"])
    def test_the_bounce_page_loads_only_our_own_pages(self, target):
        assert Client().get("/auth/bounce", {"shopify-reload": target}).status_code == 400

    def test_a_post_is_not_redirected(self):
        answer = Client().post("/app/")
        assert answer.status_code == 401
        assert RETRY not in answer


class TestAFormOfAPageOpenedWithATokenInItsAddress:
    @pytest.mark.parametrize("path", ["/app/settings", "/app/settings/developer", "/app/rewards/new"])
    def test_goes_to_the_path_alone(self, installed_shop, sandbox, path):
        page = open_app(installed_shop.domain, sandbox.id_token(installed_shop.domain), path).content.decode()
        assert f'<form method="post" action="{path}"' in page
        assert "id_token" not in page


class TestAFetch:
    def test_with_a_bearer_token_needs_no_csrf_token(self, installed_shop, sandbox):
        client = Client(enforce_csrf_checks=True)
        bearer = f"Bearer {sandbox.id_token(installed_shop.domain)}"
        answer = client.post("/app/no-such-page", headers={"Authorization": bearer})
        assert answer.status_code == 404  # past the gate and past the CSRF check

    @pytest.mark.parametrize("marker", ["HX-Request", "X-Requested-With"])
    def test_with_an_ended_token_is_asked_to_come_again(self, installed_shop, sandbox, marker):
        bearer = f"Bearer {sandbox.id_token(installed_shop.domain, expires_in=-60)}"
        answer = Client().get("/app/", headers={"Authorization": bearer, marker: "true"})
        assert answer.status_code == 401
        assert answer[RETRY] == "1"
        assert answer.content

    def test_without_a_token_is_told_apart_from_a_document_by_sec_fetch_mode(self):
        assert Client().get("/app/", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401
        assert Client().get("/app/", headers={"Sec-Fetch-Mode": "navigate"}).status_code == 302

    def test_that_posts_with_the_token_in_the_query_is_refused(self, installed_shop, sandbox):
        token = sandbox.id_token(installed_shop.domain)
        assert Client().post(f"/app/?id_token={token}").status_code == 401

    def test_that_posts_with_only_a_cookie_is_refused(self, installed_shop, django_user_model):
        client = Client()
        client.force_login(django_user_model.objects.create_user("someone"))
        assert client.post("/app/").status_code == 401

    def test_for_another_shop_than_the_tokens_is_refused(self, installed_shop, sandbox):
        bearer = f"Bearer {sandbox.id_token(installed_shop.domain)}"
        answer = Client().get("/app/", {"shop": "other.myshopify.com"}, headers={"Authorization": bearer})
        assert answer.status_code == 403


class TestATokenThatProvesNothing:
    """Each row is one check: without it this token would open the app."""

    @pytest.mark.parametrize(
        "claims",
        [
            {"audience": "another-app"},
            {"expires_in": -60},
            {"nbf": 4_000_000_000},
            {"iss": "https://other.myshopify.com/admin"},
            {"dest": "https://other.myshopify.com"},
            {"dest": "https://evil.com", "iss": "https://evil.com/admin"},
            {"dest": "https://a.myshopify.com.evil.com", "iss": "https://a.myshopify.com.evil.com/admin"},
            {"dest": "https://a.myshopify.com:444", "iss": "https://a.myshopify.com:444/admin"},
            {"dest": "https://u@a.myshopify.com", "iss": "https://u@a.myshopify.com/admin"},
            {"dest": "http://a.myshopify.com", "iss": "http://a.myshopify.com/admin"},
            {"dest": "https://a.myshopify.com\n", "iss": "https://a.myshopify.com\n/admin"},
            {"dest": 7},
            {"dest": None},
            {"exp": None},
            {"nbf": None},
            {"sub": None},
        ],
        ids=str,
    )
    def test_installs_nothing_and_opens_nothing(self, sandbox, claims):
        domain = sandbox.new_store()
        answer = Client().get("/app/", headers={"Authorization": f"Bearer {sandbox.id_token(domain, **claims)}"})
        assert answer.status_code == 401
        assert not Shop.objects.filter(domain=domain).exists()

    def test_without_an_end_opens_nothing(self, sandbox):
        domain = sandbox.new_store()
        claims = jwt.decode(sandbox.id_token(domain), options={"verify_signature": False})
        del claims["exp"]
        raw = jwt.encode(claims, settings.SHOPIFY_CLIENT_SECRETS[0], "HS256")
        assert Client().get("/app/", headers={"Authorization": f"Bearer {raw}"}).status_code == 401

    @pytest.mark.parametrize(("secret", "algorithm"), [("wrong" * 8, "HS256"), ("", "none"), ("current", "HS512")])
    def test_of_another_secret_or_algorithm_opens_nothing(self, sandbox, secret, algorithm):
        domain = sandbox.new_store()
        claims = jwt.decode(sandbox.id_token(domain), options={"verify_signature": False})
        key = settings.SHOPIFY_CLIENT_SECRETS[0] if secret == "current" else secret
        raw = jwt.encode(claims, key, algorithm)
        assert Client().get("/app/", headers={"Authorization": f"Bearer {raw}"}).status_code == 401

    def test_of_the_secret_being_retired_still_opens(self, installed_shop, sandbox):
        claims = jwt.decode(sandbox.id_token(installed_shop.domain), options={"verify_signature": False})
        raw = jwt.encode(claims, settings.SHOPIFY_CLIENT_SECRETS[1], "HS256")
        assert Client().get("/app/", headers={"Authorization": f"Bearer {raw}"}).status_code == 200


class TestLogs:
    def test_hold_no_token(self, installed_shop, sandbox, caplog):
        token = sandbox.id_token(installed_shop.domain, expires_in=-60)
        from config.logs import without_secrets

        with caplog.at_level(logging.DEBUG):
            open_app(installed_shop.domain, token)
        assert token not in caplog.text
        address = f"https://x/app/?id_token={token}&shop=a"
        assert token not in str(without_secrets({"HX-Current-URL": address, "Referer": address, "message": address}))


class TestTheInstallIsOnePerShop:
    def test_a_second_shop_gets_a_programme_of_its_own(self, installed_shop, sandbox):
        other = sandbox.new_store()
        shop = install(domain=other, id_token=sandbox.id_token(other), now=timezone.now())
        assert shop.program_id != installed_shop.program_id
