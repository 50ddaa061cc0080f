"""Emails in German."""

from loyalty.emails.texts.shape import Text, Words

WORDS = Words(
    credit="Gutschrift",
    point="%(number)s Punkt",
    points="%(number)s Punkte",
    code="Ihr Code",
    valid_through="Gültig bis %(day)s",
    shop="Zum Shop",
    why="Sie erhalten diese E-Mail, weil Sie am Treueprogramm von %(shop)s teilnehmen.",
    unsubscribe="Diese E-Mails abbestellen",
)

TEXTS = {
    "points_earned": Text(
        "{{ points }} Punkte für Sie",
        "Hallo {{ first_name }},\n\nSie haben gerade {{ points }} Punkte gesammelt: {{ reason }}.\n\n"
        "Ihr Punktestand: {{ points_balance }} Punkte.\n\nHerzliche Grüße\n{{ shop_name }}",
        "Zum Shop",
    ),
    "points_approved": Text(
        "Ihre {{ points }} Punkte sind jetzt einlösbar",
        "Hallo {{ first_name }},\n\ndas Warten hat ein Ende: Ihre {{ points }} Punkte sind bestätigt ({{ reason }}) und lassen "
        "sich jetzt einlösen.\n\nIhr Punktestand: {{ points_balance }} Punkte.\n\nHerzliche Grüße\n{{ shop_name }}",
        "Zum Shop",
    ),
    "points_expiring": Text(
        "{{ points }} Ihrer Punkte verfallen bald",
        "Hallo {{ first_name }},\n\n{{ points }} Ihrer Punkte verfallen bald, die ersten nach dem {{ last_day }}.\n\n"
        "Ihr Punktestand: {{ points_balance }} Punkte. Gönnen Sie sich etwas, solange noch alle da sind.\n\n"
        "Herzliche Grüße\n{{ shop_name }}",
        "Punkte einlösen",
    ),
    "reward_issued": Text(
        "Ihre Prämie: {{ reward_name }}",
        "Hallo {{ first_name }},\n\nIhre Prämie ist da: {{ reward_name }}.\n\nViel Freude damit!\n\n"
        "Herzliche Grüße\n{{ shop_name }}",
        "Prämie einlösen",
    ),
    "tier_reached": Text(
        "Willkommen bei {{ tier_name }}",
        "Hallo {{ first_name }},\n\nherzlichen Glückwunsch: Sie haben {{ tier_name }} erreicht.\n\n"
        "Schön, dass Sie dabei sind.\n\nHerzliche Grüße\n{{ shop_name }}",
        "Zum Shop",
    ),
    "referral_completed": Text(
        "Danke für Ihre Empfehlung",
        "Hallo {{ first_name }},\n\nIhre Empfehlung hat zum ersten Mal bestellt. Unser Dankeschön: {{ reward }}.\n\n"
        "Kennen Sie noch jemanden, dem es hier gefallen würde? Ihr Link gilt weiterhin:\n{{ referral_url }}\n\n"
        "Herzliche Grüße\n{{ shop_name }}",
        "Weiterempfehlen",
    ),
}
