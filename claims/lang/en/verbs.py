"""The forms of English verbs: regular ones by rule, irregular ones by a table, and which look like nouns.

A verb that is not here is still known by its ending and its place; the lists settle what those leave open.
"""

from functools import cache as _cache

from claims.lang import words as _words

# Their base and -s forms are hardly ever nouns.
_CLEAR = _words("""
    adjust align apply befriend brighten cater circulate coexist compile concentrate confine conform continue cope decide
    dedicate delete depict deploy depose derive devote discontinue displace dispose entail enrich erase evaluate
    extinguish fade flourish foster frighten graze greet hasten hospitalise hospitalize impair incite infuriate inspect
    instruct integrate intercept invoke irrigate jeopardise jeopardize juggle locate melt mobilise mobilize narrow obstruct
    opt outstrip overhear oversee penalise penalize persist plummet pour practise privatise privatize reclaim redeem
    refinance reiterate relieve render restructure scrutinise scrutinize segregate soften stabilise stabilize stray
    strengthen subscribe supervise supplement swallow terrify tighten trespass underline underpin unify vaccinate vanish
    venture weaken widen worsen
    abandon abolish argue coincide cap allege commute hospitalize concern tweet forecast vet absorb abstain accelerate accept accommodate accompany accomplish accumulate accuse achieve
    acknowledge acquire acquit activate adapt add adjourn administer admire admit adopt advertise advise advocate affect
    affirm afford aggravate agree alert allege allocate allow alter amend amplify analyse analyze announce annoy
    anticipate apologise apologize appear applaud appoint appreciate apprehend approve arise arrange arrive assassinate
    assemble assert assess assign assist associate assume assure attach attain attend attract attribute authorise
    authorize avert avoid await bear become befriend beg begin behave believe belong betray bind blame block boast bolster
    borrow bring broaden bulldoze bury buy calculate campaign carry cease celebrate cite clarify classify coincide
    collaborate collapse collect collide combat combine come commemorate commence commend comment commission commit
    communicate compare compel compensate compete compile complain complete complicate comply comprise compromise concede
    conceal conclude condemn confess confirm confiscate confront confuse connect conserve consider consist constitute
    construct consult consume contact contain contaminate contend contradict contribute convene convert convey convince
    cooperate coordinate correct correspond create criticise criticize cultivate curb curtail deal declare decline
    decommission decrease dedicate deduct deem deepen defeat defend defer define defraud defy degrade deliver demolish
    demonstrate denounce deny depart depend depict deploy deport derail descend describe deserve destroy detain detect
    deter deteriorate determine devastate develop devise diagnose die differ diminish disagree disappear disappoint
    disclose discover discuss dismantle dismiss disqualify disrupt dissolve distinguish distribute disturb diversify
    divert divide divorce dominate donate double drown earn eat educate elect eliminate embark embrace emerge emit
    emphasise emphasize employ enable enact encompass encounter encourage endanger endorse endure enforce engage enhance
    enjoy enlarge enrol enroll ensure enter entertain entitle equip erase erect erode erupt escalate establish evacuate
    evade evaluate evolve exaggerate examine exceed exclude execute exempt exercise exhaust exhibit exist expand expect
    expel expire explain explode exploit explore expose express extend extract facilitate fail falsify fasten feed feel
    fill finalise finalize find fly follow forbid foresee forget forgive formulate foster freeze fulfil fulfill
    function generate get give go govern grab grant grow guarantee halve handle hang happen harvest hasten have hear
    heighten help hesitate hide highlight hire hospitalise hospitalize host identify ignite ignore illustrate imagine
    impede implement implicate imply import impose impress imprison improve inaugurate include incorporate incur indicate
    indict induce infect inflict inform inherit inhibit initiate inject injure inquire insist inspect inspire install
    instruct insult integrate intend intensify interact interfere interpret interrupt intervene introduce invade invent
    invest investigate invite invoke involve isolate issue jeopardise jeopardize join justify keep kick kidnap kill know
    lack lag launch lead learn leave lend lengthen lessen let liberate lift limit linger listen live loot lose lower
    maintain make manage manufacture marry maximise mean meet memorise merge migrate minimise mitigate modernise
    modify monitor mourn multiply need neglect negotiate nominate normalise notify obey oblige observe obtain occupy
    occur offset omit operate oppose ordain organise organize originate oust outlaw outline outnumber outpace outperform
    outrank outweigh overcome overhaul overlook override overrule oversee overtake overthrow overturn owe own
    participate pass pay penetrate perceive perform perish permit persecute persist persuade pertain pioneer plead please
    point pollute portray pose possess postpone praise preach precede preclude predict prefer prepare prescribe preserve
    preside pressure prevail prevent proceed process proclaim procure produce prohibit proliferate prolong promote prompt
    propose prosecute prosper protect prove provide provoke publicise publish pull punish pursue push put qualify quash
    quit quote raise ratify reach react read reaffirm realise realize rebuild receive recognise recognize recommend
    reconcile reconsider reconstruct recover recruit recycle reduce refer reflect refrain refuse refute regain regard
    register regulate reinforce reinstate reiterate reject rejoin relate relax relay release relinquish relocate rely
    remain remember remind remove renew renounce renovate reopen reorganise repay repeal repeat replace replenish reply
    represent reproduce require rescue resemble reserve reside resign resist resolve resort respect respond restart
    restore restrain restrict resume retain retake retire retract retreat retrieve reunite reveal revert revise revive
    revoke rewrite rid rob rush sack sacrifice safeguard satisfy save say scrap screen scrutinise secure see seek seem
    seize select sell send separate serve settle sever shed shelve shift shoot shorten show shrink shut signal
    simplify slash sleep slip smuggle soar socialise solve sow spark speak specialise specify spend spill spoil sponsor
    spread stabilise stage stand stay steal stem stimulate stipulate stop strengthen strip strive struggle submit
    subscribe subsidise succeed sue suffer suggest suit summarise summon surpass surrender surround survive suspect
    suspend sustain swear swim symbolise take teach tear tell tempt tend terminate terrify testify thank think threaten
    thrive throw tighten tolerate topple torture totalled trace transform translate transmit transport traverse tremble
    trigger triple trouble undercut underestimate undergo underline undermine understand undertake unearth unify unite
    unveil uphold upset urge utilise vaccinate validate vandalise vanish vary verify veto violate vow wait wake want warn
    waste watch weaken wear weave weigh welcome widen win wish withdraw withhold withstand witness wonder work worry
    worsen wound write yield abuse accrue adjudicate allot appeal assault award ban bar beat blast boycott brace breach
    chair cheer choose clash claw climb close cling collude concern consolidate convict crush cure curate cut dwarf
    downgrade dump enrich equal export extradite fall famish favour favor fend file fine foil forge forecast fuel fund
    grapple grieve groom grill halt harass haul head heal hike hit hoist hold house hug hunt hurl incarcerate infringe inhabit
    insure intercept interview jail join kneel lay leak lie light listen litigate loom lure mandate mock narrow oblige
    overrun paint patrol peak pile pin plague plead pledge plunge plummet poison prioritise probe prop prune quadruple
    rally rank rattle reap redevelop redirect rein reassure refurbish rehouse reignite relegate rename renege repatriate
    rephrase resurface reverse rip roam rock roll rule sail scale scare scatter seal sentence sequester shatter shun sideline
    sink sit skip slam slow slump smash sneak spearhead spell spin spur spy squeeze stab stall stampede starve stash steer
    sterilise stir straddle stretch strike stun submerge suppress surge sweep swap tackle tamper taper telephone tout trail
    transcend trap trample trim trump tumble twist unleash unlock uproot vacate wage warrant whip wipe wrap wreck wrestle
    outbid overwhelm reimburse rezone reclassify reschedule resell upgrade upend inundate divest relaunch rebrand re-elect
    detonate dislodge disburse enlist evict exonerate extinguish fabricate flee flout garner hail hamper headline herald
    misuse misstate mislead misrepresent oversee overspend recoup recuse sanction scrutinize siphon spar stabilize standardise
    subpoena unseat vie vindicate waive
""")
# These look like verbs but are far more often nouns ("the state", "an issue"), so alone they prove no clause.
_NOUNISH = _words("""
    amount anger audit auction brief cancel capture champion complement counter cull deposit dip discharge dispatch empty
    fare lean lease levy log nest phase police pump raid reign rival scan side speed strand tail tease tie update water
    anchor bus bail bath bundle camp cave chain click coat comb credit dance ditch dress dust export fence flock foot
    fracture glow gut hail haunt hinge hover inch ink kayak knock lap lecture mail mass mirror mould nail paper parade
    park peel pile pitch portion preview puzzle quiz rail rain repeat retail rocket row salute season shield slice
    slide smell smoke snap snow soak sound spray staff stain stake steam stretch swap tank toll top trail tunnel
    vault voyage wing yield
    access account act address advance aid aim air alarm answer approach arm arrest ask attack attempt back balance bank base
    battle benefit bet bid bill board book boost bottle bowl bomb bond box brand break bridge broadcast budget build
    burn call cap care cast cause center centre chain challenge change charge charter chart chase check circle claim
    class clean clear clock coach coat code cold command conduct conflict contest contract contrast control cook cool copy
    cost count couple course cover crack craft crash crawl credit cross crowd crown cruise cry cycle damage dance date
    dawn deal debate decay decrease deck deficit defect delay delight demand design desire detail dig direct discount display
    dispute distance dive document dock doubt draft drain drama draw dream dress drift drill drink drive drop dry
    dust ease echo edge effort end envelope escape estimate exchange excuse experience experiment extract eye face factor
    fan farm fear feature fence field fight figure film finance find finish fire fish fit fix flag flash flight float
    flood flow focus fold force form frame front function gain gamble gather gauge glance graduate ground group guard guess
    guide gun hand harbour harm hate heat hold hope hospital house host hurt impact increase influence initial interest
    interview invoice iron issue judge jump kick kiss knock label labour land last laugh lead leap leave level license
    like line link list load loan lobby lock look love machine mail man map march mark market mask mass master match matter
    measure mention mind mine mirror miss mistake mix model motion mount move murder name nature network note notice number
    object offer open order pace pack package panel park part partner pattern pause perfect permit phone photograph
    pick picture piece pilot place plan plane plant play plot poll pool port position post pound power practice praise
    present press price print prize produce profile profit program project promise proof protest purchase question race
    rain range rate ratio reach reason rebel recall record refund regret reform relay release remark rent repair
    report request research reserve rest result retail return review reward ride ring riot rise risk root rotate round
    route row ruin rumour run rush sample scheme schedule score search season seat second sense service set shape share
    shelter ship shock shop shot shout sign silence sin site slide smell smile smoke snow sound source space span spot spray
    spring staff stake stamp star start state station stay steam step stick stock storm store stream stress study
    style subject sum supply support survey surprise suspect swing switch table tag talk target task taste tax team
    tear term test time tip title top total touch tour tower toy track trade train transfer transport trap travel
    treat treasure trek trial trick trip trust try turn type use value view visit voice volunteer vote walk wall
    ward wash wave weather wheel whisper will wind witness wonder wood work worry wrong total
    document label near own place partner host sponsor object progress prospect protest rebound slip pool tweet post
    text email message video vet campaign cap credit crack cement fuel spike tower weather grant blame award hire
""")
_IRREGULARS = """
    arise arose arisen|awake awoke awoken|be was been|bear bore borne|beat beat beaten|become became become
    begin began begun|bend bent bent|bet bet bet|bid bid bid|bind bound bound|bite bit bitten|bleed bled bled
    blow blew blown|break broke broken|breed bred bred|bring brought brought|broadcast broadcast broadcast
    build built built|burst burst burst|buy bought bought|cast cast cast|catch caught caught|choose chose chosen
    cling clung clung|come came come|cost cost cost|creep crept crept|cut cut cut|deal dealt dealt|dig dug dug
    do did done|draw drew drawn|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed fed
    feel felt felt|fight fought fought|find found found|flee fled fled|fling flung flung|fly flew flown
    forbid forbade forbidden|forecast forecast forecast|foresee foresaw foreseen|forget forgot forgotten
    forgive forgave forgiven|forgo forwent forgone|freeze froze frozen|get got got|give gave given|go went gone
    grind ground ground|grow grew grown|hang hung hung|hear heard heard|hide hid hidden|hit hit hit|hold held held
    hurt hurt hurt|keep kept kept|know knew known|lay laid laid|lead led led|leap leapt leapt|learn learnt learnt
    leave left left|lend lent lent|let let let|lie lay lain|light lit lit|lose lost lost|make made made
    mean meant meant|meet met met|mislead misled misled|mistake mistook mistaken|outbid outbid outbid
    outgrow outgrew outgrown|outsell outsold outsold|overcome overcame overcome|overrun overran overrun
    oversee oversaw overseen|overtake overtook overtaken|overthrow overthrew overthrown|pay paid paid|put put put
    quit quit quit|read read read|rebuild rebuilt rebuilt|repay repaid repaid|retake retook retaken|rid rid rid
    ride rode ridden|ring rang rung|rise rose risen|rewrite rewrote rewritten|run ran run|say said said|see saw seen
    seek sought sought|sell sold sold|send sent sent|set set set|shake shook shaken|shed shed shed|shine shone shone
    shoot shot shot|show showed shown|shrink shrank shrunk|shut shut shut|sing sang sung|sink sank sunk|sit sat sat
    sleep slept slept|slide slid slid|speak spoke spoken|spell spelt spelt|spend spent spent|spin spun spun
    split split split|spread spread spread|spring sprang sprung|stand stood stood|steal stole stolen
    stick stuck stuck|strike struck struck|string strung strung|strive strove striven|swear swore sworn
    sweep swept swept|swim swam swum|swing swung swung|take took taken|teach taught taught|tear tore torn
    tell told told|think thought thought|throw threw thrown|undercut undercut undercut|undergo underwent undergone
    understand understood understood|undertake undertook undertaken|uphold upheld upheld|upset upset upset
    wake woke woken|wear wore worn|weave wove woven|weep wept wept|win won won|wind wound wound
    withdraw withdrew withdrawn|withhold withheld withheld|withstand withstood withstood|write wrote written
    overspend overspent overspent|resell resold resold|slay slew slain|sting stung stung|sow sowed sown|prove proved proven
    sew sewed sewn|swell swelled swollen|weigh weighed weighed|dwell dwelt dwelt|outdo outdid outdone|outrun outran outrun
"""
_DOUBLES = _words("""
    admit commit control drop occur plan refer stop submit transfer ban scrap slip top cut hit put set run get win sit
    swim begin forget permit equip prefer defer deter expel compel propel rebel patrol ship shop trip skip trim cap rob
    grab tap map step dip chip wrap strip swap drag rid spin let bet shut split quit dig wed fit knit pin spot plot jog
    beg hug plug bar star stir spur blur incur recur concur cancel travel label model fuel signal total channel level
    counsel rival bid flag tag slam trap cram
""")


