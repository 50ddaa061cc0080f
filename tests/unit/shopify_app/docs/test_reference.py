"""The readable reference drawn from an OpenAPI document."""

from shopify_app.docs.reference import reference

DOCUMENT = {
    "paths": {
        "/v1/customers": {"get": {"operationId": "list", "summary": "List customers", "responses": {"200": {}}}},
        "/v1/actions": {
            "post": {
                "operationId": "award",
                "description": "Award an action.\nExactly once.",
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/Body"},
                            "example": {"action_key": "app_install"},
                        }
                    }
                },
                "responses": {"201": {"description": "Awarded"}, "409": {"description": "Already awarded"}},
            }
        },
    },
    "components": {
        "schemas": {
            "Body": {
                "required": ["action_key"],
                "properties": {
                    "action_key": {"type": "string", "description": "Which action"},
                    "mode": {"enum": ["a", "b"]},
                    "made_at": {"type": "string", "format": "date-time", "readOnly": True},
                },
            }
        }
    },
}


class TestTheReference:
    def test_groups_by_resource_in_a_fixed_order(self):
        assert [group.name for group in reference(DOCUMENT)] == ["Custom actions", "Customers"]

    def test_tells_of_a_call_what_it_takes_and_answers(self):
        (award,) = reference(DOCUMENT)[0].endpoints
        assert (award.method, award.path, award.summary) == ("POST", "/v1/actions", "Award an action.")
        assert [(item.name, item.kind, item.is_required) for item in award.body] == [
            ("action_key", "string", True),
            ("mode", "one of a, b", False),
        ]
        assert award.answers == [("201", "Awarded"), ("409", "Already awarded")]

    def test_shows_a_call_to_paste(self):
        (award,) = reference(DOCUMENT)[0].endpoints
        assert "-X POST" in award.curl
        assert """-d '{"action_key": "app_install"}'""" in award.curl
