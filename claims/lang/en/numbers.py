"""Number words, scales, currencies, units, months, weekdays, and what is said in front of a number."""

from claims.lang import words as _words

ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
        "ninety": 90}  # fmt: skip
SCALES = {
    "hundred": "1e2", "thousand": "1e3", "million": "1e6", "billion": "1e9", "trillion": "1e12",
    "k": "1e3", "m": "1e6", "mn": "1e6", "mln": "1e6", "b": "1e9", "bn": "1e9", "bln": "1e9", "tn": "1e12",
    "trn": "1e12", "lakh": "1e5", "crore": "1e7", "dozen": "12",
}  # fmt: skip
FRACTIONS = {"half": "0.5", "quarter": "0.25", "quarters": "0.25", "third": "third", "thirds": "third", "fifth": "0.2",
             "fifths": "0.2", "tenth": "0.1", "tenths": "0.1", "eighth": "0.125"}  # fmt: skip
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
            "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "twentieth": 20}  # fmt: skip
TIMES = {"once": 1, "twice": 2, "thrice": 3}
CURRENCIES = {"£": "GBP", "$": "USD", "€": "EUR", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "₴": "UAH",
              "US$": "USD", "A$": "AUD", "C$": "CAD", "NZ$": "NZD", "HK$": "HKD", "R$": "BRL"}  # fmt: skip
CURRENCY_CODES = _words("gbp usd eur jpy chf cad aud nzd inr cny sek nok dkk pln")
CURRENCY_WORDS = {"pound": "GBP", "pounds": "GBP", "dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR",
                  "yen": "JPY", "rupees": "INR", "roubles": "RUB", "rubles": "RUB", "pence": "pence", "cents": "cents",
                  "yuan": "CNY", "francs": "CHF"}  # fmt: skip
UNITS = {
    "%": "%", "percent": "%", "per cent": "%", "pc": "%", "percentage points": "percentage points",
    "percentage point": "percentage points", "basis points": "basis points",
    "km": "km", "kilometre": "km", "kilometres": "km", "kilometer": "km", "kilometers": "km", "m": "m", "metre": "m",
    "metres": "m", "meter": "m", "meters": "m", "cm": "cm", "centimetres": "cm", "centimeters": "cm", "mm": "mm",
    "mile": "miles", "miles": "miles", "foot": "feet", "feet": "feet", "ft": "feet", "inch": "inches",
    "inches": "inches", "yards": "yards", "yard": "yards", "acre": "acres", "acres": "acres", "hectare": "hectares",
    "hectares": "hectares", "kg": "kg", "kilogram": "kg", "kilograms": "kg", "kilos": "kg", "g": "g", "grams": "g",
    "mg": "mg", "tonne": "tonnes", "tonnes": "tonnes", "ton": "tons", "tons": "tons", "lb": "lb", "lbs": "lb",
    "ounces": "ounces", "litre": "litres", "litres": "litres", "liter": "litres", "liters": "litres",
    "ml": "ml", "gallons": "gallons", "mph": "mph", "km/h": "km/h", "kph": "km/h", "°c": "°C", "°f": "°F", "c": "°C",
    "degrees": "degrees", "mw": "MW", "gw": "GW", "kw": "kW", "kwh": "kWh", "mwh": "MWh", "gwh": "GWh",
    "second": "seconds", "seconds": "seconds", "minute": "minutes", "minutes": "minutes", "hour": "hours",
    "hours": "hours", "day": "days", "days": "days", "week": "weeks", "weeks": "weeks", "month": "months",
    "months": "months", "year": "years", "years": "years", "year-old": "years", "year-olds": "years",
    "decade": "decades", "decades": "decades", "times": "times", "points": "points", "votes": "votes", "gb": "GB",
    "mb": "MB", "tb": "TB", "square miles": "square miles", "square metres": "square metres",
    "square kilometres": "square kilometres", "square feet": "square feet", "sq ft": "square feet",
}  # fmt: skip
MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
MODIFIERS = (
    "more than", "fewer than", "less than", "at least", "at most", "no more than", "no fewer than", "no less than",
    "as many as", "as much as", "as few as", "up to", "about", "around", "approximately", "roughly", "nearly",
    "almost", "some", "over", "under", "above", "below", "just over", "just under", "close to", "exactly", "only",
    "an estimated", "estimated", "almost exactly", "well over", "a further", "another", "a total of", "an average of",
)  # fmt: skip
WEEKDAYS = _words("monday tuesday wednesday thursday friday saturday sunday")
TIME_WORDS = _words("today yesterday tomorrow tonight ago last earlier since")
