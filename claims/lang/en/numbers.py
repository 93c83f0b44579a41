"""Number words, scales and fractions; what is said around a number; what is numbered rather than counted."""

from claims.lang import words as _words

ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
        "ninety": 90}  # fmt: skip
SCALES = {
    "hundred": "1e2", "thousand": "1e3", "million": "1e6", "billion": "1e9", "trillion": "1e12", "lakh": "1e5",
    "crore": "1e7", "dozen": "12", "mn": "1e6", "mln": "1e6", "mio": "1e6", "bn": "1e9", "bln": "1e9", "tn": "1e12", "trn": "1e12",
}  # fmt: skip
# Short for a scale only right behind the digits: "£4bn" and "12m people", but "5 m" is a length.
GLUED_SCALES = {"k": "1e3", "m": "1e6", "b": "1e9", "t": "1e12", "mm": "1e6"}
# "Dozens of people" are more than one dozen and less than ten.
VAGUE = {"dozens": ("12", "120"), "hundreds": ("100", "1000"), "thousands": ("1000", "10000"), "millions": ("1e6", "1e7"),
         "billions": ("1e9", "1e10"), "trillions": ("1e12", "1e13")}  # fmt: skip
DENOMINATORS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twelfth": 12, "sixteenth": 16, "twentieth": 20, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
            "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "twentieth": 20}  # fmt: skip
# "First" and "second" mostly just put things in order; before these words they are a rank.
RANKED = _words("time place largest biggest highest smallest lowest longest oldest fastest busiest most consecutive "
                " straight successive")  # fmt: skip
TIMES = {"twice": 2, "thrice": 3}
FOLD = "fold"
MODIFIERS = (
    "more than", "fewer than", "less than", "greater than", "higher than", "lower than", "larger than", "bigger than",
    "at least", "at most", "no more than", "no fewer than", "no less than", "not more than", "as many as", "as much as",
    "as few as", "as little as", "as high as", "as low as", "up to", "about", "around", "approximately", "roughly",
    "nearly", "almost", "some", "over", "under", "above", "below", "beyond", "just over", "just under", "a little over",
    "a little under", "slightly more than", "slightly less than", "close to", "exactly", "precisely", "only", "just",
    "an estimated", "estimated", "almost exactly", "well over", "well under", "far more than", "a further", "another",
    "an additional", "a total of", "an average of", "average of", "averaging", "upwards of", "in excess of", "a minimum of",
    "a maximum of", "minimum", "maximum", "within", "somewhere around", "in the region of", "approaching", "circa", "ca.",
    "c.", "approx.", "est.", "some of the", "mere", "a mere", "barely", "hardly", "as long as", "as far as", "older than",
    "younger than", "longer than", "shorter than", "earlier than", "later than", "better than", "worse than", "topping",
    "exceeding", "surpassing", "reportedly", "at", "an extra", "a combined", "combined", "a record", "sub-", "nearer",
)  # fmt: skip
# What adds nothing to a number is not kept as its modifier.
EMPTY_MODIFIERS = _words("at just")
AFTER_NUMBERS = ("or more", "or less", "or so", "or fewer", "or over", "or under", "or older", "or younger", "and over",
                 "and under", "plus", "at least", "at most", "on average", "give or take", "-plus", "-odd", "-ish", "+")  # fmt: skip
RISING = _words("""
    up rose rise rises risen rising grew grow grows grown growing gained gain gains gaining increased increase increases
    increasing jumped jump jumps jumping climbed climb climbs climbing soared soar soars soaring surged surge surges
    surging added adding advanced advances rallied rallying swelled expanded expands expanding improved spiked spikes
    leapt skyrocketed ballooned
""")
FALLING = _words("""
    down fell fall falls fallen falling dropped drop drops dropping declined decline declines declining decreased decrease
    decreases decreasing lost slid slides sliding sank sunk slipped slip slips slipping tumbled tumble tumbles tumbling
    plunged plunge plunges plunging plummeted plummets plummeting shrank shrunk shrinking reduced reduces reducing cut
    slumped slumps lowered shed dipped dips dived collapsed contracted halved slashed eased weakened
""")
GROWTH = _words(
    "rise increase gain growth jump surge hike climb uptick boost improvement spike raise leap upturn"
)
DECLINE = _words("fall drop decline decrease cut reduction loss slump plunge dip slide discount downturn shortfall "
                 "contraction")  # fmt: skip
# A number behind one of these is a name for a thing, not a count of things: "Game 2", "page 4".
NUMBERED = _words("""
    no no. nos. number page pages p. pp. chapter chapters part parts section sections article articles paragraph clause verse
    volume vol. figure fig. table line row room gate exit platform highway route road interstate motorway flight channel
    level phase stage step round week day season episode series game match set lap heat race group type class grade category
    size version model unit apartment apt. flat suite floor pier ward district zone schedule title rule act appendix annex
    question item lot form tier seed pick bus line track tower block division league year formula area
""")
# "a nine-member panel" has nine members; a five-alarm call has no alarms.
HYPHENED = _words("member page storey story bedroom seat match game goal point run lap person man woman star course door "
                  "engine bed item track team nation country party")  # fmt: skip
