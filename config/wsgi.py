"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402  # as the next two

from config.checks import refuse_to_start_open  # noqa: E402  # it reads the settings, which stand only now
from flow_extensions.actions.endpoint import FlowDoor  # noqa: E402  # its handlers need the apps

application = FlowDoor(django)

refuse_to_start_open()

# Everything that is loaded stays loaded: the collector need not look through it again every few hundred objects, which
# took a sixth of an award's time. Requests free their own objects by counting.
_ = get_resolver().url_patterns  # imports every view now, not in somebody's request
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
