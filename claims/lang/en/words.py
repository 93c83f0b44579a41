"""Reporting verbs, verbs in general, hedges, opinion words, causes, laws, roles, function words."""

from claims.lang import words as _words

# --- who said it -------------------------------------------------------------------------------------

SAYING = _words("""
    say says said saying add adds added adding state states stated stating tell tells told telling report reports
    reported reporting announce announces announced announcing claim claims claimed claiming argue argues argued
    arguing explain explains explained explaining note notes noted noting write writes wrote writing warn warns warned
    warning insist insists insisted insisting admit admits admitted admitting acknowledge acknowledges acknowledged
    acknowledging confirm confirms confirmed confirming deny denies denied denying suggest suggests suggested
    suggesting estimate estimates estimated estimating believe believes believed believing think thinks thought
    thinking conclude concludes concluded concluding reveal reveals revealed revealing find finds found allege alleges
    alleged alleging maintain maintains maintained maintaining assert asserts asserted asserting declare declares
    declared declaring testify testifies testified testifying stress stresses stressed stressing emphasise emphasises
    emphasised emphasising emphasize emphasizes emphasized emphasizing point points pointed contend contends contended
    contending comment comments commented commenting recall recalls recalled remark remarks remarked reply replies
    replied respond responds responded tweet tweets tweeted predict predicts predicted predicting forecast forecasts
    forecasting show shows showed indicate indicates indicated indicating disclose discloses disclosed feel feels felt
    agree agrees agreed hope hopes hoped learn learns learned complain complains complained ask asks asked asking
    heard hears continue continues continued concede concedes conceded quip quipped joke joked
    hold holds held rule rules ruled notice noticed fume fumed
""")
# Say what was found as fact, and the words after them need "that" to be a report.
NEEDS_THAT = _words("""
    heard hears point points pointed feel feels felt agree agrees agreed hope hopes hoped learn
    learns learned indicate indicates indicated reveal reveals revealed report reports reported state states note notes
    claim claims estimate estimates stress forecast comment comments reply replies respond responds tweet tweets recall
    recalls continue continues continued ask asks asked maintain maintains maintained disclose discloses disclosed
    hold holds held rule rules ruled notice noticed fume fumed
""")
# With "that" behind them they tell no more than that something is so.
NOT_SAYING = _words("""
    mean means meant ensure ensures ensured make makes made require requires required happen happens happened seem
    seems seemed is was be hope hopes hoped so given it help helps helped give gives gave
""")
# What these report is a view of the source's own, not a fact it vouches for.
VIEWS = _words("""
    argue argues argued arguing feel feels felt hope hopes hoped believe believes believed believing think thinks
    thought predict predicts predicted predicting forecast forecasts warn warns warned warning suggest suggests
    suggested suggesting complain complained insist insists insisted contend contends contended hold holds held deny
    denies denied claim claims claimed alleges
""")
FORESEEING = _words("warn warns warned warning predict predicts predicted forecast forecasts hope hopes hoped suggest "
                    "suggests suggested")  # fmt: skip
# What they bring is just what the source says is not so.
DENYING = _words("deny denies denied denying dispute disputes disputed reject rejects rejected")
# Forecasts of a source's own, whatever the verb says.
BELIEVING = _words("believe believes believed think thinks thought expect expects expected")
# Who took the picture, who wrote and who edited: about the article, not what it says.
CREDIT = (
    r"(?i:\(?(?:photo|photograph|image|picture|illustration|graphic|video)s?(?:(?: credit)?:| by\b)[^.\n]{0,80}\.?[^.\n]{0,60}$)"
    r"|(?i:\(?(?:additional )?(?:reporting|writing|editing) by\b)"
    r"|[A-Z][^.\n]{0,60}\b(?:reported from [A-Z]|contributed (?:to this|reporting))"
)
# Sources that have no views, only findings.
THINGS = _words("""
    results result data figures study studies report reports survey surveys poll polls analysis research evidence
    documents document records record tests test audit review paper papers statistics minutes filings findings census
    emails files
""")
# Whoever is named by the side that they take, and not by what they know, gives views.
PARTISANS = _words("""
    critics critic opponents supporters campaigners activists rivals detractors sceptics skeptics backers protesters
    fans defenders allies
""")
# Acts of speech which are a fact in themselves: somebody urged, accused, objected.
SPEECH_ACTS = _words("""
    urge urges urged urging demand demands demanded demanding call calls called calling accuse accuses accused
    criticise criticises criticised criticize criticizes criticized condemn condemns condemned praise praises praised
    object objects objected protest protests protested express expresses
    expressed promise promises promised pledge pledges pledged vow
    vows vowed propose proposes proposed recommend recommends recommended oppose opposes opposed
    welcome welcomes welcomed threaten threatens threatened want wants predicted says apologise apologised
    apologize apologized blame blames blamed describe describes described petition petitioned appeal appealed argue
    argues argued deny denies denied ask asks asked
""")
UNNAMED = _words("""
    sources source critics officials experts some many others opponents supporters analysts people observers they
    he she it we you i who which group spokesman spokeswoman spokesperson
""")