# A hyphen and figures behind any other word are part of a name: "F-16".
PREFIXES = _words("sub minus mid pre post to over under plus near about nearly non up")
STREETS = _words("street st road rd avenue ave lane ln drive dr boulevard blvd way close court terrace place square "
                 "highway crescent parkway gardens row mews hill")  # fmt: skip
WINNING = _words("""
    beat beats beating won win wins winning lost lose loses losing drew draw draws drawing lead led leads leading defeat
    defeated defeats tie tied ties victory trail trailed trailing scoreline score finished ended edged thrashed hammered
    downed penalties aggregate
""")
# No noun that is counted: what follows a number and is one of these ends what is counted.
NOT_COUNTED = _words("""
    in on at to of by for from with into over under after before since until during about against between among through
    within without across behind beyond near around amid per via despite towards toward upon along following as than like
    off up down out back away apart ahead above below inside outside
    the a an this that these those his her its their our my your each every some any no both all another such either
    i you he she it we they who which whom whose what when where why how there here him them us me
    and or but while whereas although though yet however so nor if because unless whether
    thanks is are was were be been being am has have had having do does did done will would shall should may might can could must
    ought won't can't don't isn't aren't wasn't weren't cannot not never none
    ago later earlier also still already just only even ever again once then now today yesterday tomorrow tonight soon
    too very quite rather almost nearly more less fewer most least much many other others else
    says said say including included according based compared respectively versus vs alike altogether together combined
    old long tall high wide deep thick heavy aged
    was if when says across worth left right went came became get got made took set put
""")
ADJECTIVES = _words("""
    new old big small large little major minor senior junior young former further extra additional separate single whole
    key main last next final first second third good bad great high low long short late early free full fresh hot cold
    top big-name bright black white red blue green brief broad close common complete clear dark dead deep different
    fast fit flat heavy huge light local live lone male female modern nice open poor prime private proper public pure
    quick quiet rare real recent rich rough rural safe sharp simple slow small-scale smart soft solid special strange
    strong sure sweet tiny thin top tough true typical unique urban vast warm weak wide wild wrong foreign adult
    possible likely unlikely
""")
UNCHANGED_PLURALS = _words("people police staff aircraft sheep fish deer series species crew spacecraft offspring personnel "
                           "salmon trout squid cod livestock cattle data media troops headquarters crossroads means "
                           "barracks dice")  # fmt: skip
IRREGULAR_PLURALS = {
    "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth", "mice": "mouse",
    "geese": "goose", "lives": "life", "wives": "wife", "knives": "knife", "halves": "half", "wolves": "wolf",
    "leaves": "leaf", "shelves": "shelf", "thieves": "thief", "loaves": "loaf", "calves": "calf", "calories": "calorie",
    "movies": "movie", "cookies": "cookie", "ties": "tie", "lies": "lie", "pies": "pie", "zombies": "zombie",
    "rookies": "rookie", "genies": "genie", "shoes": "shoe", "toes": "toe", "criteria": "criterion",
    "phenomena": "phenomenon", "bacteria": "bacterium", "crises": "crisis", "analyses": "analysis", "axes": "axe",
    "bases": "base", "buses": "bus", "gases": "gas", "houses": "house", "oxen": "ox", "pence": "penny", "dies": "die",
    "uses": "use", "viruses": "virus", "brownies": "brownie", "selfies": "selfie", "indices": "index",
    "theses": "thesis", "hypotheses": "hypothesis", "quizzes": "quiz", "heroes": "hero", "troops": "troop",
    "series": "series", "species": "species", "taxis": "taxi", "skis": "ski", "bikinis": "bikini",
}  # fmt: skip
NOT_ADJECTIVES = _words("""
    proposal hospital animal individual official journal signal capital rival criminal festival principal professional
    arrival approval terminal portal manual mammal ritual referral withdrawal denial refusal appeal general admiral
    cardinal memorial tutorial editorial material mineral chemical vehicle medical interval tribunal funeral
    executive detective representative initiative objective alternative relative motive native narrative incentive
    perspective archive collective operative directive olive
    clinic critic topic mechanic academic republic public epidemic pandemic traffic fabric music statistic comic picnic
    secretary library salary diary century boundary documentary anniversary dictionary commentary summary missionary
    beneficiary January February
    building meeting hearing reading painting wedding setting landing opening feeling ruling killing shooting bombing
    stabbing warning finding filing offering listing rating ranking string spring being thing drawing recording
    dish fish hundred test forest interest guest request protest contest arrest chest harvest
    vegetable variable constable
""")
NOUNS_IN_LY = _words("family only daily weekly monthly early elderly friendly supply ally assembly bully reply rally fly "
                     "butterfly anomaly monopoly deadly costly likely unlikely")  # fmt: skip
