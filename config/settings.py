"""Every setting of Encore, read from the environment in this one file.

Three environments: `production` (the default: every secret must be given), `demo` (the launcher gives them) and `test`
(fixed throw-away values stand in). Nothing else in the project reads the environment.
"""

import os

import dj_database_url
from environs import Env
from environs import validate as rules

from config import environment
from config.logs import configure_logging
from config.mail import mail_server

env = Env()
BASE_DIR = environment.PROJECT
# Another word would be neither: not production to the checks, and not the demo to the rest.
ENCORE_ENVIRONMENT = env.str("ENCORE_ENVIRONMENT", "production", validate=rules.OneOf(["production", "demo", "test"]))
IS_PRODUCTION = ENCORE_ENVIRONMENT == "production"
IS_TEST = ENCORE_ENVIRONMENT == "test"
ENCORE_HOME = environment.home(os.environ)  # the data folder; the front door reads demo.json in it


def required(name: str, in_tests: str) -> str:
    """A value that must be given; only the test environment has a stand-in."""
    return env.str(name, in_tests) if IS_TEST else env.str(name)


# The pages under Django's own login, and the element gallery: for the demo, for tests, and for a machine of one's own.
ENCORE_STANDALONE = env.bool("ENCORE_STANDALONE", not IS_PRODUCTION)

