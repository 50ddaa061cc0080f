"""What the sandbox is told by its environment."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """The sandbox's whole configuration; secrets are newest first."""

    port: int
    home: Path
    app_url: str
    client_id: str
    client_secrets: tuple[str, ...]
    project: Path
    mail_port: int = 0
    retry_scale: float = 0.01

    @property
    def admin_origin(self) -> str:
        """The origin of the pages. `localhost`, while the app is on 127.0.0.1: two sites, as in production."""
        return f"http://localhost:{self.port}"

    @property
    def app_origin(self) -> str:
        """Scheme, host and port of the app, exactly as a browser spells an origin."""
        return "/".join(self.app_url.split("/")[:3])


def from_environment(environment: dict[str, str] | None = None) -> Settings:
    """Read the settings; a missing variable is named in the error (SystemExit).

    `SANDBOX_MAIL_PORT` is where mail is taken; without it none is.
    `SANDBOX_RETRY_SCALE` shortens the waits between retries of Flow runs and webhooks (1.0 is Shopify's own pace).
    """
    found = dict(os.environ) if environment is None else environment
    names = ("SANDBOX_PORT", "SANDBOX_HOME", "APP_URL", "SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRETS")
    missing = [name for name in names if not found.get(name)]
    if missing:
        raise SystemExit(f"The sandbox needs {', '.join(missing)} in its environment. `make demo` sets them.")
    return Settings(
        port=int(found["SANDBOX_PORT"]),
        home=Path(found["SANDBOX_HOME"]),
        app_url=found["APP_URL"].rstrip("/"),
        client_id=found["SHOPIFY_CLIENT_ID"],
        client_secrets=tuple(part.strip() for part in found["SHOPIFY_CLIENT_SECRETS"].split(",") if part.strip()),
        project=Path(found.get("SANDBOX_PROJECT") or Path(__file__).resolve().parents[1]),
        mail_port=int(found.get("SANDBOX_MAIL_PORT") or 0),
        retry_scale=float(found.get("SANDBOX_RETRY_SCALE", "0.01")),
    )