# --- verbs -------------------------------------------------------------------------------------------

AUXILIARIES = _words("""
    is are was were am has have had does do did isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't
    isn’t aren’t wasn’t weren’t hasn’t haven’t hadn’t doesn’t don’t didn’t cannot can can't can’t
    he's she's it's we're they're i'm it’s he’s she’s we’re they’re i’m that's that’s there's there’s we've they've i've
    we’ve they’ve i’ve
""")
MODALS = _words("""
    will would shall should may might could must ought won't wouldn't shouldn't couldn't mustn't won’t wouldn’t
    shouldn’t couldn’t mustn’t we'll they'll he'll she'll it'll i'll you'll we’ll they’ll he’ll she’ll it’ll i’ll
""")
NEGATIONS = _words("""
    not no never none nobody nothing neither nor without cannot can't can’t isn't isn’t aren't aren’t wasn't wasn’t
    weren't weren’t hasn't hasn’t haven't haven’t hadn't hadn’t doesn't doesn’t don't don’t didn't didn’t won't won’t
""")

# --- what makes it no fact ---------------------------------------------------------------------------

HEDGES = _words("""
    perhaps maybe possibly probably presumably apparently arguably likely unlikely seem seems seemed seemingly
    appears appear appeared might could reportedly allegedly supposedly
""")
OPINIONS = _words("""
    amazing appalled appalling awful bad beautiful best-ever better-than-ever brilliant callous catastrophic cruel
    dangerous deplorable deserve deserves deserved despicable disappointing disappointed disgrace disgraceful
    disgusting excellent exciting extraordinary fabulous fair fantastic foolish frightening good great greatest
    ghastly happily hard-hearted heartbreaking hideous honest hope hopeful hopefully horrible horrified horrific
    horrifying ideal immoral important impossible impressive incredible inhumane insane interesting ironic ironically
    irresponsible lovely ludicrous magnificent marvellous meaningful nasty nice obscene obvious obviously outrageous
    pathetic perfect pleased pointless powerful proud reckless regrettable remarkable ridiculous sad sadly scandalous
    shameful shocking shockingly shame silly sinister sorry special stunning stupid terrible terrific tragic thrilled
    unacceptable unfair unfortunate unfortunately unjust unthinkable vibrant vital welcome wonderful worrying worse
    worst wrong absurd clearly surely frankly concerned deeply delighted thankful grateful beautifully uneasy
    odd clumsy dull bold hoped brave tired frightened sensible loved angry afraid scared frustrated worried devastated furious grief heartless
""")
FIRST_PERSON = _words(
    "i we me us my our ours mine ourselves myself i'm i’m we're we’re i've i’ve we've we’ve let's let’s"
)
SECOND_PERSON = _words("you your yours yourself you're you’re")
OUTLOOKS = (
    "is due to", "are due to", "is expected to", "are expected to", "is likely to", "are likely to", "is set to",
    "are set to", "is going to", "are going to", "is about to", "are about to", "starts in the", "is poised to",
    "is scheduled to", "are scheduled to", "is to be", "are to be",
    "hopes to", "hope to", "aims to", "aim to", "is unlikely to", "are unlikely to", "is bound to", "remains to be seen",
)  # fmt: skip
PAYING = _words(
    "pay fund cost receive contribute provide come raise charge levy cut spend invest ban require abolish get give "
    "command total hire employ build create add lend sell buy increase reduce lower lift donate serve close shut replace"
)
# What is to happen on a day that has been fixed, by those who have the say.
SCHEDULED = _words("close reopen shut apply expire lapse effect force ban abolish introduce")

# --- what makes it worth checking ------------------------------------------------------------------------

CAUSES = _words("because caused causing triggered sparked owing")
CAUSE_PHRASES = ("as a result", "led to", "leads to", "thanks to", "resulted in", "results in", "blamed on",
                 "attributed to", "because of", "owing to", "due to a", "due to the",
                 "have caused", "has caused")  # fmt: skip
