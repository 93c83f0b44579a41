"""Units of measure and money: how they are written, and the one name that each goes by here."""


def _by_alias(names: dict[str, str]) -> dict[str, str]:
    return {alias: name for name, aliases in names.items() for alias in (name, *aliases.split("|")) if alias}


# Written out, in any case.
UNITS = _by_alias({
    "percent": "per cent|pct|pct.|pc|percents",
    "percentage point": "percentage points|percent points|per cent points|points of a percent",
    "basis point": "basis points",
    "metre": "metres|meter|meters|mtrs", "kilometre": "kilometres|kilometer|kilometers|kms|klicks",
    "centimetre": "centimetres|centimeter|centimeters", "millimetre": "millimetres|millimeter|millimeters",
    "micrometre": "micrometres|micrometer|micrometers|microns|micron",
    "nanometre": "nanometres|nanometer|nanometers", "decimetre": "decimetres|decimeter|decimeters",
    "mile": "miles", "foot": "feet|ft.", "inch": "inches|in.", "yard": "yards|yds", "nautical mile": "nautical miles",
    "light year": "light years|light-years|light-year", "furlong": "furlongs", "picometre": "picometres|picometer|picometers",
    "acre": "acres", "hectare": "hectares",
    "square metre": "square metres|square meter|square meters|sq metres|sq meters|sq m|sqm|sq. m|square-metre|square-meter",
    "square kilometre": "square kilometres|square kilometer|square kilometers|sq km|sq. km|sq kms",
    "square mile": "square miles|sq miles|sq mi|sq. mi|sq. miles|square-mile",
    "square foot": "square feet|sq ft|sq. ft|sq. ft.|sqft|sq feet|square-foot", "square inch": "square inches|sq in",
    "square yard": "square yards", "square centimetre": "square centimetres|square centimeters",
    "cubic metre": "cubic metres|cubic meter|cubic meters", "cubic foot": "cubic feet|cu ft",
    "cubic centimetre": "cubic centimetres|cubic centimeters|cc",
    "kilogram": "kilograms|kilogramme|kilogrammes|kilo|kilos|kgs", "gram": "grams|gramme|grammes",
    "milligram": "milligrams|milligrammes", "microgram": "micrograms|microgrammes|mcg",
    "tonne": "tonnes|metric ton|metric tons|metric tonnes|metric tonne", "kilotonne": "kilotonnes|kilotons",
    "megatonne": "megatonnes|megatons", "ton": "tons|short tons|long tons",
    "ounce": "ounces|oz.", "stone": "stones", "carat": "carats",
    "litre": "litres|liter|liters|ltr|ltrs", "millilitre": "millilitres|milliliter|milliliters",
    "centilitre": "centilitres", "gallon": "gallons", "pint": "pints", "quart": "quarts", "barrel": "barrels|bbl|bbls",
    "bushel": "bushels", "cup": "cups", "teaspoon": "teaspoons|tsp", "tablespoon": "tablespoons|tbsp",
    "fluid ounce": "fluid ounces|fl oz",
    "mile per hour": "miles per hour|miles an hour|mph", "kilometre per hour":
        "kilometres per hour|kilometers per hour|kilometres an hour|kilometers an hour|km per hour|km an hour|kph|kmph|kmh|km/h|km/hr",
    "metre per second": "metres per second|meters per second|metres a second|meters a second",
    "foot per second": "feet per second", "knot": "knots", "mile per gallon": "miles per gallon|miles to the gallon|mpg",
    "degree Celsius": "degrees celsius|degree celsius|degrees centigrade|degrees c|celsius|° celsius|deg c",
    "degree Fahrenheit": "degrees fahrenheit|degrees f|fahrenheit|° fahrenheit|deg f", "degree": "degrees", "kelvin": "kelvins",
    "second": "seconds|secs|sec", "minute": "minutes|mins|min", "hour": "hours|hrs|hr", "day": "days", "week": "weeks|wks",
    "month": "months|mths", "year": "years|yrs|yr", "decade": "decades", "century": "centuries", "millisecond": "milliseconds",
    "fortnight": "fortnights", "millennium": "millennia", "nanosecond": "nanoseconds", "microsecond": "microseconds",
    "hertz": "", "kilohertz": "", "megahertz": "", "gigahertz": "", "watt": "watts", "kilowatt": "kilowatts",
    "megawatt": "megawatts", "gigawatt": "gigawatts", "terawatt": "terawatts", "watt hour": "watt hours|watt-hours",
    "kilowatt hour": "kilowatt hours|kilowatt-hours|kilowatt-hour", "megawatt hour": "megawatt hours|megawatt-hours",
    "gigawatt hour": "gigawatt hours|gigawatt-hours", "terawatt hour": "terawatt hours|terawatt-hours",
    "volt": "volts", "amp": "amps|ampere|amperes", "joule": "joules", "kilojoule": "kilojoules", "megajoule": "megajoules",
    "calorie": "calories|cals", "kilocalorie": "kilocalories|kcals", "horsepower": "", "brake horsepower": "",
    "newton metre": "newton metres|newton-metres", "pound-foot": "pound-feet|lb-ft|foot-pounds|lb ft",
    "pascal": "pascals", "megapascal": "megapascals", "decibel": "decibels", "radian": "radians",
    "bit": "bits", "byte": "bytes", "kilobyte": "kilobytes", "megabyte": "megabytes|megs", "gigabyte": "gigabytes|gigs",
    "terabyte": "terabytes", "petabyte": "petabytes", "exabyte": "exabytes", "megabit": "megabits", "gigabit": "gigabits",
    "megapixel": "megapixels", "pixel": "pixels", "part per million": "parts per million", "part per billion": "parts per billion",
    "time": "times", "people": "", "point": "points|pts|pt",
})  # fmt: skip
# Symbols, in which a capital matters. They may stand right behind the digits.
SYMBOLS = _by_alias({
    "percent": "%|％|٪|﹪|pc|pct", "percentage point": "pp|ppt|ppts|pps", "basis point": "bp|bps",
    "kilometre": "km|Km|KM", "metre": "m|M", "centimetre": "cm", "millimetre": "mm", "nanometre": "nm", "micrometre": "µm|μm",
    "decimetre": "dm", "mile": "mi", "foot": "ft|′", "inch": "in|″|”", "yard": "yd",
    "square kilometre": "km2|km²|km^2", "square metre": "m2|m²|m^2|sqm", "square foot": "ft2|ft²|sqft",
    "cubic metre": "m3|m³|m^3", "hectare": "ha", "kilogram": "kg|Kg|KG", "gram": "g", "milligram": "mg", "microgram": "µg|μg|mcg",
    "tonne": "t", "pound": "lb|lbs|lb.|lbs.", "ounce": "oz", "litre": "l|L|ℓ", "millilitre": "ml|mL", "centilitre": "cl",
    "mile per hour": "mph|MPH", "kilometre per hour": "kph|km/h|kmh|kmph|km/hr|KPH", "metre per second": "m/s", "knot": "kt|kts",
    "mile per gallon": "mpg", "gram per kilometre": "g/km", "degree Celsius": "°C|ºC|℃|° C|° Celsius|°Celsius|C", "degree Fahrenheit": "°F|ºF|℉|° F|° Fahrenheit|°Fahrenheit",
    "degree": "°|º", "hour": "h|hr|hrs", "minute": "min|mins", "second": "s|sec|secs", "millisecond": "ms", "year": "yr|yrs",
    "hertz": "Hz|HZ", "kilohertz": "kHz|KHz", "megahertz": "MHz", "gigahertz": "GHz|Ghz", "watt": "W", "kilowatt": "kW|KW",
    "megawatt": "MW", "gigawatt": "GW", "terawatt": "TW", "watt hour": "Wh", "kilowatt hour": "kWh|KWh|kwh", "megawatt hour": "MWh",
    "gigawatt hour": "GWh", "terawatt hour": "TWh", "volt": "V", "kilovolt": "kV", "amp hour": "Ah", "milliamp hour": "mAh",
    "joule": "J", "kilojoule": "kJ", "megajoule": "MJ", "kilocalorie": "kcal", "horsepower": "hp|HP|PS", "brake horsepower": "bhp",
    "newton metre": "Nm", "pascal": "Pa", "hectopascal": "hPa", "kilopascal": "kPa", "megapascal": "MPa",
    "pound per square inch": "psi", "kilopound per square inch": "ksi", "millibar": "mb", "decibel": "dB|dBA",
    "revolution per minute": "rpm", "beat per minute": "bpm", "kilobyte": "KB|kB", "megabyte": "MB", "gigabyte": "GB", "terabyte": "TB",
    "petabyte": "PB", "megabit": "Mb", "gigabit": "Gb", "megabit per second": "Mbps|Mb/s", "gigabit per second": "Gbps",
    "kilobit per second": "kbps", "megapixel": "MP", "frame per second": "fps", "part per million": "ppm", "part per billion": "ppb",
    "point per game": "ppg", "rebound per game": "rpg", "assist per game": "apg", "millisievert": "mSv", "milligray": "mGy",
    "barrel per day": "bpd|b/d", "tonne per day": "tpd", "time": "x|×", "penny": "p", "cent": "c|¢",
})  # fmt: skip
# Too short to be a unit after a space: "5 in", "12 a", "3 p". "C" after a space is a temperature.
ONLY_GLUED = frozenset(
    ["in", "h", "s", "x", "×", "p", "c", "”", "M", "t", "V", "J", "W", "PS", "bp", "mb", "K"]
)
LENGTHS = ("long", "tall", "high", "wide", "deep", "thick", "away", "above", "below", "apart", "in length", "in height",
           "in diameter", "race", "sprint", "final", "freestyle", "hurdles", "butterfly", "relay", "backstroke", "breaststroke",
           "dash", "from", "off", "across", "north", "south", "east", "west", "x", "×")  # fmt: skip
