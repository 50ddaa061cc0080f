"""What saving each form of the programme would change; the forms post here by htmx while they are filled in."""

from __future__ import annotations

from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from loyalty.campaigns import queries as campaigns
from loyalty.campaigns.models import Campaign
from loyalty.earning import queries as earning
from loyalty.earning.example import order_example
from loyalty.earning.kinds import KINDS
from loyalty.earning.kinds.fields import clean_options
from loyalty.earning.models import EarningRule
from loyalty.errors import NotFound
from loyalty.programs.models import Program
from loyalty.rewards import queries as rewards
from loyalty.rewards.models import Reward
from loyalty.tiers import queries as tiers
from shopify_app.dashboard import consequence_words as words
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.campaign_forms import CampaignForm
from shopify_app.dashboard.campaign_forms import initial_of as campaign_initial
from shopify_app.dashboard.consequence import ANY, Consequence, answer, consequence_of
from shopify_app.dashboard.reading import number
from shopify_app.dashboard.reward_forms import RewardForm
from shopify_app.dashboard.reward_terms import initial_of as reward_initial
from shopify_app.dashboard.rule_forms import CustomActionForm, RuleForm, kind_form
from shopify_app.dashboard.rule_terms import initial_of as rule_initial
from shopify_app.dashboard.rule_terms import rule_or_404, terms_of
from shopify_app.dashboard.settings_forms import SettingsForm
from shopify_app.dashboard.settings_forms import initial_of as settings_initial
from shopify_app.dashboard.tier_forms import LadderForm


def _example(rule: EarningRule, program: Program) -> list[str]:
    return words.order_of_rule(points=rule.points, options=rule.options, program=program, now=timezone.now())


def _is_on(form: BaseForm) -> bool:
    """Whether the form would leave it switched on; asked of forms that are right."""
    return bool(form.cleaned_data["is_active"]) if form.is_bound else True


def of_rule(form: RuleForm, rule: EarningRule | None, program: Program) -> Consequence:
    """What saving a rule would change; `rule` None adds one."""

    def examples() -> list[str]:
        if form.kind.action != "place_order" or not form.is_bound:
            if rule is None or rule.action != "place_order":
                return []
            return _example(rule, program)
        terms = terms_of(form.cleaned_data)
        return words.order_of_rule(
            points=terms.points,
            options=clean_options(form.kind.fields, terms.options),
            program=program,
            now=timezone.now(),
        )

    if rule is None:

        def added() -> str:
            return words.everybody() if _is_on(form) else words.rule_added_off()

        return consequence_of(form, concerns={ANY: added}, is_new=True, examples=examples)
    stored = rule
    concerns = {
        ANY: lambda: words.awards_stay(stored),
        "switch": lambda: words.rule_switched(on=_is_on(form)),
        "waiting": lambda: words.waiting_stay(stored),
        "shown": lambda: _("Customers read it in your theme from now on."),
        "key": lambda: _("The old key keeps working as an alias until you remove it."),
    }
    return consequence_of(form, concerns=concerns, examples=examples)


def of_reward(form: RewardForm, reward: Reward | None) -> Consequence:
    """What saving a reward would change; `reward` None adds one."""

    def price() -> str:
        if not form.is_bound:
            return ""
        return words.able_to_pay(form.cleaned_data["points_cost"], reward.points_cost if reward else None)

    if reward is None:
        return consequence_of(form, concerns={"price": price}, is_new=True)
    stored = reward
    concerns = {
        ANY: lambda: words.codes_stay(stored),
        "price": price,
        "switch": lambda: words.reward_switched(on=_is_on(form)),
    }
    return consequence_of(form, concerns=concerns)


def of_campaign(form: CampaignForm, campaign: Campaign | None, program: Program) -> Consequence:
    """What saving a campaign would change; `campaign` None adds one. The example is of a rule for orders it changes."""

    def concerned() -> str:
        return words.audience(form.cleaned_data["tiers"] if form.is_bound else form.initial.get("tiers", []))

    def examples() -> list[str]:
        rule = words.order_rule()
        modifier = form.modifiers().get(rule.pk) if rule is not None and form.is_bound else None
        if rule is None or modifier is None:
            return []
        return words.order_of_rule(
            points=rule.points, options=rule.options, program=program, now=timezone.now(),
            multiplier=modifier.multiplier, extra_points=modifier.extra_points,
        )  # fmt: skip

    def given() -> str:
        if campaign is None or not campaign.spent_points:
            return _("It counts for what happens in its days; points already earned stay as they are.")
        return ngettext(
            "It counts for what happens from now on. %(points)s point given beyond the rules' own stays.",
            "It counts for what happens from now on. %(points)s points given beyond the rules' own stay.",
            campaign.spent_points,
        ) % {"points": number(campaign.spent_points)}

    concerns = {ANY: given, "audience": concerned}
    if campaign is not None:
        concerns["switch"] = lambda: words.campaign_switched(on=_is_on(form))
    return consequence_of(form, concerns=concerns, is_new=campaign is None, examples=examples)


