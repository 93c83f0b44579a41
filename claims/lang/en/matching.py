"""What tells two English claims apart, and what makes two ways of saying a thing one."""

from claims.lang import words as _words

# Words that say nothing about what a text is about.
EMPTY = _words("""
    a about also am an and any are aren't as at be because been being but by can can't could couldn't did didn't do does
    doesn't doing don't for from had hadn't has hasn't have haven't having he her here hers him his how i if in into is
    isn't it its just let me might more most my no nor not of off on once only or other our ours out over own s same she
    should so some such t than that the their theirs them then there these they this those through to too until up us
    very was wasn't we were weren't what when where which while who whom why will with won't would wouldn't you your
    yours says said say via rt
""")

# Each line is a scale with two ends. That one claim has a word of one end, and the other claim one of the other, makes
# them say the opposite, however alike they are.
OPPOSITES = tuple(
    (_words(one), _words(other))
    for one, other in (
        line.strip().split(" | ")
        for line in """
    rose rise rises rising risen increase increases increased increasing grew grow grows growing grown climbed climb climbs jumped jump soared surged gained gain higher raised raise raises expanded doubled tripled upward upwards | fell fall falls falling fallen decrease decreases decreased decreasing dropped drop drops dropping declined decline declines declining shrank shrink shrinks shrunk plunged plummeted slumped sank lower lowered lowers reduced reduce reduces cut cuts halved downward downwards
    more greater above over exceeds exceeded | fewer less below under
    most | least fewest
    highest largest biggest greatest maximum most | lowest smallest least minimum fewest
    larger bigger longer taller older faster stronger richer better | smaller shorter younger slower weaker poorer worse
    all every always everyone everybody | some none no few never nobody half most partly sometimes
    majority | minority
    won win wins winning beat beats defeated | lost lose loses losing
    allowed allow allows allowing permitted permit permits legalised legalized legal lawful | banned ban bans banning forbade forbidden forbids prohibited prohibits outlawed illegal unlawful
    approved approve approves backed adopted passed accepted accept accepts | rejected reject rejects refused refuse refuses blocked vetoed opposed defeated
    supports support supported favours favors favour favor backs | opposes oppose opposed rejects rejected
    confirmed confirm confirms admitted admits | denied deny denies
    opened open opens reopened | closed close closes shut shuts
    started start starts began begin begins launched | ended end ends stopped stop stops finished cancelled canceled scrapped
    before | after
    guilty convicted convict | innocent acquitted cleared exonerated
    true real genuine authentic | false fake untrue hoax bogus fabricated doctored
    alive survived survives living | dead died dies killed
    safe harmless | unsafe dangerous harmful
    hired hires recruited | fired fires sacked laid-off dismissed
    bought buys buy purchased | sold sells sell
    imports imported import | exports exported export
    male men man boys father fathers husband | female women woman girls mother mothers wife
    northern north | southern south
    eastern east | western west
    succeeded success succeeds | failed failure fails fail
    arrived arrives entered | left leaves departed
    joined joins | left quit quits
    strengthened strengthens tightened | weakened weakens loosened
    improved improves | worsened worsens deteriorated
    created creates added adds | destroyed destroys removed removes eliminated
    possible | impossible
    likely | unlikely
    surplus profit profits | deficit loss losses
    richest wealthiest | poorest
    hotter warmer hottest warmest | colder cooler coldest coolest
    public | private
    first second third fourth fifth sixth | last
""".strip().splitlines()
    )
)
# Said before a number: it is no lower than that, it is no higher, it is not exactly that.
AT_LEAST = frozenset({
    "more than", "over", "at least", "above", "just over", "well over", "no fewer than", "no less than",
})  # fmt: skip
AT_MOST = frozenset({
    "fewer than", "less than", "under", "at most", "below", "just under", "no more than", "up to",
})  # fmt: skip
ROUGH = AT_LEAST | AT_MOST | {
    "about", "around", "approximately", "roughly", "nearly", "almost", "some", "close to", "an estimated",
    "estimated", "almost exactly", "an average of", "as many as", "as much as", "as few as",
}  # fmt: skip
# Each line has things of one sort. That one claim names some of them and the other claim none but others makes them
# speak of different things: "a library", "a museum".
OF_ONE_SORT = tuple(
    _words(line)
    for line in """
    monday tuesday wednesday thursday friday saturday sunday
    spring summer autumn winter
    killed injured wounded missing rescued
    arrested charged convicted acquitted
    murder rape robbery theft burglary fraud arson assault kidnapping smuggling bribery perjury
    men women children babies pensioners teenagers
    library museum theatre cinema school university hospital prison church mosque temple stadium station airport harbour bridge tunnel dam pool park zoo
    libraries museums theatres cinemas schools universities hospitals prisons churches mosques temples stadiums stations airports harbours bridges tunnels dams pools parks zoos
    cancer diabetes stroke dementia autism asthma measles malaria influenza tuberculosis pneumonia obesity
    cocaine heroin cannabis fentanyl methamphetamine ecstasy tobacco alcohol
    oil coal gas solar wind nuclear hydropower
    gold silver bronze copper iron
    wheat rice maize sugar coffee tea cotton beef pork chicken milk
    doctors nurses teachers farmers soldiers miners builders firefighters pilots lawyers journalists
    doctor nurse teacher farmer soldier miner builder firefighter pilot lawyer journalist
    car train bus plane ship ferry lorry truck bicycle helicopter
    cars trains buses planes ships ferries lorries trucks bicycles helicopters
    fire flood earthquake hurricane drought avalanche landslide tsunami
    football rugby cricket tennis basketball baseball hockey golf boxing
    inflation unemployment growth debt deficit
    exports imports
    mammals birds fish insects reptiles
    dogs cats horses cows pigs sheep
""".strip().splitlines()
)
# "Rose by no more than 2 %", "not only": these words deny nothing.
NO_DENIAL = (
    "no more than", "no fewer than", "no less than", "no later than", "no longer than", "no earlier than", "not only",
    "not just", "not least", "no doubt", "whether or not", "no matter", "no wonder", "nothing but", "no one other than",
    "not to mention",
)  # fmt: skip
# "Was built by", "is being sold by".
PASSIVE = r"\b(?:is|are|was|were|been|being|be|got)\s+(?:\w+ly\s+)?\w+(?:ed|en|wn|lt|nt|ught|de|ld|t)\b[^.;]{0,80}?\bby\b"
# Words that turn what comes after them round.
DENIALS = _words("""
    denied denies deny denying refused refuses refuse failed fails fail unable false falsely untrue hoax myth fake
    debunked lacks lacked lack hardly scarcely barely ain't ain’t couldn’t couldn't wouldn’t wouldn't shouldn’t
    shouldn't mustn't mustn’t shan't won't won’t
""")
# "One of the highest" says less than "the highest".
WEAKENERS = (
    "one of the",
    "one of",
    "among the",
    "almost any",
    "almost every",
    "almost all",
    "nearly all",
    "nearly every",
)
# In front of a word it makes the opposite: "legal", "illegal".
DENYING_PREFIXES = ("un", "in", "il", "im", "ir", "non", "non-", "dis", "mis")

