"""Why these points: the stored breakdown in words."""

from loyalty.earning.explaining import explain

RULE = {"id": "rule_a", "name": "Install", "version": 3}


class TestAnAward:
    def test_names_every_factor_and_the_result(self):
        assert explain(
            {
                "rule": RULE,
                "base": "100",
                "base_from": "rule",
                "tier": {"name": "Gold", "multiplier": "1.500", "applies": True},
                "campaign": {"name": "Double", "multiplier": "2"},
                "campaigns_passed_over": ["Small"],
                "points": 300,
            }
        ) == [
            "Base 100: the rule's points (“Install”, version 3)",
            "× 1.5 for the tier Gold",
            "× 2 in the campaign “Double”",
            "The campaign “Small” ran too, but gives less; campaigns don't add up",
            "100 × 1.5 × 2 = 300 points, rounded down once at the end",
        ]

    def test_says_when_a_tier_does_not_count(self):
        lines = explain(
            {"rule": RULE, "base": "5", "tier": {"name": "Gold", "multiplier": "2", "applies": False}, "points": 5}
        )
        assert "The tier Gold multiplies purchases only" in lines

    def test_says_when_the_caller_named_the_points(self):
        assert "stated by the caller" in explain({"base": "7", "base_from": "caller", "points": 7})[0]


class TestAnAdjustment:
    def test_tells_before_and_after_and_who(self):
        assert explain({"asked": -50, "before": 30, "after": 0, "actor": "ada"}) == [
            "Asked for -50; no multiplier applies",
            "Balance 30 before, 0 after",
            "A balance stops at 0",
            "By ada",
        ]


class TestNothingRecorded:
    def test_explains_nothing(self):
        assert explain({}) == []


def test_a_rule_that_only_names_an_adjustment_is_told_as_that():
    lines = explain({"asked": 7, "before": 1, "after": 8, "actor": None, "rule_name": "Follow us", "rule_number": 3})
    assert "Named after “Follow us”, which gives and limits nothing here" in lines
