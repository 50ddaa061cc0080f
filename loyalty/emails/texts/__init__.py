"""Our own words, a module per language: `TEXTS` by kind, and `WORDS` for what stands around them."""

from loyalty.emails.texts import de, en
from loyalty.emails.texts.shape import Text, Words

TEXTS: dict[str, dict[str, Text]] = {"en": en.TEXTS, "de": de.TEXTS}
WORDS: dict[str, Words] = {"en": en.WORDS, "de": de.WORDS}
