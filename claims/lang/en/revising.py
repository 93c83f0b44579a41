"""What must not change unseen between two versions of a text, beyond numbers, dates and names."""

from claims.lang import words as _words

# How much, how many, how often; beside those that `QUANTIFIERS` and `PRONOMINAL` have.
AMOUNTS_OF = _words("""
    all every each any some none no most many much more less few fewer fewest several both either neither half majority
    minority always never often usually sometimes rarely seldom once twice thrice only almost nearly about around over
    under above below least up entirely partly wholly fully mostly largely everyone everybody nobody nothing everything
    anyone someone exactly roughly approximately hardly barely just main sole whole total another other others enough
""")
# How sure, how bound: "may", "must", "allegedly".
MODALITY = _words("""
    may might can could shall should will would must ought need needs cannot able unable likely unlikely possibly possible
    impossible probably perhaps maybe allegedly reportedly apparently presumably supposedly potentially expected due set
    planned certain certainly definitely surely sure alleged suspected proposed required optional mandatory voluntary
""")
DENYING_WORDS = _words("""
    not no never none nobody nothing neither nor without cannot lack lacks lacked lacking deny denies denied denying
    refuse refuses refused refusing fail fails failed failing except unless barely hardly scarcely false untrue
""")
# A hyphen behind one of these may make another word of it: "re-sign", "resign".
HYPHEN_TELLS = ("re-", "un-", "non-", "anti-", "pre-", "de-", "dis-", "mis-", "ex-")
# Said of an earlier version of the text, so what stands in such a sentence is not claimed by it.
EARLIER_VERSION = (
    r"\b(?:(?:earlier|previous|original|prior|first|older) versions?\b|(?:originally|previously|wrongly|incorrectly|erroneously|mistakenly)"
    r" (?:said|stated|reported|claimed|wrote|gave|put|named|described|identified|attributed)\b|misstated|misidentified"
    r"|(?:correction|clarification|corrected|amended)s?\b ?(?:[:;(–—-]|\b(?:on|to|at)\b)"
    r"|(?:was|were|has been|have been) (?:corrected|amended|updated|clarified)\b)"
)
