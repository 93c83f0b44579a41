"""What segmentation must know of English: abbreviations, and the words that sentences begin with."""

from claims.lang import words as _words

# A name follows these, so a stop after one never ends a sentence: "Dr. Imre", "vs. Ghana".
BEFORE_NAMES = _words("""
    mr mrs ms mx dr prof rev revd hon gen col lt sgt capt cpt cpl maj cmdr cdr cllr gov sen rep reps sens supt insp det
    pte pfc adm brig amb atty messrs mme mlle hr fr sr. st ste mt ft pres vs v e.g i.e eg ie viz cf approx esp incl
    pvt asst assoc
""")
# A number follows these: "No. 10", "p. 55", "Sept. 4". Before a word they end a sentence as any word does.
BEFORE_NUMBERS = _words("""
    no nos p pp pg vol vols fig figs art arts sec secs ch chs par para ver ed eds jan feb mar apr jun jul aug sep sept
    oct nov dec approx est ca c circa n° nº tel ext rev ref app
""")
# Abbreviations that stand in the middle of a sentence as often as at its end: only a word that hardly stands inside
# a sentence with a capital, such as "The", tells.
MAY_END = _words("""
    inc ltd co corp bros llc plc univ assn dept govt intl natl jr sr esq ph.d m.d b.a m.a d.d.s ll.b m.p ret
    a.m p.m am pm u.s u.k u.n e.u u.s.a u.a.e d.c l.a n.y b.c a.d r.i.p ave blvd rd hwy bldg apt al etc hrs min mins
    ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa
    tenn tex va vt wash wis wyo ont que alta jan feb mar apr jun jul aug sep sept oct nov dec est ed op lb lbs oz sq
""")
ABBREVIATIONS = BEFORE_NAMES | BEFORE_NUMBERS | MAY_END
# Words with a capital before which a sentence has ended: few names begin with them.
STARTERS = _words("""
    a an the this that these those he she it we they i you his her its our their my your there here what when where
    why how who which while whether if in on at as to for from by with after before since during until under over
    despite although though because but and or nor so yet however moreover meanwhile also then now still once
    not no some many most all both each every several few one another any such more less about according among
    let's it's he's she's they're we're i'm i've don't that's there's it’s he’s she’s they’re we’re i’m i’ve that’s
    there’s is are was were do does did has have had can could will would should may might please thank yes well
    mr mrs ms dr today yesterday tomorrow last earlier later
""")
# What follows a time of day without ending the sentence: "9 p.m. Monday", "8 a.m. Eastern time".
AFTER_TIMES = _words("""
    monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun gmt bst utc est edt cst cdt
    mst mdt pst pdt cet cest eastern central mountain pacific et ct pt local
    january february march april may june july august september october november december
""")
# Names that keep their mark in the middle of a sentence.
NAMES_WITH_A_MARK = _words("yahoo jeopardy which oklahoma wham panic")
# What a credit or caption says about itself; a new unit starts there even when the stop before it is missing.
CREDIT_LABELS = (
    "Image|Images|Photo|Photos|Photograph|Photographs|Picture|Pictures|Credit|Illustration|Video|File photo"
)