TIME_UNITS = frozenset(
    "second minute hour day week fortnight month quarter year decade century season night".split()
)
# "$14 a month", "63 cents a share": what "a" may stand before and mean "per".
RATES = ("second", "minute", "hour", "day", "night", "week", "fortnight", "month", "quarter", "season", "year", "annum", "share",
         "barrel", "tonne", "ton", "gallon", "litre", "liter", "pound", "kilo", "kilogram", "kg", "ounce", "bushel", "head",
         "person", "piece", "game", "time", "pop", "ticket", "metre", "mile", "acre", "hectare", "word", "unit")  # fmt: skip
PERIODS = ("second", "minute", "hour", "day", "night", "week", "month", "quarter", "season", "year", "annum")
RATE_NAMES = {"liter": "litre", "kilo": "kilogram", "kg": "kilogram", "annum": "year", "sq m": "square metre", "sqm": "square metre",
              "sq ft": "square foot", "hr": "hour", "h": "hour", "yr": "year", "s": "second", "wk": "week", "m": "metre",
              "square foot": "square foot", "square feet": "square foot", "kwh": "kilowatt hour", "km": "kilometre",
              "l": "litre", "g": "gram", "mwh": "megawatt hour"}  # fmt: skip
AGES = ("years old", "year old", "years-old", "year-old", "year-olds", "year olds", "-year-old", "years of age", "year of age",
        "months old", "month old", "month-old", "months of age", "weeks old", "week old", "week-old", "weeks of age",
        "days old", "day old", "day-old", "yo", "y/o", "yrs old", "years-of-age", "days of age")  # fmt: skip