# --- keys and addresses
SECRET_KEY = required("DJANGO_SECRET_KEY", "a-key-for-tests-only-it-protects-nothing-at-all")
# Fernet keys, newest first (reliability.md 11). Not SECRET_KEY: they rotate apart from it.
ENCORE_SECRET_KEYS = [
    key.strip() for key in required("ENCORE_SECRET_KEYS", "dGVzdHMtb25seS1rZXktcHJvdGVjdHMtbm90aGluZyE=").split(",")
]
DEBUG = False
APP_URL = required("APP_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["*"] if not IS_PRODUCTION else [APP_URL.partition("://")[2]])
CSRF_TRUSTED_ORIGINS = [APP_URL]

# --- Shopify
SHOPIFY_CLIENT_ID = required("SHOPIFY_CLIENT_ID", "0123456789abcdef0123456789abcdef")
SHOPIFY_CLIENT_SECRETS = [  # current first, then the one being retired
    secret.strip()
    for secret in required("SHOPIFY_CLIENT_SECRETS", "shpss_for-tests-only-it-protects-nothing").split(",")
]
SHOPIFY_API_VERSION = "2026-10"
# Demo and tests: the sandbox. A request for https://{shop}/path then goes to {gateway}/path with `Host: {shop}`.
SHOPIFY_GATEWAY = env.str("SHOPIFY_GATEWAY", "").rstrip("/")
SHOPIFY_APP_BRIDGE_URL = "https://cdn.shopify.com/shopifycloud/app-bridge.js"
APP_BRIDGE_URL = env.str("APP_BRIDGE_URL", SHOPIFY_APP_BRIDGE_URL)
SHOPIFY_POLARIS_URL = "https://cdn.shopify.com/shopifycloud/polaris.js"
POLARIS_URL = env.str("POLARIS_URL", SHOPIFY_POLARIS_URL)
FRAME_ANCESTORS = env.str("FRAME_ANCESTORS", "https://admin.shopify.com").split()
SANDBOX_URL = env.str("SANDBOX_URL", "")  # demo only: where the front door's links lead
# The plan comes from Shopify App Pricing through the Partner API once all four are set; else every shop has ENCORE_PLAN.
SHOPIFY_PARTNER_ORGANIZATION_ID = env.str("SHOPIFY_PARTNER_ORGANIZATION_ID", "")
SHOPIFY_PARTNER_TOKEN = env.str("SHOPIFY_PARTNER_TOKEN", "")  # of the organization; it may manage apps
SHOPIFY_APP_ID = env.str("SHOPIFY_APP_ID", "")  # gid://shopify/App/…
SHOPIFY_APP_HANDLE = env.str("SHOPIFY_APP_HANDLE", "")  # in the address of Shopify's page of plans
ENCORE_ASKS_FOR_PLAN = all([SHOPIFY_PARTNER_ORGANIZATION_ID, SHOPIFY_PARTNER_TOKEN, SHOPIFY_APP_ID, SHOPIFY_APP_HANDLE])
# What the plans are called in Shopify's dashboard, each with ours: "starter=starter,growth-yearly=growth".
SHOPIFY_PLAN_HANDLES = dict(
    each.strip().partition("=")[::2]
    for each in env.str("SHOPIFY_PLAN_HANDLES", "starter=starter,growth=growth").split(",")
)
ENCORE_PLAN = env.str("ENCORE_PLAN", "self_hosted", validate=rules.OneOf(["self_hosted", "starter", "growth"]))

# What loyalty declares and shopify_app implements
ENCORE_SUBSCRIPTIONS = "config.subscriptions.SUBSCRIPTIONS"
ENCORE_DISCOUNT_ISSUER = "shopify_app.discounts.issuer.ShopifyDiscountIssuer"
ENCORE_STORE_CREDIT = "shopify_app.store_credit.account.ShopifyStoreCredit"
ENCORE_CUSTOMER_DIRECTORY = "shopify_app.customers.directory.ShopifyCustomerDirectory"
ENCORE_CUSTOMER_BOOK = "shopify_app.customers.book.ShopifyCustomerBook"
ENCORE_PEOPLE = "shopify_app.customers.people.ShopifyPeople"
ENCORE_CATALOGUE = "shopify_app.catalogue.reader.ShopifyCatalogue"
ENCORE_STOCK = "shopify_app.catalogue.stock.ShopifyStock"

# Calls of one web process that may wait for Shopify at once: fewer than its threads, or nothing else is answered.
ENCORE_WAITING_CALLS = env.int("ENCORE_WAITING_CALLS", 1)

# --- vendors and outgoing webhooks
ENCORE_VENDORS_URL = env.str("ENCORE_VENDORS_URL", "")  # demo and tests only: where every vendor's stand-in is
ENCORE_DELIVERY_PACE = env.float(
    "ENCORE_DELIVERY_PACE", 1.0
)  # tests hurry: limits and delays of vendors by this factor
POSTSCRIPT_PARTNER_KEY = env.str(
    "POSTSCRIPT_PARTNER_KEY", ""
)  # sk_partner_…: merchants then connect by their shop's token
ENCORE_VENDOR_READ_SECONDS = env.float("ENCORE_VENDOR_READ_SECONDS", 10.0)
LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS = env.bool("LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS", False)
LOYALTY_WEBHOOK_RETRY_DELAYS = [
    float(seconds) for seconds in env.str("LOYALTY_WEBHOOK_RETRY_DELAYS", "60,300,1800").split(",")
]

# --- emails to customers: EMAIL_URL is the server, EMAIL_FROM the address they come from unless a merchant has one of their own
EMAIL_URL = env.str("EMAIL_URL", "")
_mail = mail_server(EMAIL_URL)
EMAIL_BACKEND = env.str("EMAIL_BACKEND", _mail.backend)  # another of Django's, or a provider's own
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starts_tls, _mail.is_tls
EMAIL_TIMEOUT = 10  # seconds for each step of the conversation
ENCORE_EMAILS_PER_SECOND = env.int(
    "ENCORE_EMAILS_PER_SECOND", 10
)  # of all shops together: what the server takes; 0 is any
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "")
ENCORE_SENDS_EMAIL = bool(DEFAULT_FROM_EMAIL) and not EMAIL_BACKEND.endswith("dummy.EmailBackend")

