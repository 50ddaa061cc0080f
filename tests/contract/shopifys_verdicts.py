"""Asks Shopify's own `shopifyapp` about requests. Run as `python -I`: its package has the same name as ours.

Reads `{"client_id", "secret", "old_secret", "cases": [{"kind", "request"}]}` from standard input; writes a list of booleans.
"""

import json
import sys

from shopify_app import ShopifyApp  # type: ignore[attr-defined,unused-ignore]  # the other package of this name

given = json.load(sys.stdin)
app = ShopifyApp(given["client_id"], given["secret"], given["old_secret"])
ask = {
    "webhook": app.verify_webhook_req,
    "flow": app.verify_flow_action_req,
    "session": lambda request: app.verify_app_home_req(request, app_home_patch_id_token_path="/auth/bounce"),
}
json.dump([bool(ask[case["kind"]](case["request"]).ok) for case in given["cases"]], sys.stdout)
