"""What scripts/sample_desk.py tells: stories of a made-up county, and what people write about them."""

# ruff: noqa: E501  (what people write has lines of its own length)

import random

PUBLISHERS = (
    ("The Carrow Courier", "courier.example"),
    ("Harbour Post", "harbourpost.example"),
    ("County Radio", "radio.example"),
    ("The Aldham Observer", "observer.example"),
    ("Morning Wire", "wire.example"),
)
# Name, site, and pages: path and title.
SOURCES = (
    ("National Statistics Office", "statistics.example", (("tables", "Regional tables, revised"), ("releases", "Quarterly release"))),
    ("County Council", "council.example", (("minutes", "Minutes of the council"), ("accounts", "Statement of accounts"))),
    ("Ministry of Health", "health.example", (("reports", "Waiting times, by hospital"), ("data", "Open data: hospitals"))),
    ("Harbour Authority", "harbour.example", (("notices", "Notice to the public"), ("traffic", "Ships and freight"))),
    ("University of Dunmere", "dunmere.example", (("papers", "Working paper"), ("news", "What the study found"))),
    ("Court of Auditors", "auditors.example", (("reports", "Report to parliament"),)),
)  # fmt: skip
_TOWNS = ("Aldham", "Brook", "Carrow", "Dunmere", "Eastvale", "Fenwick", "Garrow", "Hollin")
_WHO = (
    "Mayor Jane Holt", "the council's treasurer, Otto Brandt,", "opposition leader Mira Haddad",
    "the head of the hospital, Dr Lena Sato,", "a spokesman of the ministry", "union secretary Paul Dietz",
    "the harbour master", "the county's auditor",
)  # fmt: skip
# A headline and the sentences of its story; {n} a number, {p} a share, {m} millions, {y} a year, {t} a town.
_STORIES = (
    ("{t} opens its new bridge after {a} years of work", (
        "The council of {t} opened a bridge over the harbour on Monday.",
        "It cost {m} million euros and was paid for by {a} towns.",
        "The old bridge carried {n} vehicles a day in {y}, {who} said.",
        "Traffic over the harbour has grown by {p} percent since {y}.",
        "“No other county has built one faster,” {who} told reporters.",
        "More than {n} people came to see the first bus cross it.",
        "Repairs to the old one had cost {m} million euros in {y} alone.",
        "The tolls will end in {y2}, according to the contract.",
    )),
    ("Patients in {t} wait longer than anywhere else, report says", (
        "Patients in {t} waited {a} weeks for a first appointment in {y}.",
        "That is {p} percent longer than the national average, the report says.",
        "The hospital has {n} beds, fewer than in {y}.",
        "“We lost {a} doctors within a year,” {who} said.",
        "Since {y} the ministry has spent {m} million euros on its wards.",
        "One in {a} appointments was called off last winter because nurses were ill.",
        "{who} denied that a ward had been closed.",
        "Vaccination prevented {n} stays in hospital in {y}, a study found.",
    )),
    ("School lunches in {t} are free for {n} children", (
        "Since September {n} children in {t} eat lunch at school for nothing.",
        "The county pays {m} million euros a year for it.",
        "Before, {p} percent of them brought no lunch at all, according to a survey.",
        "Marks in reading rose by {p} percent in the first year, {who} said.",
        "{t} is the only town in the county where every school has a kitchen.",
        "A lunch costs {a} euros, twice as much as in {y}.",
        "In {y} the council had cut the money for school meals by {p} percent.",
    )),
    ("Rents in {t} have doubled since {y}", (
        "Rents in {t} have doubled since {y}, figures of the tenants' union show.",
        "A flat of two rooms costs {n} euros a month on average.",
        "The town built {n} homes last year and had promised {n2}.",
        "“Nobody on a nurse's pay can live here,” {who} said.",
        "{p} percent of all flats stand empty, according to the land registry.",
        "The law of {y} forbids letting a flat to tourists for more than {a} weeks.",
        "Fewer than {n} of the new homes are let at a lower rent.",
    )),
    ("Fewer burglaries in {t}, and the police know why", (
        "The police counted {n} burglaries in {t} last year, {p} percent fewer than in {y}.",
        "{who} put it down to {a} new patrols.",
        "Violent crime rose by {p} percent over the same years.",
        "A camera on Market Street led to {n} convictions, the police said.",
        "The county employs {n} officers, the lowest number since {y}.",
        "Every third case was solved in {y}.",
    )),
    ("Flood barrier at {t} will cost {m} million more", (
        "The barrier at {t} will cost {m} million euros more than planned.",
        "It was to be finished in {y2} and is now {a} months late.",
        "The flood of {y} damaged {n} homes and killed {a} people.",
        "Sea level at the harbour has risen by {a} centimetres since {y}.",
        "“It will hold back a flood of the century,” {who} said.",
        "The state pays {p} percent, the county the rest, under the act of {y}.",
        "Insurance premiums fell by {p} percent in towns that have a barrier.",
    )),
    ("Solar park near {t} powers {n} homes", (
        "The solar park near {t} makes power for {n} homes, its operator says.",
        "It covers {n2} hectares and is the largest in the county.",
        "The county gets {p} percent of its power from sun and wind, up from {p2} percent in {y}.",
        "{who} said that power had become {p} percent cheaper for households.",
        "The plant was built in {a} months and cost {m} million euros.",
        "Because of it the coal plant at {t} closed {a} years early.",
    )),
    ("Buses in {t} run late one time in {a}", (
        "One bus in {a} was late in {y}, figures of the operator show.",
        "The company lost {n} drivers and hired {n2}.",
        "A ticket costs {p} percent more than in {y}.",
        "“We have the oldest buses in the country,” {who} said.",
        "{n} people signed a petition for a night line to {t}.",
        "The county pays {m} million euros a year to the operator under a contract of {y}.",
        "Passenger numbers fell by {p} percent after the stop at the station was closed.",
    )),
    ("{n} workers sign letter against cameras at the port of {t}", (
        "A letter against cameras at the port of {t} was signed by {n} workers.",
        "The port has installed {n2} cameras since {y}, more than the airport.",
        "“They record every step that we take,” {who} said.",
        "The supplier has worked for {a} ministries, according to its website.",
        "A court ruled in {y} that such pictures must be deleted after {a} days.",
        "{p} percent of those asked in a poll were against them.",
        "The company denies that faces are stored.",
    )),
    ("Libraries in {t} lend fewer books and more of everything else", (
        "The libraries of {t} lent {n} books in {y}, {p} percent fewer than ten years before.",
        "They lend {n2} tools, games and instruments.",
        "{a} branches were closed since {y} to save {m} million euros.",
        "{who} said that {p} percent of the visitors come for the internet.",
        "The main library is open {a} hours a week, the longest in the county.",
        "A study found that children who visit a library read {p} percent better.",
    )),
    ("Drinking water in {t} is cleaner than {who2} says", (
        "Nitrate in the wells of {t} fell by {p} percent between {y} and {y2}.",
        "{n} samples were taken last year, and {a} were above the limit.",
        "The limit is {n2} milligrams a litre under the law of {y}.",
        "“Our water is worse than in any other county,” {who} said.",
        "The waterworks were sold for {m} million euros in {y} and bought back since.",
        "Farms cause {p} percent of the nitrate, according to the university.",
    )),
    ("Tourists bring {m} million euros to {t}", (
        "Tourists spent {m} million euros in {t} in {y}.",
        "{n} ships called at the harbour, {p} percent more than the year before.",
        "A night in a hotel costs {n2} euros on average.",
        "“Every fifth job depends on it,” {who} said.",
        "The town collects a tax of {a} euros a night since {y}.",
        "Complaints about noise have risen from {a} to {n2} within a year.",
    )),
)  # fmt: skip
ASIDES = (
    "The council meets again in spring.",
    "It rained for most of the day.",
    "Not everybody was pleased.",
    "Others see it differently.",
    "What comes next is open.",
)
ARABIC = """افتتاح جسر جديد فوق الميناء في المدينة

قال رئيس البلدية إن الجسر كلف 4.2 مليون يورو ودفعت ثمنه 12 بلدة.

ارتفعت حركة المرور فوق الميناء بنسبة 18 في المئة منذ عام 2019. وكان الجسر القديم يحمل 21400 مركبة في اليوم، بحسب تقرير المحافظة.

وقع 242 عاملا رسالة ضد الكاميرات في الميناء. ركبت الشركة 310 كاميرات منذ عام 2021، أكثر من المطار.

انتظر المرضى 9 أسابيع للحصول على موعد أول في عام 2025. وأنفقت الوزارة 31 مليون يورو على المستشفى منذ عام 2020.
"""
GERMAN = """Donaudampfschifffahrtsgesellschaft verdoppelt Investitionen in Hochwasserschutzanlagen

Die Donaudampfschifffahrtsgesellschaft gab 2025 mehr als 42 Millionen Euro für Hochwasserschutzanlagen aus, 18 Prozent mehr als 2024.

Das Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz galt bis 2013 und umfasste 63 Buchstaben im Titel. Die Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung trat 2003 in Kraft.

„Wir haben 1.250 Arbeiterunfallversicherungsbescheide in 3 Monaten bearbeitet“, sagte die Bezirksverwaltungsvorsitzende. 27 Prozent der Straßenbahnhaltestellenüberdachungen wurden seit 2019 erneuert.

Die Kraftfahrzeughaftpflichtversicherung wurde 2025 um 9 Prozent teurer als im Vorjahr. Im Landkreis sind 214.000 Fahrzeuge zugelassen, so viele wie nie zuvor.
"""
DISMISSALS = (
    "A headline, said again below.",
    "An opinion.",
    "Nothing here can be checked.",
    "Not ours to check.",
)
RATIONALES = {
    "supported": (
        "{sources} gives the same figure for the same year. We found no later correction.",
        "The {n} source(s) that we read agree, and {sources} published the figure first.",
        "{sources} confirms it word for word; the number is from the table of the same month.",
    ),
    "misleading": (
        "The figure is right, but {sources} counts another year, and the trend since points the other way.",
        "{sources} bears the number out. It leaves out that half of the rise came from a new way of counting.",
    ),
    "refuted": (
        "{sources} gives another figure, and the difference is no matter of rounding.",
        "It did not happen as told: {sources} dates it otherwise and names other people.",
    ),
    "disputed": (
        "{sources} contradict each other, both have a method that they publish, and no third source decides.",
        "Two counts exist. {sources} explains why they differ, and neither is plainly wrong.",
    ),
    "unproven": (
        "We asked whoever should know, and found nothing in {sources} that decides it either way.",
        "The only trace leads back to the speaker. {sources} has no record of it.",
    ),
}
DOUBTS = {
    "supported": ("The revised table gives exactly this number; the older one was used.",),
    "misleading": (
        "The number is right and the conclusion is not: it leaves out the year before.",
        "It compares the county with the town. I would call that misleading.",
    ),
    "refuted": ("The source says the opposite two paragraphs further down.",),
    "disputed": ("The university counts otherwise, and its method is as good.",),
    "unproven": ("One press release is not enough; is there any second source?",),
}
NOTES = {
    "supports": (
        "The same figure, in the second table.",
        "Says it in so many words.",
        "Published the week before.",
    ),
    "refutes": ("Another number for the same year.", "The minutes tell it otherwise."),
    "context": ("How it is counted.", "What was known before."),
}


