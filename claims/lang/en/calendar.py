"""Months, weekdays, seasons, and the words that place a day by the day of writing."""

from claims.lang import words as _words

MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAYS = frozenset(WEEKDAY_NAMES)
TIME_WORDS = _words("today yesterday tomorrow tonight ago last earlier since")
# The numbers that ISO 8601-2 gives to seasons.
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
DAYS_AWAY = {"today": 0, "tonight": 0, "yesterday": -1, "last night": -1, "tomorrow": 1, "this morning": 0,
             "this afternoon": 0, "this evening": 0}  # fmt: skip
STEPS = {"last": -1, "this": 0, "next": 1}
# A date in a sentence with one of these lies ahead.
AHEAD = ("will", "due", "set to", "expected to", "scheduled", "plans to", "plan to", "is to", "are to", "going to", "shall",
         "starts", "begins", "won't")  # fmt: skip
