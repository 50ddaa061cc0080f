"""Emails in English."""

from loyalty.emails.texts.shape import Text, Words

WORDS = Words(
    credit="A credit",
    point="%(number)s point",
    points="%(number)s points",
    code="Your code",
    valid_through="Valid through %(day)s",
    shop="Go to the shop",
    why="You get this email because you are a member of the loyalty programme of %(shop)s.",
    unsubscribe="Unsubscribe from these emails",
)

TEXTS = {
    "points_earned": Text(
        "{{ points }} points for you",
        "Hello {{ first_name }},\n\nYou have just earned {{ points }} points: {{ reason }}.\n\n"
        "Your balance is {{ points_balance }} points.\n\nBest wishes\n{{ shop_name }}",
        "Go to the shop",
    ),
    "points_approved": Text(
        "Your {{ points }} points can be spent now",
        "Hello {{ first_name }},\n\nThe wait is over: your {{ points }} points are confirmed ({{ reason }}) and can be spent.\n\n"
        "Your balance is {{ points_balance }} points.\n\nBest wishes\n{{ shop_name }}",
        "Go to the shop",
    ),
    "points_expiring": Text(
        "{{ points }} of your points end soon",
        "Hello {{ first_name }},\n\n{{ points }} of your points end soon, the first of them after {{ last_day }}.\n\n"
        "Your balance is {{ points_balance }} points: treat yourself while all of them are there.\n\n"
        "Best wishes\n{{ shop_name }}",
        "Use my points",
    ),
    "reward_issued": Text(
        "Your reward: {{ reward_name }}",
        "Hello {{ first_name }},\n\nYour reward is here: {{ reward_name }}.\n\nEnjoy it!\n\nBest wishes\n{{ shop_name }}",
        "Use my reward",
    ),
    "tier_reached": Text(
        "Welcome to {{ tier_name }}",
        "Hello {{ first_name }},\n\nCongratulations: you have reached {{ tier_name }}.\n\n"
        "Thank you for being with us.\n\nBest wishes\n{{ shop_name }}",
        "Go to the shop",
    ),
    "referral_completed": Text(
        "Thank you for bringing a friend",
        "Hello {{ first_name }},\n\nYour friend has placed a first order. This is our thank-you: {{ reward }}.\n\n"
        "Do you know somebody else who would like it here? Your link is as good as ever:\n{{ referral_url }}\n\n"
        "Best wishes\n{{ shop_name }}",
        "Invite another friend",
    ),
}