# Who does it with whom is all one: "A met B" says that B met A.
MUTUAL = _words("""
    met meets married marries spoke speaks talked talks agreed agrees merged merges played plays drew traded trades fought
    fights borders bordered signed negotiated debated discussed exchanged shared divorced collided said says
""")

# A name and what else it is called. What stands in one line is one name.
_ALIASES = """
    us | u.s. | usa | u.s.a. | united states | united states of america | america | american | americans
    uk | u.k. | united kingdom | britain | great britain | british | britons | briton
    eu | e.u. | european union
    un | u.n. | united nations
    uae | united arab emirates | emirati
    who | world health organization | world health organisation
    nato | north atlantic treaty organization
    imf | international monetary fund
    ice | immigration and customs enforcement
    fbi | federal bureau of investigation
    cia | central intelligence agency
    nsa | national security agency
    cdc | centers for disease control | centers for disease control and prevention
    fda | food and drug administration
    epa | environmental protection agency
    irs | internal revenue service
    nasa | national aeronautics and space administration
    ons | office for national statistics
    nhs | national health service
    bbc | british broadcasting corporation
    nyt | new york times
    gop | republican | republicans | republican party
    democrat | democrats | democratic | democratic party
    tory | tories | conservative | conservatives | conservative party
    labour | labour party
    lib dem | lib dems | liberal democrats | liberal democrat
    nra | national rifle association
    aclu | american civil liberties union
    isis | isil | islamic state | daesh
    covid | covid-19 | covid19 | coronavirus | sars-cov-2
    hiv | human immunodeficiency virus
    gdp | gross domestic product
    ai | artificial intelligence
    dc | d.c. | washington
    la | l.a. | los angeles
    nyc | new york city | new york
    afghanistan | afghan | afghans
    albania | albanian
    algeria | algerian
    argentina | argentine | argentinian
    australia | australian | australians | aussie
    austria | austrian
    bangladesh | bangladeshi
    belgium | belgian
    bolivia | bolivian
    brazil | brazilian | brazilians
    bulgaria | bulgarian
    cambodia | cambodian
    canada | canadian | canadians
    chile | chilean
    china | chinese | prc
    colombia | colombian
    croatia | croatian
    cuba | cuban | cubans
    denmark | danish | danes
    ecuador | ecuadorian
    egypt | egyptian | egyptians
    england | english
    estonia | estonian
    ethiopia | ethiopian
    europe | european | europeans
    finland | finnish
    france | french
    germany | german | germans
    ghana | ghanaian
    greece | greek | greeks
    haiti | haitian | haitians
    hungary | hungarian
    iceland | icelandic
    india | indian | indians
    indonesia | indonesian
    iran | iranian | iranians
    iraq | iraqi | iraqis
    ireland | irish
    israel | israeli | israelis
    italy | italian | italians
    japan | japanese
    jordan | jordanian
    kenya | kenyan | kenyans
    korea | korean | koreans
    latvia | latvian
    lebanon | lebanese
    libya | libyan
    lithuania | lithuanian
    malaysia | malaysian
    mars | martian
    mexico | mexican | mexicans
    morocco | moroccan
    myanmar | burma | burmese
    netherlands | dutch | holland
    nigeria | nigerian | nigerians
    norway | norwegian | norwegians
    pakistan | pakistani | pakistanis
    palestine | palestinian | palestinians
    peru | peruvian
    philippines | filipino | filipinos | philippine
    poland | polish
    portugal | portuguese
    romania | romanian
    russia | russian | russians
    rwanda | rwandan
    saudi arabia | saudi | saudis
    scotland | scottish | scots
    serbia | serbian
    singapore | singaporean
    slovakia | slovak
    slovenia | slovenian
    somalia | somali
    spain | spanish
    sudan | sudanese
    sweden | swedish | swedes
    switzerland | swiss
    syria | syrian | syrians
    taiwan | taiwanese
    tanzania | tanzanian
    thailand | thai
    tunisia | tunisian
    turkey | turkish | turks | türkiye
    uganda | ugandan
    ukraine | ukrainian | ukrainians
    venezuela | venezuelan | venezuelans
    vietnam | vietnamese
    wales | welsh
    yemen | yemeni
    zambia | zambian
    zimbabwe | zimbabwean
"""
ALIASES = {
    other: names[0]
    for names in ([name.strip() for name in line.split("|")] for line in _ALIASES.strip().splitlines())
    for other in names
}
"""What a name is called → the name that stands for it; all in lower case."""

