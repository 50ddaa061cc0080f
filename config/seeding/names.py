"""Names for the demo's members."""

FIRST_NAMES = (
    "Ada", "Amira", "Anouk", "Astrid", "Bao", "Beatriz", "Bjarne", "Camille", "Carlos", "Chidi", "Clara", "Daniel", "Defne",
    "Diego", "Eamon", "Elif", "Elena", "Emil", "Esther", "Farah", "Felix", "Femi", "Freya", "Gabriel", "Grace", "Hana",
    "Hugo", "Ines", "Isla", "Ivan", "Jana", "Jonas", "Julia", "Kai", "Keiko", "Lars", "Leila", "Linh", "Lucia", "Mateo",
    "Maya", "Mei", "Milan", "Mina", "Nadia", "Niamh", "Noah", "Nora", "Oscar", "Otto", "Paula", "Priya", "Quinn", "Rafael",
    "Ravi", "Rosa", "Ruth", "Sami", "Sofia", "Stefan", "Tara", "Theo", "Tomas", "Uma", "Vera", "Viktor", "Wei", "Yara",
    "Yusuf", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Abara", "Adler", "Akande", "Alvarez", "Andersen", "Bauer", "Becker", "Bianchi", "Blom", "Castro", "Chen", "Costa",
    "Dahl", "Diallo", "Duarte", "Evans", "Fischer", "Fournier", "Garcia", "Gupta", "Haddad", "Hansen", "Hughes", "Ito",
    "Jansen", "Kaya", "Keller", "Khan", "Kim", "Kowalski", "Larsen", "Lopez", "Mancini", "Martin", "Mensah", "Meyer",
    "Moreau", "Nguyen", "Nowak", "Okafor", "Olsen", "Ortiz", "Park", "Patel", "Petrov", "Reyes", "Rossi", "Sato", "Silva",
    "Singh", "Sousa", "Tanaka", "Torres", "Varga", "Wagner", "Weber", "Yilmaz", "Young", "Zhang", "Zimmer",
)  # fmt: skip