def stories(chance: random.Random, number: int) -> list[str]:
    """`number` different articles: a headline, then paragraphs of two or three sentences."""
    found: dict[str, str] = {}
    turn = 0
    while len(found) < number:
        headline, sentences = _STORIES[turn % len(_STORIES)]
        turn += 1
        town = chance.choice(_TOWNS)
        title = _filled(headline, chance, town)
        told = [_filled(sentence, chance, town) for sentence in sentences]
        told.insert(chance.randrange(2, len(told)), chance.choice(ASIDES))
        text = (
            f"{title}\n\n" + "\n\n".join(" ".join(told[at : at + 3]) for at in range(0, len(told), 3)) + "\n"
        )
        found.setdefault(title, text)
    return list(found.values())


def accounts_of_a_county(chance: random.Random, size: int) -> str:
    """A long article with about `size` claims: a county's accounts, town by town."""
    lines = []
    items = (
        "roads",
        "schools",
        "buses",
        "the library",
        "the theatre",
        "flood walls",
        "parks",
        "street lights",
    )
    for place in range(size):
        town, item = _TOWNS[place % 8], items[place // 8 % 8]
        amount, share, year = chance.randint(11, 990) / 10, chance.randint(2, 48), chance.randint(2015, 2025)
        lines.append(
            chance.choice(
                (
                    f"{town} spent {amount} million euros on {item} in {year}.",
                    f"For {item}, {town} paid {share} percent more than in {year}.",
                    f"{chance.randint(200, 98000):,} people in {town} used {item} in {year}, the report says.",
                    f"In {year} {town} had promised {amount} million euros for {item}.",
                )
            )
        )
    head = f"Where the money went: the county's accounts in {size} lines"
    return head + "\n\n" + "\n\n".join(" ".join(lines[at : at + 4]) for at in range(0, size, 4)) + "\n"


def _filled(words: str, chance: random.Random, town: str) -> str:
    year = chance.randint(2011, 2023)
    filled = words.format(
        t=town,
        n=f"{chance.randint(120, 48000):,}",
        n2=chance.randint(14, 900),
        p=chance.randint(3, 64),
        p2=chance.randint(1, 12),
        m=chance.randint(12, 940) / 10,
        a=chance.randint(3, 19),
        y=year,
        y2=year + chance.randint(2, 6),
        who=chance.choice(_WHO),
        who2=chance.choice(("the mayor", "the ministry", "the union")),
    )
    return filled[0].upper() + filled[1:]
