"""The wider words of reporting: what these bring is wanted, feared or judged by somebody."""

from claims.lang import words as _words
from claims.lang.en.verbs import forms as _forms

# What these bring is said, wanted, felt or judged by somebody, though no "that" stands behind them.
_ATTITUDES = _words("""
    accuse acknowledge admire admonish advise advocate affirm agree aim allege announce anticipate apologise
    apologize appeal applaud appreciate argue ask assail assert assume assure attack attest authorise authorize
    back bash beg believe belittle bemoan berate blame blast boast brag brand bristle call castigate caution
    celebrate champion characterise characterize charge chastise chide chronicle cite claim clarify commend
    compare complain concede condemn confess confirm congratulate contend contest contradict convince counsel
    counter credit criticise criticize decide declare decline decry deem defend demand denounce deny depict
    deplore deride describe desire disagree disavow discover discuss dislike dismiss dispute distrust document
    doubt dread dream dub echo elaborate embrace emphasise emphasize encourage endorse envisage envision
    estimate exaggerate exhort expect explain express favor favour fear forecast foresee fret grill grumble
    guarantee guess hail hate herald highlight hint hope identify illustrate imagine implore imply indicate
    inform insinuate insist instruct insult intend invoke joke judge label lambast lambaste lament laud learn
    liken link loathe long love maintain marvel mention mock mourn muse note notice object oppose order outline
    paint persuade petition pitch plan plead pledge point ponder portray praise predict prefer press presume
    pretend proclaim project promise propose protest question quip quote rate reaffirm realise realize reassure
    rebuff rebuke rebut recall reckon recognise recognize recommend recount reference refuse refute regard
    regret reiterate reject remark remember remind repeat report reprimand request resent resist resolve respond
    reveal ridicule rip salute say scoff scold see shout show shrug signal slam speak speculate spurn state
    stress suggest support surmise suspect swear taunt tease tell term testify thank theorise theorize think
    threaten tout trust tweet underline underscore understand urge view vilify voice volunteer vote vouch vow
    want warn welcome wish wonder worry yell
""")
ATTITUDES = frozenset(form for base in _ATTITUDES for form in _forms(base))
# Nouns with "that" behind them: "the claim that".
SAYING_NOUNS = _words("""
    accusation acknowledgment admission allegation argument assertion assumption belief claim complaint concern
    conclusion confirmation conviction denial expectation fear finding hint hope idea impression indication
    insistence notion opinion pledge prediction promise proposal report statement suggestion suspicion theory threat
    view vow warning accusations allegations arguments assertions claims complaints concerns fears hopes reports
    rumours rumors statements suggestions warnings
""")
# Before a colon they are no speaker: "Correction: an earlier version".
NO_SPEAKERS = _words("""
    analysis breaking clarification correction editor editor's editor’s exclusive fact latest live more note opinion
    photo photos ps read related see source sources update updated video warning watch
""")