def _third(base: str) -> str:
    if base.endswith(("s", "x", "ch", "sh", "z")) or base in ("go", "forgo", "undergo", "outdo", "veto"):
        return base + "es"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return "has" if base == "have" else base + "s"


def _past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    return base + (base[-1] if base in _DOUBLES else "") + "ed"


def _ing(base: str) -> str:
    if base in ("lie", "die", "tie", "vie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "oe")) and base != "be":
        return base[:-1] + "ing"
    return base + (base[-1] if base in _DOUBLES else "") + "ing"


_TABLE = {
    row.split()[0]: row.split()[1:]
    for line in _IRREGULARS.splitlines()
    for row in line.split("|")
    if row.split()
}

BASES = (_CLEAR | _NOUNISH | frozenset(_TABLE)) - {"be"}
BARE = BASES - _NOUNISH
"""Bases that are verbs wherever they stand after a plural."""
_THIRDS = {base: _third(base) for base in BASES}
THIRD = frozenset(_THIRDS.values())
PLURAL_NOUNS = frozenset(_THIRDS[base] for base in _NOUNISH)


def forms(base: str) -> tuple[str, ...]:
    """All forms of a verb, the base first: "deny", "denies", "denying", "denied"."""
    return base, _third(base), _ing(base), *(_TABLE[base] if base in _TABLE else (_past(base),))


@_cache
def _bases() -> dict[str, str]:
    return {form: base for base in BASES for form in forms(base)}


def lemma(form: str) -> str:
    """The base of a form of a verb: "blamed" → "blame"; of any other word, itself."""
    return _bases().get(form, form)


@_cache
def _gerunds() -> dict[str, str]:
    return {_ing(base): third for base, third in _THIRDS.items()}


def third_of(gerund: str) -> str | None:
    """ "giving" → "gives"; None for a word that is no gerund."""
    return _gerunds().get(gerund)


PAST = frozenset(past for past, _ in _TABLE.values()) - {"was", "bound", "ground", "wound", "hurt", "rid"} | {
    "hurt"
}
"""Irregular past tenses, those that are participles too among them."""
PARTICIPLES = frozenset(participle for _, participle in _TABLE.values()) | {
    "hidden",
    "born",
    "gotten",
    "proven",
}
SURE_PAST = PAST - PARTICIPLES - BASES | {"said"}
"""Past tenses that are nothing else: "took", "fell"."""
REGULAR_PAST = frozenset(_past(base) for base in BASES if base not in _TABLE)
# Words in -ed which are no verbs, or almost never the verb of a clause.
NOT_PAST = _words("""
    hundred red need speed seed feed bed shed indeed united wicked sacred naked kindred exceed proceed succeed
    so-called unprecedented unexpected aged unemployed
    supposed beloved talented breed weed creed greed deed bleed agreed-upon unwanted untreated unnamed unlimited
    biased embed medalled med fed led ted ned wed sled moped rugged ragged learned-of newlywed infrared bloodshed
    watershed homestead unfounded undisclosed unspecified undecided unaffected unpaid uninsured uncontested disabled
    hundred-and outdated long-awaited
""")