# --- applications
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # the templates of hidden inputs, beside our own (FORM_RENDERER)
    "django_scopes",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "config",
    "loyalty.programs",
    "loyalty.members",
    "loyalty.skips",
    "loyalty.orders",
    "loyalty.ledger",
    "loyalty.tiers",
    "loyalty.campaigns",
    "loyalty.earning",
    "loyalty.rewards",
    "loyalty.credits",
    "loyalty.imports",
    "loyalty.referrals",
    "loyalty.analytics",
    "loyalty.test_mode",
    "loyalty.outbox",
    "loyalty.idempotency",
    "loyalty.integrations",
    "loyalty.integrations.webhooks",
    "loyalty.emails",
    "shopify_app.shops",
    "shopify_app.billing",
    "shopify_app.webhooks",
    "shopify_app.display",
    "shopify_app.dashboard",
    "shopify_app.docs",
]
FORM_RENDERER = "shopify_app.dashboard.polaris.PolarisRenderer"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "shopify_app.dashboard.login.keep_no_standalone_page",
    "shopify_app.dashboard.language.LanguageMiddleware",
    "shopify_app.auth.middleware.SessionTokenMiddleware",  # before the CSRF check: a bearer token stands in for it
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
APPEND_SLASH = False  # a redirect would turn a POST into a GET, and a webhook into a failure
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE, USE_I18N, TIME_ZONE, USE_TZ = "en", True, "UTC", True
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [
    BASE_DIR / "locale"
]  # REST, Flow and workers speak English: only a door for people switches the language

# --- database and cache (architecture.md 6)
_database = dj_database_url.parse(required("DATABASE_URL", "postgres://nobody@127.0.0.1:1/unset"))
DATABASES = {
    "default": {
        **_database,
        # A lock that is not to be had in 4 s is "try again" for the caller: Flow gives up on an answer after 10 s.
        "OPTIONS": {**_database.get("OPTIONS", {}), "options": "-c lock_timeout=4s"},
        # One connection per web process and thread for its whole life: one per request costs ten times the rest.
        "CONN_MAX_AGE": None,
        # A health check is a round trip per request. Django drops a connection that failed, and the doors answer 503 meanwhile.
        "CONN_HEALTH_CHECKS": False,
    }
}
REDIS_URL = required("REDIS_URL", "redis://127.0.0.1:1/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "encore-cache",
    }
}

# --- Celery (reliability.md 8 says why, line by line)
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 90, 120  # seconds
CELERY_TASK_IGNORE_RESULT, CELERY_RESULT_BACKEND = True, None  # state lives in our rows
CELERY_TASK_SERIALIZER, CELERY_ACCEPT_CONTENT = "json", ["json"]
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_WORKER_MAX_TASKS_PER_CHILD, CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1000, 300_000  # the latter in KiB
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20  # seconds; used with REMAP_SIGTERM=SIGQUIT
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "global_keyprefix": "encore:",
}
CELERY_TIMEZONE, CELERY_ENABLE_UTC = "UTC", True

# --- static files: hashed and compressed in production, straight from the source folders elsewhere
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles" if IS_PRODUCTION else None
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- people and browsers
LOGIN_URL = "/standalone/login/"
LOGIN_REDIRECT_URL = "/standalone/"
X_FRAME_OPTIONS = "DENY"  # the embedded pages replace it by their shop's frame-ancestors
SECURE_REFERRER_POLICY = "strict-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bytes; Shopify's largest webhooks stay well below

# Files that merchants import: a million rows have about 80 MB. Django spools what is larger than 2.5 MB to the disk.
ENCORE_IMPORT_MAX_BYTES = env.int("ENCORE_IMPORT_MAX_MB", 200) * 1024 * 1024
ENCORE_IMPORT_MAX_ROWS = env.int("ENCORE_IMPORT_MAX_ROWS", 1_000_000)

# --- REST
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Encore REST API",
    "DESCRIPTION": "Award points, redeem rewards and read members of a Shopify shop's loyalty programme.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # The API authenticates by itself, so the document is told how.
    "APPEND_COMPONENTS": {"securitySchemes": {"ApiKey": {"type": "apiKey", "in": "header", "name": "Authorization"}}},
    "SECURITY": [{"ApiKey": []}],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "loyalty.api.v1.examples.add_examples",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AwardStatus": "loyalty.api.v1.shapes.AWARD_STATUSES",
        "EarningHistoryStatus": "loyalty.api.v1.shapes.HISTORY_STATUSES",
        "RewardHistoryStatus": "loyalty.api.v1.shapes.REWARD_STATUSES",
    },
}

LOGGING_CONFIG = None
configure_logging(level=env.str("LOG_LEVEL", "INFO"), as_json=IS_PRODUCTION)
