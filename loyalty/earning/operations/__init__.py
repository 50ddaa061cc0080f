"""What may happen in earning."""

from loyalty.earning.activity import Activity, OrderReference
from loyalty.earning.operations.adjustment import Adjustment, adjust_points, undo_adjustment
from loyalty.earning.operations.approval import approve, reject, undo
from loyalty.earning.operations.award import award
from loyalty.earning.operations.birthdays import has_birthdays, tell_birthdays_some
from loyalty.earning.operations.calls import (
    drop_old_calls,
    record_call,
    record_refusal,
    record_skip,
    record_unknown_fields,
)
from loyalty.earning.operations.cleaning import reject_tests
from loyalty.earning.operations.deciding import Verdict, begin_deciding, decide, decide_some
from loyalty.earning.operations.enrolment import enrol
from loyalty.earning.operations.forgetting import forget_customer, forget_everyone
from loyalty.earning.operations.maturing import approve_due, approve_some
from loyalty.earning.operations.milestones import reach
from loyalty.earning.operations.orders import settle, settle_earlier_orders
from loyalty.earning.operations.participation import exclude_by_tags, follow_tags, set_excluded
from loyalty.earning.operations.products import knowing_products
from loyalty.earning.operations.refunds import take_back_of
from loyalty.earning.operations.reviewing import award_review
from loyalty.earning.operations.rules import (
    RuleTerms,
    change_rule,
    create_rule,
    delete_rule,
    key_from_name,
    move_rule,
    remove_alias,
    switch_rule,
)
from loyalty.earning.operations.skipped import award_skipped
from loyalty.earning.operations.together import award_all
from loyalty.earning.operations.yearly import celebrate, celebrate_some, has_celebrants

__all__ = [
    "Activity",
    "Adjustment",
    "OrderReference",
    "RuleTerms",
    "Verdict",
    "adjust_points",
    "approve",
    "approve_due",
    "approve_some",
    "award",
    "award_all",
    "award_review",
    "award_skipped",
    "begin_deciding",
    "celebrate",
    "celebrate_some",
    "change_rule",
    "create_rule",
    "decide",
    "decide_some",
    "delete_rule",
    "drop_old_calls",
    "enrol",
    "exclude_by_tags",
    "follow_tags",
    "forget_customer",
    "forget_everyone",
    "has_birthdays",
    "has_celebrants",
    "key_from_name",
    "knowing_products",
    "move_rule",
    "reach",
    "record_call",
    "record_refusal",
    "record_skip",
    "record_unknown_fields",
    "reject",
    "reject_tests",
    "remove_alias",
    "set_excluded",
    "settle",
    "settle_earlier_orders",
    "switch_rule",
    "take_back_of",
    "tell_birthdays_some",
    "undo",
    "undo_adjustment",
]
