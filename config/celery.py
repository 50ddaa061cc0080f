"""The Celery app, its queues and the whole schedule.

Every scheduled task is safe to run twice at once.
"""

import os
import signal
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, setup_logging, worker_init, worker_process_init
from kombu import Queue

from config.launcher.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("encore")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name) for name in ("purchase", "ledger", "webhooks", "delivery", "maintenance")]
# Who must not wait for whom: a customer for a vendor, a webhook for a sweep. Whatever is not named here is maintenance.
app.conf.task_default_queue = "maintenance"
app.conf.task_routes = {
    "loyalty.rewards.tasks.issue": {"queue": "purchase"},
    "loyalty.referrals.tasks.work_on_code": {"queue": "purchase"},
    "loyalty.outbox.tasks.*": {"queue": "delivery"},
    "loyalty.ledger.tasks.*": {"queue": "ledger"},
    "loyalty.earning.tasks.approve_due": {"queue": "ledger"},
    "shopify_app.webhooks.tasks.work_on": {"queue": "webhooks"},
}
app.autodiscover_tasks()

# seconds between runs; a sweep finds what a lost message left behind
app.conf.beat_schedule = {
    "relay": {"task": "loyalty.outbox.tasks.relay", "schedule": 2.0},
    "sweep_redemptions": {"task": "loyalty.rewards.tasks.sweep_redemptions", "schedule": 5.0},
    "sweep_referrals": {"task": "loyalty.referrals.tasks.sweep", "schedule": 10.0},
    "complete_referrals": {"task": "loyalty.referrals.tasks.complete_due", "schedule": 60.0},
    "expire_referrals": {"task": "loyalty.referrals.tasks.expire", "schedule": crontab(minute=12)},
    "go_on_syncing": {"task": "loyalty.integrations.tasks.go_on_syncing", "schedule": 30.0},
    "go_on_with_test_mode": {"task": "loyalty.test_mode.tasks.go_on", "schedule": 15.0},
    "expire_codes": {"task": "loyalty.rewards.tasks.expire_codes", "schedule": crontab(minute=2)},
    "mature_points": {"task": "loyalty.earning.tasks.approve_due", "schedule": 60.0},
    "go_on_deciding": {"task": "loyalty.earning.tasks.decide_all", "schedule": 15.0},
    "celebrate": {"task": "loyalty.earning.tasks.celebrate", "schedule": crontab(minute=7)},
    "tell_birthdays": {"task": "loyalty.earning.tasks.tell_birthdays", "schedule": crontab(minute=9)},
    "expire_points": {"task": "loyalty.ledger.tasks.expire_due", "schedule": 300.0},
    "remind_expiring": {"task": "loyalty.ledger.tasks.remind_expiring", "schedule": crontab(minute=5)},
    "roll_up": {"task": "loyalty.analytics.tasks.roll_up", "schedule": 60.0},
    "go_on_importing": {"task": "loyalty.imports.tasks.go_on", "schedule": 15.0},
    "sweep_inbox": {"task": "shopify_app.webhooks.tasks.sweep_inbox", "schedule": 15.0},
    "reconcile_orders": {"task": "shopify_app.webhooks.tasks.reconcile_orders", "schedule": crontab(hour=1, minute=40)},
    "go_on_reconciling": {"task": "shopify_app.webhooks.tasks.go_on_reconciling", "schedule": 30.0},
    "drop_old_bodies": {"task": "shopify_app.webhooks.tasks.drop_old_bodies", "schedule": crontab(hour=3, minute=10)},
    "drop_old_calls": {"task": "loyalty.earning.tasks.drop_old_calls", "schedule": crontab(hour=3, minute=20)},
    "prove_ledgers": {"task": "loyalty.ledger.tasks.prove_ledgers", "schedule": crontab(hour=3, minute=40)},
    "requalify": {"task": "loyalty.tiers.tasks.requalify_sweep", "schedule": crontab(hour=4, minute=10)},
    "forget_what_is_old": {"task": "config.tasks.forget_what_is_old", "schedule": crontab(hour=4, minute=30)},
    "refresh_plans": {"task": "shopify_app.billing.tasks.refresh_plans", "schedule": crontab(hour=5, minute=10)},
    "renew_tokens": {"task": "shopify_app.shops.tasks.renew_tokens", "schedule": crontab(hour=2, minute=40)},
}


@setup_logging.connect
def keep_our_logging(**_kwargs: Any) -> None:
    """Celery would install its own handlers; ours, with the secrets removed, stay."""


@worker_init.connect
@beat_init.connect
def refuse_to_start_open(**_kwargs: Any) -> None:
    """A worker or scheduler with development's conveniences does not start in production."""
    from config import checks  # it reads the settings, which stand only now

    checks.refuse_to_start_open()


@worker_process_init.connect
def end_with_the_worker(**_kwargs: Any) -> None:
    """A pool process must not outlive a worker that was killed: it would go on with work that others take over."""
    die_with_parent(os.getppid(), signal.SIGKILL)