# Before the amount, with or without a space.
CURRENCIES = {
    "£": "pound sterling", "$": "dollar", "€": "euro", "¥": "Japanese yen", "₹": "Indian rupee", "₽": "Russian rouble",
    "₩": "South Korean won", "₺": "Turkish lira", "₴": "Ukrainian hryvnia", "₪": "Israeli shekel", "₦": "Nigerian naira",
    "₫": "Vietnamese dong", "₱": "Philippine peso", "฿": "Thai baht", "US$": "dollar", "$US": "dollar", "USD$": "dollar",
    "A$": "Australian dollar", "$A": "Australian dollar", "AU$": "Australian dollar", "AUD$": "Australian dollar",
    "C$": "Canadian dollar", "CA$": "Canadian dollar", "CAD$": "Canadian dollar", "$C": "Canadian dollar", "NZ$": "New Zealand dollar", "$NZ": "New Zealand dollar",
    "HK$": "Hong Kong dollar", "S$": "Singapore dollar", "NT$": "New Taiwan dollar", "R$": "Brazilian real", "Rs": "rupee",
    "Rs.": "rupee", "RM": "Malaysian ringgit", "Rp": "Indonesian rupiah", "GBP": "pound sterling", "USD": "dollar", "EUR": "euro",
    "JPY": "Japanese yen", "CHF": "Swiss franc", "CAD": "Canadian dollar", "AUD": "Australian dollar",
    "NZD": "New Zealand dollar", "INR": "Indian rupee", "CNY": "Chinese yuan", "RMB": "Chinese yuan", "SEK": "Swedish krona",
    "NOK": "Norwegian krone", "DKK": "Danish krone", "PLN": "Polish zloty", "HKD": "Hong Kong dollar", "SGD": "Singapore dollar",
    "ZAR": "South African rand", "MXN": "Mexican peso", "BRL": "Brazilian real", "RUB": "Russian rouble", "TRY": "Turkish lira",
    "ILS": "Israeli shekel", "NIS": "Israeli shekel", "KRW": "South Korean won", "THB": "Thai baht", "MYR": "Malaysian ringgit",
    "CZK": "Czech koruna", "HUF": "Hungarian forint", "AED": "UAE dirham", "SAR": "Saudi riyal", "BTC": "bitcoin", "ETH": "ether",
    "KSh": "Kenyan shilling", "Sh": "shilling", "R": "South African rand",
}  # fmt: skip
# Behind the amount, as words.
CURRENCY_WORDS = _by_alias({
    "dollar": "dollars|bucks|us dollars|u.s. dollars|american dollars|us dollar", "euro": "euros", "pound sterling": "pounds sterling|quid",
    "penny": "pence|pennies", "cent": "cents|eurocents", "Japanese yen": "yen", "Chinese yuan": "yuan|renminbi", "rupee": "rupees",
    "Indian rupee": "indian rupees", "Russian rouble": "roubles|rubles|rouble|ruble", "franc": "francs", "Swiss franc": "swiss francs",
    "crown": "crowns", "krona": "kronor|kronas", "krone": "kroner", "koruna": "korunas", "shekel": "shekels", "peso": "pesos",
    "lira": "liras|lire", "rand": "rands", "real": "reais|reals", "won": "", "baht": "", "dirham": "dirhams", "dinar": "dinars", "riyal": "riyals",
    "ringgit": "", "rupiah": "", "zloty": "zlotys|złoty", "forint": "forints", "naira": "", "cedi": "cedis", "shilling": "shillings",
    "hryvnia": "hryvnias", "taka": "", "dong": "", "bitcoin": "bitcoins", "dime": "dimes", "mark": "marks", "guilder": "guilders",
    "Deutsche mark": "deutsche marks|deutschmarks",
})  # fmt: skip
# "Hong Kong dollars": whose money it is goes before its name.
NATIONS = ("Australian", "Canadian", "New Zealand", "Hong Kong", "Singapore", "New Taiwan", "Taiwan", "Jamaican", "Fijian",
           "Swedish", "Norwegian", "Danish", "Icelandic", "Czech", "Indian", "Pakistani", "Sri Lankan", "Nepalese", "Mexican",
           "Philippine", "Chilean", "Colombian", "Argentine", "Cuban", "Egyptian", "Lebanese", "Syrian", "Sudanese", "Turkish",
           "Kenyan", "Ugandan", "Tanzanian", "Swiss", "CFA", "Israeli", "Russian", "Belarusian", "Saudi", "Qatari", "Kuwaiti",
           "Iraqi", "Serbian", "Jordanian", "South Korean", "North Korean", "South African", "Malaysian", "Brazilian", "UAE",
           "Zimbabwean", "Namibian", "Bahamian", "Barbadian")  # fmt: skip