# Stand between two parts of a name: "Bank of England", "Ursula von der Leyen".
INSIDE_NAMES = _words("of for de da di du del la le van von der den al bin ibn")
# Written with a capital, and no names all the same.
NO_NAMES = _words("""
    mr mrs ms miss dr sir dame lord lady prof professor president minister prime secretary senator sen rep
    representative governor gov mayor judge justice chancellor king queen prince princess pope general colonel captain
    sergeant chief chairman director chair i january february march april may june july august september october
    november december monday tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct
    nov dec god internet twitter facebook instagram tiktok tweet breaking the a an this that former acting deputy vice
    state county city
""")
# Stand at the head of a sentence without an article, and are no names: "Crime rose".
MASS_NOUNS = _words("""
    crime police people inflation research water food oil gas coal data evidence news violence poverty debt trade income
    rain rainfall tax traffic housing money music spending funding wheat rice sugar tobacco alcohol cannabis marijuana
    energy electricity power pollution waste plastic milk meat fish beef pork fruit bread sleep exercise obesity cancer
    diabetes influenza flu malaria measles autism heroin cocaine fentanyl ice snow wind fire homelessness unemployment
    joblessness productivity output growth demand supply staff management society nature science technology software
    hardware gold silver copper iron steel cement timber wood paper cotton wool glass soil land air youth women men
    children everyone nobody someone nothing everything half most many some few several none both today yesterday
    tomorrow now then there here turnout attendance revenue profit interest investment migration immigration abortion
    divorce marriage suicide murder homicide theft fraud corruption torture slavery war peace voting parking smoking
    drinking driving swimming
""")
