"""`/health`: whether this process can do its work."""

from datetime import timedelta

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from loyalty.outbox.queries import lag

ALARM = timedelta(minutes=5)
"""How long a due delivery may wait before somebody is to be told (reliability facts, section 5)."""


def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, 503 otherwise. Says nothing that an outsider could use.

    `late`: deliveries that are due have waited for five minutes, so the workers need a look. It stays 200, for this process
    does its work: a load balancer that took it away would only make things worse.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        is_late = lag(now=timezone.now()) >= ALARM
    except Exception:  # whatever the driver raises, the answer is the same: not healthy
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "late" if is_late else "ok"})
