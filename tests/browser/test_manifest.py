"""Every page, embedded and standalone, says only what Shopify's elements understand."""

import pytest
from django.test import Client

from tests.browser.manifest import complaints_about
from tests.browser.shop import EMPTY_PATHS, empty_program, filled_shop

pytestmark = pytest.mark.django_db


def logged_in(user: str) -> Client:
    client = Client()
    assert client.login(username=user, password=user)
    return client


class TestTheLint:
    @pytest.mark.parametrize(
        ("html", "complaint"),
        [
            ("<s-nothing></s-nothing>", "unknown element"),
            ('<s-choice-list required label="x"></s-choice-list>', "no attribute required"),
            ('<s-icon type="no-such-icon"></s-icon>', "can't be"),
            ('<s-page><s-text slot="accessory"></s-text></s-page>', 'no slot "accessory"'),
            ('<s-button disabled="maybe">x</s-button>', "on or off"),
        ],
    )
    def test_finds(self, html, complaint):
        (found,) = complaints_about(html)
        assert complaint in found

    def test_lets_sound_markup_pass(self):
        assert (
            complaints_about('<s-page heading="x"><s-button slot="primary-action" href="/">y</s-button></s-page>') == []
        )


class TestEveryPage:
    def test_of_a_full_programme(self):
        shop = filled_shop()
        client = logged_in(shop.user)
        for path in shop.paths():
            answer = client.get(f"/standalone/{path}")
            assert answer.status_code == 200, path
            assert complaints_about(answer.content.decode()) == [], path

    def test_of_an_empty_one(self):
        empty_program()
        client = logged_in("empty")
        for path in EMPTY_PATHS:
            assert complaints_about(client.get(f"/standalone/{path}").content.decode()) == [], path

    def test_of_a_refused_form(self):
        shop = filled_shop()
        client = logged_in(shop.user)
        for path in (
            "earning-rules/new/custom",
            "rewards/new",
            f"earning-rules/{shop.action.public_id}",
            f"members/{shop.member.pk}/adjust",
            "settings",
            "settings/developer",
            "integrations/klaviyo/connect",
        ):
            answer = client.post(f"/standalone/{path}", {"nothing": "of use"})
            assert answer.status_code == 422, path
            assert complaints_about(answer.content.decode()) == [], path

    def test_outside_the_admin(self):
        for path in ("/", "/docs/api", "/docs/recipes/mage", "/standalone/login/"):
            assert complaints_about(Client().get(path).content.decode()) == [], path

    def test_inside_the_frame_without_a_cookie_or_csrf_token(self, sandbox, installed_shop):
        query = {"id_token": sandbox.id_token(installed_shop.domain), "embedded": "1"}
        for path in EMPTY_PATHS:
            answer = Client().get(f"/app/{path}", query)
            html = answer.content.decode()
            assert answer.status_code == 200, path
            assert complaints_about(html) == [], path
            assert "csrfmiddlewaretoken" not in html
            assert not answer.cookies
            assert html.index("app-bridge") < html.index("polaris")
