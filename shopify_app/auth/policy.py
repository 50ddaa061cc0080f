"""The headers of embedded answers. Whatever the policy comes to say is added here and nowhere else."""

from django.conf import settings
from django.http import HttpResponse

PREFIX = "/app/"


def only_framed_by(response: HttpResponse, shop_domain: str | None) -> HttpResponse:
    """Let this shop's admin frame an answer, and nothing keep it.

    Args:
        response: changed and returned.
        shop_domain: checked by the caller: an unchecked value could add directives. None where no shop is known yet.
    """
    ancestors = [f"https://{shop_domain}"] if shop_domain else []
    response["Content-Security-Policy"] = f"frame-ancestors {' '.join([*ancestors, *settings.FRAME_ANCESTORS])}"
    response["Cache-Control"], response["Referrer-Policy"] = "no-store", "strict-origin"
    response.xframe_options_exempt = True  # read by a clickjacking middleware outside of us
    del response["X-Frame-Options"]  # for one inside of us
    return response


def plain(sentence: str, status: int) -> HttpResponse:
    """A short readable answer: after a failed bounce it is what the merchant sees."""
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