COMPARATIVES = _words("""
    more less fewer higher lower larger smaller greater faster slower older younger longer shorter cheaper richer
    poorer bigger worse better earlier later stronger weaker heavier warmer colder
""")
SUPERLATIVES = _words("""
    highest lowest largest smallest biggest fastest slowest oldest youngest longest shortest cheapest richest poorest
    most least fewest latest earliest deadliest busiest hottest coldest wettest driest tallest strongest
""")
NOT_SUPERLATIVE = _words("interest request protest arrest forest harvest contest invest suggest honest modest digest "
                         "conquest manifest congest bequest disinterest rainforest self-interest")  # fmt: skip
# What settles it by itself; of the other words of the law only where something is done to it.
RULINGS = _words("""
    ruled ruling repealed enacted banned banning vetoed outlawed legislated unlawful illegal illegally convicted
    sentenced acquitted indicted fined jailed voted votes approved ratified prohibits prohibited mandatory
""")
ENACTING = _words("""
    passed pass passes adopted adopt adopts approved approve approves signed signs rejected rejects backed backs imposed
    imposes introduced introduces lifted lifts raised raises cut cuts require requires required must bans banned allows
    allowed takes came ordered orders amended upheld overturned struck blocked voted votes ruled scrapped set sets
    changed changes tightened eased extended
""")
LAWS = _words("""
    law laws act bill bills legislation regulation regulations ruling ruled rules court courts tribunal constitution
    constitutional amendment statute illegal illegally unlawful lawful legal banned ban bans banning repealed enacted
    policy policies budget tax taxes tariff tariffs sanctions treaty directive ordinance decree veto vetoed voted
    vote parliament congress senate legislature councillors mandate mandatory prohibits prohibited votes
    convicted sentenced acquitted indicted fined jailed outlawed ratified
""")
PENALTIES = _words(
    "fine fines penalty penalties fee fees levy charge licence license lose loses forfeit refund deadline"
)
IDENTITY_ROLES = _words("""
    president minister chancellor mayor governor senator chief director chairman chairwoman chair secretary founder
    owner capital member leader head author manager spokesman spokeswoman ceo captain coach judge professor king queen
    company charity agency organisation organization party city town village river
""")
ORGANISATIONS = _words("""
    inc ltd plc corp corporation company university college council ministry department agency authority office
    commission committee association union institute bank party court police hospital trust foundation society
    federation government parliament senate congress board nhs fbi cia nato un eu who organisation organization
""")
QUANTIFIERS = _words("half majority minority most proportion third quarter dozens hundreds thousands millions billions "
                     "tens scores dozen lot number handful percentage fraction share")  # fmt: skip
VAGUE_SUBJECTS = _words("this that these those it they he she there such")
RELATIVES = _words("which who whom whose where")
PREPOSITIONS = _words("""
    in on at to of by for from with into over under after before since until during about against between among
    through within without across behind beyond near around amid per via despite towards toward upon along following
    as than like off outside inside throughout beside besides unlike below above aboard atop except regarding onto
    alongside amongst beneath underneath amidst
""")
DETERMINERS = _words("""
    the a an this that these those his her its their our my your each every some any no both all several many most
    another such much few more
""")
# A clause that begins with one hangs on a verb before it: "asking him to stop".
OBJECT_PRONOUNS = frozenset({"him", "me", "them", "us", "whom"})
PRONOUNS = _words(
    "i you he she it we they there this that these those who which nobody everyone someone nothing one"
)
COORDINATORS = _words("and but while whereas although though yet however so or nor")
# What people are, beyond the endings that tell it.
PEOPLE = IDENTITY_ROLES - _words("capital company charity agency organisation organization party city town village river") | _words("""
    boss deputy executive inspector sergeant lieutenant colonel major nurse teacher farmer baker guard winger striker
    goalkeeper midfielder defender champion partner lawyer analyst economist scientist spokesperson aide brother sister
    father daughter husband widow cousin friend neighbour neighbor resident pupil student commissioner secretary-general
    bishop archbishop envoy attorney critic expert architect clerk treasurer surgeon
""")  # fmt: skip
# Before a list they say that its items are asked for or laid down: "The letter makes four demands:".
DUTIES = _words("""
    must demands demand following requires require required rules law bill act order recommendations recommends conditions
    terms measures changes calls asks pledges promises plan obliged ban bans
""")
