"""Getting and renewing access tokens, and the fault switches."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from .client import CLIENT_ID, ROOT, SECRET, SHOP, Sandbox
from .documents import CREATE, FIND, basic

SHOP_QUERY = "query { shop { myshopifyDomain currencyCode } }"


class TestTokens:
    def test_an_exchange_gives_an_expiring_pair(self, sandbox: Sandbox) -> None:
        answer = sandbox.exchange().json()
        assert answer["access_token"].startswith("shpat_")
        assert answer["refresh_token"].startswith("shprt_")
        assert (answer["expires_in"], answer["refresh_token_expires_in"]) == (3600, 7_776_000)
        assert "write_discounts" in answer["scope"]
        found = sandbox.graphql(SHOP_QUERY, token=answer["access_token"])
        assert found["data"]["shop"] == {"myshopifyDomain": SHOP, "currencyCode": "USD"}

    @pytest.mark.parametrize(
        ("changes", "status", "error"),
        [
            ({"client_secret": "wrong"}, 401, "invalid_client"),
            ({"subject_token": "nonsense"}, 400, "invalid_subject_token"),
            ({"expiring": 0}, 400, "invalid_request"),
            ({"requested_token_type": "nonsense"}, 400, "invalid_request"),
            ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ],
    )
    def test_refuses(self, sandbox: Sandbox, changes: dict[str, Any], status: int, error: str) -> None:
        answer = sandbox.exchange(**changes)
        assert (answer.status_code, answer.json()["error"]) == (status, error)

    @pytest.mark.parametrize(
        "claims", [{"expires_in": -60}, {"audience": "another"}, {"dest": "https://other.myshopify.com"}]
    )
    def test_a_bad_session_token_is_refused(self, sandbox: Sandbox, claims: dict[str, object]) -> None:
        token = sandbox.control("POST", f"/stores/{SHOP}/id-token", claims)["id_token"]
        assert sandbox.exchange(subject_token=token).json()["error"] == "invalid_subject_token"

    def test_a_refresh_token_works_once_with_a_short_grace(self, sandbox: Sandbox) -> None:
        first = sandbox.exchange().json()
        second = sandbox.refresh(first["refresh_token"]).json()
        assert second["access_token"] != first["access_token"]
        assert sandbox.refresh(first["refresh_token"]).json() == second
        sandbox.control("PATCH", f"/stores/{SHOP}/tokens", {"grace": True})
        late = sandbox.refresh(first["refresh_token"])
        assert (late.status_code, late.json()["error"]) == (400, "invalid_grant")
        assert sandbox.refresh(second["refresh_token"]).status_code == 200

    def test_an_expired_unknown_or_foreign_access_token_is_401(self, sandbox: Sandbox) -> None:
        token = sandbox.exchange().json()["access_token"]
        sandbox.control("PUT", "/stores", [{"domain": "second.myshopify.com"}])
        assert sandbox.call(SHOP_QUERY, {}, shop="second.myshopify.com", token=token).status_code == 401
        sandbox.control("PATCH", f"/stores/{SHOP}/tokens", {"access": True})
        assert sandbox.call(SHOP_QUERY, {}, token=token).status_code == 401
        assert sandbox.call(SHOP_QUERY, {}, token="shpat_unknown").status_code == 401

    def test_an_expired_refresh_token_is_invalid_grant(self, sandbox: Sandbox) -> None:
        token = sandbox.exchange().json()["refresh_token"]
        sandbox.control("PATCH", f"/stores/{SHOP}/tokens", {"refresh": True})
        assert sandbox.refresh(token).json()["error"] == "invalid_grant"

    def test_a_shop_that_uninstalled_the_app_gets_nothing(self, sandbox: Sandbox) -> None:
        token = sandbox.exchange().json()["access_token"]
        sandbox.control("PATCH", f"/stores/{SHOP}", {"installed": False})
        assert sandbox.call(SHOP_QUERY, {}, token=token).status_code == 401
        assert sandbox.exchange().json()["error"] == "invalid_subject_token"

    def test_an_unknown_shop_is_404(self, sandbox: Sandbox) -> None:
        assert sandbox.call(SHOP_QUERY, {}, shop="nobody.myshopify.com", token="x").status_code == 404


class TestFaults:
    def test_down_answers_503_or_cuts_the_connection(self, sandbox: Sandbox) -> None:
        token = sandbox.exchange().json()["access_token"]
        sandbox.faults(down=True)
        assert sandbox.call(SHOP_QUERY, {}, token=token).status_code == 503
        sandbox.faults(down="closed")
        with pytest.raises(requests.ConnectionError):
            sandbox.call(SHOP_QUERY, {}, token=token)

    def test_slow_waits(self, sandbox: Sandbox) -> None:
        token = sandbox.exchange().json()["access_token"]
        sandbox.faults(slow_ms=300)
        start = time.monotonic()
        sandbox.graphql(SHOP_QUERY, token=token)
        assert time.monotonic() - start >= 0.3

    def test_throttled_is_http_200_without_work_and_counts_down(self, sandbox: Sandbox) -> None:
        token, given = sandbox.exchange().json()["access_token"], basic()
        sandbox.faults(throttled=1)
        answer = sandbox.graphql(CREATE, token=token, d=given)
        assert answer["errors"][0]["extensions"]["code"] == "THROTTLED"
        assert "data" not in answer
        cost = answer["extensions"]["cost"]
        assert cost["throttleStatus"]["currentlyAvailable"] < cost["requestedQueryCost"]
        assert sandbox.graphql(CREATE, token=token, d=given)["data"]["discountCodeBasicCreate"]["userErrors"] == []

    def test_a_lost_answer_leaves_the_work_done(self, sandbox: Sandbox) -> None:
        token, given = sandbox.exchange().json()["access_token"], basic()
        sandbox.faults(lose_answers=1)
        with pytest.raises(requests.ConnectionError):
            sandbox.call(CREATE, {"d": given}, token=token)
        assert sandbox.graphql(FIND, token=token, code=given["code"])["data"]["codeDiscountNodeByCode"] is not None

    def test_a_server_error_does_no_work(self, sandbox: Sandbox) -> None:
        token, given = sandbox.exchange().json()["access_token"], basic()
        sandbox.faults(server_error=1, only="discountCodeBasicCreate")
        assert sandbox.call(SHOP_QUERY, {}, token=token).status_code == 200
        assert sandbox.call(CREATE, {"d": given}, token=token).status_code == 500
        assert sandbox.graphql(FIND, token=token, code=given["code"])["data"]["codeDiscountNodeByCode"] is None

    def test_revoked_refuses_every_token(self, sandbox: Sandbox) -> None:
        pair = sandbox.exchange().json()
        sandbox.faults(revoked=True)
        assert sandbox.call(SHOP_QUERY, {}, token=pair["access_token"]).status_code == 401
        assert sandbox.refresh(pair["refresh_token"]).json()["error"] == "invalid_grant"

    def test_an_unknown_switch_is_named(self, sandbox: Sandbox) -> None:
        assert "nonsense" in sandbox.control("PATCH", f"/stores/{SHOP}/faults", {"nonsense": 1}, status=400)["error"]

    def test_the_bucket_runs_dry(self, sandbox: Sandbox) -> None:
        sandbox.control("PUT", "/stores", [{"domain": "dry.myshopify.com"}])
        token = sandbox.exchange(shop="dry.myshopify.com").json()["access_token"]
        query = "query { " + " ".join(f"a{number}: shop {{ id }}" for number in range(900)) + " }"
        answers = [sandbox.graphql(query, shop="dry.myshopify.com", token=token) for _ in range(3)]
        assert [answer.get("errors", [{}])[0].get("extensions", {}).get("code") for answer in answers] == [
            None,
            None,
            "THROTTLED",
        ]


class TestMemory:
    def test_many_stores_in_one_call(self, sandbox: Sandbox) -> None:
        customers = [{"id": number, "email": f"m{number}@example.com"} for number in range(1, 11)]
        entries = [{"domain": f"bulk-{number}.myshopify.com", "customers": customers} for number in range(120)]
        start = time.monotonic()
        assert sandbox.control("PUT", "/stores", entries) == {"stores": 120}
        assert time.monotonic() - start < 3
        assert len(sandbox.store("bulk-119.myshopify.com")["customers"]) == 10

    def test_dozens_at_once_create_each_code_once(self, sandbox: Sandbox) -> None:
        token, given = sandbox.exchange().json()["access_token"], basic()
        with ThreadPoolExecutor(24) as pool:
            answers = list(pool.map(lambda _: sandbox.graphql(CREATE, token=token, d=given), range(48)))
        made = [answer["data"]["discountCodeBasicCreate"]["codeDiscountNode"] for answer in answers if "data" in answer]
        assert len([node for node in made if node]) == 1

    def test_a_restart_keeps_everything(self, start_sandbox: Callable[..., Sandbox], tmp_path: Path) -> None:
        first = start_sandbox(tmp_path)
        first.control("PUT", "/stores", [{"domain": SHOP, "customers": [{"id": 6001, "email": "ana@example.com"}]}])
        pair = first.exchange().json()
        first.graphql(CREATE, token=pair["access_token"], d=basic(code="KEPT"))
        assert first.process is not None
        first.process.terminate()
        first.process.wait(timeout=10)
        second = start_sandbox(tmp_path)
        found = second.graphql(FIND, token=pair["access_token"], code="kept")["data"]["codeDiscountNodeByCode"]
        assert found is not None
        assert second.refresh(pair["refresh_token"]).status_code == 200

    def test_a_port_in_use_gets_one_sentence(self, sandbox: Sandbox, tmp_path: Path) -> None:
        environment = {
            "SANDBOX_PORT": sandbox.url.rsplit(":", 1)[1],
            "SANDBOX_HOME": str(tmp_path),
            "APP_URL": "http://127.0.0.1:1",
            "SHOPIFY_CLIENT_ID": CLIENT_ID,
            "SHOPIFY_CLIENT_SECRETS": SECRET,
        }
        command = [sys.executable, "-m", "sandbox"]
        ended = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False
        )
        assert ended.returncode == 1
        assert ended.stderr.count("\n") == 1
        assert "cannot listen on port" in ended.stderr
