"""Closed classes of words, and words whose endings mislead."""

from claims.lang import words as _words

# Forms of "to be", and of "to get", which makes a passive too.
BE = _words("""
    am are aren't aren’t be been being get gets getting got he's he’s i'm is isn't isn’t it's it’s i’m
    she's she’s that's that’s there's there’s they're they’re was wasn't wasn’t we're were weren't
    weren’t we’re you're you’re
""")
HAVE = _words("""
    had hadn't hadn’t has hasn't hasn’t have haven't haven’t having i've i’ve they've they’ve we've
    we’ve
""")
DO = _words("""
    did didn't didn’t do does doesn't doesn’t don't don’t
""")
# Determiners that may stand alone: "this means", "many say".
PRONOMINAL = _words("""
    all another any both each either few fewer half less many more most neither none one others several
    some such that these this those
""")
# Words in -ly that are no adverbs.
NOT_ADVERBS = _words("""
    ally anomaly apply assembly belly bully butterfly comply costly daily deadly doily early elderly
    family fly friendly fully-fledged homily imply italy jelly july likely lonely lovely monopoly
    monthly multiply only rally rely reply sully supply tally unlikely weekly
""")
# Words in -ing that are nouns.
NOT_GERUNDS = _words("""
    anything banking beijing bing bring building ceiling during evening everything funding hearing
    hiring housing king meeting ming morning nothing ping ring ruling sewing shooting sibling sing
    something spending spring sterling string thing things training viking warning wedding wing
""")
# Plurals without an -s.
PLURALS = _words("""
    all both cattle children clergy data eight few five four half hundreds i majority many media men
    most nine none number others people police rest seven six some staff ten they thousands three two we
    who women you
""")
LINKS = _words("""
    and but nor or yet
""")
# Adjectives that often stand before a noun that looks like a verb.
PLAIN_ADJECTIVES = _words("""
    bad big certain current different entire former good great high large local long low main major
    national new numerous old other previous recent same short small various young
    little major minor senior junior additional single whole key last next final first second third early full fresh hot
    black white red blue green brief common dark dead deep fast heavy huge male female modern nice poor private proper
    public pure quick quiet rare real rich rough rural safe sharp simple soft solid special strange strong sure sweet tiny
    thin top tough true typical unique urban vast weak wide wild wrong foreign adult possible likely unlikely
""")
THIRD_PERSON = _words("""
    he it she who
""")
# What may follow "by" where no doer does: "rose by half".
AMOUNTS = _words("""
    a about almost an around as at half just less more nearly over quarter some third up
""")
SUBORDINATORS = _words("""
    although because how if once though unless what when where whereas whether while whilst why
""")
# Pronouns that are subjects, or stand for one.
SUBJECTS = _words("""
    anyone everybody everyone everything he i it nobody nothing she somebody someone something there
    they we you
""")
# Adverbs without -ly.
ADVERBS = _words("""
    again ago almost already also always even ever first however instead just later n't never not now
    often once only so soon still then together too twice yet up out down away apart ahead abroad aside elsewhere
""")
# Words with the ending of an adjective which are nouns or verbs far more often.
NOT_ADJECTIVAL = _words("""
    animal animals appeal approval arrival burial cable cannibal capital cardinal carnival chemical coal conceal
    constable criminal crystal deal denial dial dismissal disposal enable festival funeral goal handful hospital
    individual jackal journal material meal medal metal minimal mineral moral mural official original pedal petal
    principal professional proposal rebuttal refusal rehearsal removal renewal reveal revival rival royal scandal
    seal signal spoonful steal survival table terminal total trial tribunal unless vegetable viral betrayal general
    manual withdrawal retrial interval arsenal portal cathedral
""")
