"""The wider words of reporting: what these bring is wanted, feared or judged by somebody."""

from claims.lang import words as _words

# What these bring is said, wanted, felt or judged by somebody, though no "that" stands behind them.
ATTITUDES = _words("""
    accuse admire advise advocate agree aim allege announce apologise apologize appeal applaud argue ask assail assure
    attack back believe blame blast call caution celebrate cite claim commend complain concede condemn confirm
    contend criticise criticize decide declare decline decry defend demand denounce deny deride describe
    disagree discuss dismiss dispute doubt emphasise emphasize encourage endorse estimate expect explain express
    fear forecast highlight hint hope imply indicate insist instruct intend label lament like mention mock
    note object oppose order outline plan pledge point portray praise predict prefer pretend proclaim project promise propose
    question quote reaffirm recall recommend refuse regret reiterate reject report request reveal ridicule see
    show signal slam stress suggest support suspect swear tell think threaten tout underline underscore
    slam tout understand urge view vow want warn welcome wish wonder worry
""")
# Nouns with "that" behind them: "the claim that".
SAYING_NOUNS = _words("""
    accusation acknowledgment admission allegation argument assertion assumption belief claim complaint concern
    conclusion confirmation conviction denial expectation fear finding hint hope idea impression indication
    insistence notion opinion pledge prediction promise proposal report statement suggestion suspicion theory threat
    view vow warning accusations allegations arguments assertions claims complaints concerns fears hopes reports
    rumours rumors statements suggestions warnings
""")
# Before a colon they are no speaker: "Correction: an earlier version".
LABELS = _words("""
    analysis breaking clarification correction editor editor's editor’s exclusive fact latest live more note opinion
    photo photos ps read related see source sources update updated video warning watch
""")