def of_ladder(form: LadderForm, program: Program) -> Consequence:
    """What saving the ladder would change: who would move, and what a multiplier means for an order."""

    def moves() -> str:
        found = tiers.preview(program=program, ladder=form.ladder(), now=timezone.now())
        said = [
            _("%(from)s → %(to)s: %(members)s")
            % {"from": each.from_tier, "to": each.to_tier, "members": words.members_words(each.members)}
            for each in found
            if each.from_tier
        ]
        return _("Members who would move: %(moves)s.") % {"moves": "; ".join(said)} if said else _("Nobody would move.")

    def concerned() -> str:
        return words.everybody()

    def examples() -> list[str]:
        rule = words.order_rule()
        if rule is None or not form.is_bound:
            return []
        return [
            words.on_tier(
                tier.name,
                words.order_words(
                    order_example(
                        points=rule.points, options=rule.options, currency=program.currency, now=timezone.now(),
                        tier=tier.multiplier,
                    ),
                    program.currency,
                ),
            )
            for tier in form.ladder().tiers
        ]  # fmt: skip

    return consequence_of(form, concerns={ANY: moves, "earning": concerned}, examples=examples)


def of_settings(form: SettingsForm, program: Program) -> Consequence:
    """What saving the settings would change."""

    def on() -> str:
        if form.cleaned_data["is_enabled"]:
            return words.everybody()
        return _("Nobody earns or redeems any more. %(said)s") % {"said": words.everybody()}

    def examples() -> list[str]:
        rule, scope = words.order_rule(), program.tier_multiplier_scope
        if form.is_bound:
            scope = form.cleaned_data["tier_multiplier_scope"]
        orders = _example(rule, program) if rule is not None else []
        return [*orders, *words.of_other_rule(scope, now=timezone.now())]

    concerns = {
        ANY: words.everybody,
        "on": on,
        "expiry": words.points_out,
        "refunds": lambda: _("It counts for refunds and cancellations that are told from now on."),
        "tags": lambda: words.with_tags(form.cleaned_data["excluded_tags"]),
        "codes": lambda: _("It counts for codes made from now on; codes already issued stay as they are."),
        "shown": lambda: _("Customers read it in your theme and on their pages from now on."),
    }
    return consequence_of(form, concerns=concerns, examples=examples)


@require_POST
@page
def new_rule(request: AdminRequest, action: str) -> HttpResponse:
    """What a new rule would mean."""
    kind = KINDS.get(action)
    if kind is None:
        raise Http404("No such kind of rule")
    form = CustomActionForm(request.POST) if action == "custom" else kind_form(kind)(request.POST)
    return answer(request, of_rule(form, None, request.program))


@require_POST
@page
def rule(request: AdminRequest, public_id: str) -> HttpResponse:
    """What a changed rule would mean."""
    stored = rule_or_404(public_id)
    kind = KINDS.get(stored.action)
    if kind is None:
        raise Http404("No such kind of rule")
    form_class = CustomActionForm if stored.is_custom_action else kind_form(kind)
    form = form_class(request.POST, initial=rule_initial(stored, form_class))
    return answer(request, of_rule(form, stored, request.program))


@require_POST
@page
def reward(request: AdminRequest, public_id: str | None = None) -> HttpResponse:
    """What a new or changed reward would mean."""
    program, ladder = request.program, list(tiers.ladder())
    try:
        stored = rewards.reward(public_id=public_id) if public_id is not None else None
    except NotFound as error:
        raise Http404(error.sentence) from error
    initial = reward_initial(stored, program.zone) if stored else {}
    form = RewardForm(request.POST, program=program, tiers=ladder, initial=initial)
    return answer(request, of_reward(form, stored))


@require_POST
@page
def campaign(request: AdminRequest, public_id: str | None = None) -> HttpResponse:
    """What a new or changed campaign would mean."""
    try:
        stored = campaigns.campaign(public_id=public_id) if public_id is not None else None
    except NotFound as error:
        raise Http404(error.sentence) from error
    initial = campaign_initial(stored, request.program.zone) if stored else {}
    form = CampaignForm(request.POST, initial=initial, rules=earning.rules(), tiers=tiers.ladder())
    return answer(request, of_campaign(form, stored, request.program))


@require_POST
@page
def ladder(request: AdminRequest) -> HttpResponse:
    """What a changed ladder would mean."""
    form = LadderForm(
        request.POST, program=request.program, tiers=list(tiers.ladder()), rewards=list(rewards.rewards()),
        given=rewards.entry_rewards(),
    )  # fmt: skip
    return answer(request, of_ladder(form, request.program))


@require_POST
@page
def settings(request: AdminRequest) -> HttpResponse:
    """What changed settings would mean."""
    form = SettingsForm(request.POST, initial=settings_initial(request.program))
    return answer(request, of_settings(form, request.program))
