"""The closed words of English: what holds a sentence together, and what counts, compares, orders and denies.

Names of the field are not here: they come from the graph and its ontology.
"""

from __future__ import annotations

__all__ = [
    "CONNECTORS",
    "IDIOMS",
    "LIGHT",
    "MONTHS",
    "NUMBERS",
    "OPERATORS",
    "ORDINALS",
    "SAME",
    "SORTS",
    "VALUES",
    "YES_NO",
]

# words that change nothing in what is asked
CONNECTORS = frozenset(
    """
    a about according achieve achieved achieves across act acted acting acts actual actually add added adding
    address addressed addresses addressing adds administer administers affected affects again against aim aimed
    aiming aims all allow allowed allows almost alongside already also although altogether am among amount amounts
    an and another answer any anybody anyone anything anyway anywhere apiece apparently appear appeared appears
    applied applies apply approx approximately are arise arises arose around article as ask asks associate
    associated associating at attached attack attacked attacking attacks attain attained attaining attributable
    attributed available away back backed backing backs based basically be bear bearing bears became because become
    becomes been began begin beginning begins behave behind being belong belonging belongs beside between beyond
    biopsies biopsy bit boast boasts bore both brief briefly bring brings brought build builds built by call called
    calls came can care cares case cell cells certain certainly chase chased chases cheers chief choose chose chosen
    circa cite cited clearly code codes come common commonly completely concern concerning conduct conducting
    conducts connect connected connects consider considered considers contain contains context contexts continue
    continued continues contribute contributes correct could counted counting cover covered covering covers cropped
    cropping curious current currently cut cutoff data deal dealing deals dealt dear decide decided definitely
    deliver delivered delivering delivers depend dependent depends describe described despite details develop
    developed did different directly disclosed do document documents does doing done down draw drawn draws each
    either else elsewhere employ employed employs enable enabled enables end ended ends engage engaged engages
    engaging enrich enriched enter entered enters entire entirely entries entry equally equip equipped equips
    essentially event events eventually ever every everyone everything everywhere exact exactly example examples
    exclusively exist existing exists experience experienced experiences explain explained explains exploit
    exploited exploits fact fall far fashion feature features featuring field figure find finds focus focused
    focuses focusing folks follow followed following follows for form forms forward found founds fraction frequently
    from fully functioned further gain gained gains general generally get gets getting give given go goes got grow
    grown grows guys had handle handled handles happen happened harbor harbors harbour harbours has have having hear
    heard heavily hello help helps hence her here herself hey hi himself his hit hits hitting hold holds homes
    homing honestly hope hopes host hosted hosting hosts how however human humans i id identify ids if important in
    include included includes including indeed info information infused infusion infusions initially initiate
    initiated initiates inside instance interest interested interesting into investigated involve involved involves
    involving is it its itself job join joins jointly just keep keeps kept key kind kindly kinds know known
    landscape lately latter launches leave leaves left let lets level levels leverage leveraged leverages like
    likely likewise linked links list listed listing listings lists literally look looking looks lookup lot lots
    made main mainly manner many matter matters may maybe me meant meanwhile measured mention mentioned might mine
    minus mode mostly move moved moves much must name named namely names near nearly need nobody normally notable
    notably now nowadays nowhere number numbers observed obtain obtained obtaining obtains obvious obviously occur
    occurred occurs of off offer offered offers often ok okay on once one ones only onto onwards openly opt opted
    organise organised organize organized originally originate originated originates other others our ours out
    outfit outfits outline over overall overview own pair paired pairs paper part particular partly parts patient
    patients people per percent percentage perform performed performing performs perhaps permit permits permitted
    person persons pick picked picks pipeline plain plainly plan plans player players please pls point portfolio
    possess possesses possible possibly precise precisely predominantly presently previously primarily probably
    proceed proceeds produce produced produces proportion provided provides providing pt pts public published pursue
    pursued pursues pursuing put puts quantity question questions quick quickly quit quite ran rank ranked ranking
    rate rates rather reach reached real really receive received receives receiving recent recently recorded regard
    regarding regardless regards register registered registers relate related relates relied relies rely relying
    remain remained remains report reported reports require required requires requiring respect respective
    respectively rest resting rests result resulted review right roughly row rows run running runs s said same
    sample samples say says se search searched searching section see seeing seek seeking seeks seem seems seen sees
    select selected selecting separately serve served serving set sets setting settings several shall share shared
    shares shortly should show showed shown shows side sides similar simply single sit sits slightly so solely some
    somebody somehow someone something somewhere soon sort sought specific specifically sport sports stand stands
    start started starts state stated states stay stayed stays stemming stems still stood stop stops strongly
    studied style subject subjects such suffer suffered suffers summarise summarize summary supplied supplies supply
    suppose supposed sure surely ta table tables tackle tackled tackles take takes team teams tell test tested
    testing text than thanks that the their theirs them themself themselves then there therefore these they thing
    things think thinks this those though through thus thx to today together told too took total touch touched
    touches toward towards treat treated trick tricks tried tries true try trying turn turned turns type types
    typically under understand underway unless up upon us use used uses using usual usually utilise utilised utilize
    utilized utilizes various very via want wanted wants was way ways we well went were what whatever whats
    whatsoever when where whereas whether which while who whoever whole whom whose why wield wields will win wish
    wishes with within won wonder wondering work working works world worldwide would yet you your yours
    """.split()
)

YES_NO = frozenset("is are does do did has have was were can isn't aren't doesn't don't didn't wasn't weren't".split())

# phrase -> what it does; the longest phrase counts
OPERATORS = {
    **dict.fromkeys(("how many", "number of", "count", "count of", "how often", "how much"), "count"),
    **dict.fromkeys(
        ("more than", "over", "above", "greater than", "exceeding", "larger than", "bigger than", "higher than", ">"),
        "greater",
    ),
    **dict.fromkeys(("less than", "fewer than", "below", "smaller than", "lower than", "<"), "less"),
    **dict.fromkeys(("at least", "minimum of", "no fewer than", "no less than", ">=", "\u2265"), "at least"),
    **dict.fromkeys(("at most", "up to", "no more than", "<=", "\u2264"), "at most"),
    **dict.fromkeys(("or more", "or higher", "or above", "or greater"), "or more"),
    **dict.fromkeys(("or fewer", "or less", "or lower", "or below"), "or fewer"),
    **dict.fromkeys(("before", "until", "prior to", "earlier than", "older than"), "before"),
    **dict.fromkeys(("after", "later than", "newer than"), "after"),
    **dict.fromkeys(("total", "sum", "sum of", "add up", "in total", "combined total", "total number of"), "sum"),
    **dict.fromkeys(("since", "starting"), "since"),
    **dict.fromkeys(("or later", "onwards", "onward"), "or later"),
    **dict.fromkeys(("or earlier",), "or earlier"),
    **dict.fromkeys(
        """not no without except excluding lacking lack lacks never neither nor non isn't aren't doesn't don't didn't
        wasn't weren't hasn't haven't cannot""".split(),
        "not",
    ),
    **dict.fromkeys(("apart from", "besides", "other than", "except for"), "not"),
    **dict.fromkeys(("rather than", "aside from", "but not"), "not"),
    **dict.fromkeys(("most", "top", "leading", "maximum number of", "greatest number of", "most often"), "most"),
    **dict.fromkeys(("most common", "most commonly", "most frequent", "most frequently", "most popular"), "most"),
    **dict.fromkeys(("highest number of", "largest number of", "commonest", "biggest number of"), "most"),
    **dict.fromkeys(("fewest", "least", "least common", "rarest", "lowest number of"), "fewest"),
    **dict.fromkeys(("highest", "largest", "biggest", "greatest", "maximum", "maximal", "best", "longest"), "highest"),
    **dict.fromkeys(("lowest", "smallest", "minimum", "minimal", "shortest", "worst"), "lowest"),
    **dict.fromkeys(("second most", "second most common", "second most popular", "second place"), "second most"),
    **dict.fromkeys(("next most", "next most common", "next most popular", "comes next"), "second most"),
    **dict.fromkeys(("comes second", "came second", "is second", "runner-up", "runner up"), "second most"),
    **dict.fromkeys(("second largest", "second biggest", "second highest"), "second highest"),
    **dict.fromkeys(("latest", "newest", "most recent", "most recently", "last", "youngest"), "latest"),
    **dict.fromkeys(("earliest", "oldest", "first", "very first"), "earliest"),
    **dict.fromkeys(("per", "for each", "by each", "each", "for every", "broken down by", "grouped by"), "per"),
    **dict.fromkeys(
        (
            "compare",
            "compared",
            "compared with",
            "compared to",
            "versus",
            "vs",
            "vs.",
            "better",
            "worse",
            "same as",
            "than",
            "commoner",
            "rarer",
            "more common",
            "less common",
            "differ",
            "differed",
            "difference",
        ),
        "compare",
    ),
    **dict.fromkeys(("more", "fewer", "less"), "more"),
    **dict.fromkeys(("or", "and/or"), "or"),
    **dict.fromkeys(("and", "as well as", "plus", "but", "along with"), "and"),
    **dict.fromkeys(
        [f"how many {noun}" for noun in "patients people subjects women men children persons individuals".split()],
        "patients",
    ),
    **dict.fromkeys(("when", "what date", "which date", "what day", "which day", "what year", "which year"), "when"),
    **dict.fromkeys(("who", "whom"), "who"),
    **dict.fromkeys(("which", "what", "whose", "whats", "what's", "where"), "which"),
}

# a way of speaking, as a pattern -> the field's words for it
IDIOMS = {
    r"(?:withdrawn|terminated|suspended)(?:,? (?:or |and )?(?:withdrawn|terminated|suspended))*": "W/T/S",
    r"grades? (\d) (?:or|and|to|-) (\d)": r"grade \1 or grade \2",
    r"(?:do|does|did)(?:n't| not) (?:disclose|reveal|specify)(?: (?:its|their|the|any))?": "undisclosed",
    r"(?:alone|solo|single(?: target)?|on (?:its|their) own)(?: or| and) "
    r"(?:together|paired|combined|dual(?: target| CAR)?|in (?:a )?(?:combination|combo))"
    r"(?: with (?:an? )?(?:anything|something|others?|another|second)(?: (?:else|targets?|antigens?))?)?": "",
    r"(which|what) tumou?rs?(?! types?)": r"\1 disease",
    "grays?": "Gy",
    r"fold[- ]increases?": "fold",
    r"ph ?([1-3])": r"phase \1",
    r"(?:lived|lives?|living) longer": "overall survival better",
    r"american?s?": "U.S.",
    r"(?:in|into) (?:a|the) vein": "intravenous",
    r"under the skin": "subcutaneous",
    r"into the (?:brain|skull)": "intracranial",
    r"(?:drove|drives?|driving) up": "increased",
    r"histolog(?:y|ies)": "diseases",
    r", (?:whether|be it|be they) [^?,]*": "",
    r"whatever (?:the )?\w+": "",
    r"(?:solid or (?:blood|hematologic|heme)|(?:blood|hematologic|heme) or solid)(?= *(?:,|\?|$))": "",
    r"(?:from when (?:to|until) when|between which (?:months|dates|years))": "enrolled from and enrolled until",
    r"of the \d+ (?=\S+(?: \S+)? (?:patients|people|subjects)\b)": "of the ",
    r"the USA?": "the U.S.",
    r"united states(?: of america)?": "U.S.",
    "zero": "0",
    r"(?:go|goes|going|went) after": "target",
    r"first[- ]in[- ]human": "",
    r"how (?:low|high|long)": "how",
    r"costim": "costimulatory",
    r"combos?": "combination",
    r"(?:,|and)? (?:counting|including) (?:the )?\w+(?:[- ]\w+)? ones?": "",
    r"(?:,|and) (?:\w+[- ]){1,3}ones included": "",
    r"(\w+) subtypes?": r"\1 types",
    "heme": "hematologic",
    "went up": "increased",
    "go up": "increased",
    "goes up": "increased",
    "went down": "decreased",
    "go down": "decreased",
    "look better": "efficacy better",
    "do better": "efficacy better",
    "did better": "efficacy better",
    "fared better": "efficacy better",
    "dual target": "more than 1 target",
    "dual-target": "more than 1 target",
    "multi-target": "more than 1 target",
    "in development": "development status",
    r"tumou?r types?": "cancer types",
    "on top of": "with",
    "something other than": "other than",
    "more than half": "more than 50",
    "over half": "more than 50",
    "drug-related": "treatment-related",
    "drug related": "treatment-related",
    "at first": "",
    "how big": "",
    "how large": "",
    "work better": "efficacy better",
    "worked better": "efficacy better",
    "work best": "efficacy better",
    "how effective": "efficacy",
    "not only": "",
    "not just": "",
    "blood cancer": "hematologic cancer",
    "blood cancers": "hematologic cancer",
    "by itself": "alone",
    "on its own": "alone",
    "as a single agent": "alone",
    "nr of": "number of",
    "anti drug": "anti-drug",
}
ORDINALS = frozenset("first second third fourth fifth sixth".split())
SORTS = frozenset("type types kind kinds entity entities subtypes".split())
# verbs that say no more than that two things belong together
LIGHT = frozenset(
    [
        "given to",
        "given with",
        *"""carry carries carrying carried make makes made making express expresses expressing contain contains
        containing have has given give combined combination combinations includes incorporate incorporates""".split(),
    ]
)
# the same said of a treatment, in the words of documents
SAME = {"alone": ("alone", "monotherapy", "single agent")}

# a value of the ontology's literal properties -> other words for it
VALUES = {
    ">=3": [
        "grade 3 or worse",
        "grade 3 or higher",
        "grade 3 or more",
        "grade 3 and higher",
        "grade 3 and above",
        "grade 3 plus",
    ],
    "3-5": [
        "grade 3 or worse",
        "grade 3 or higher",
        "grade 3 or more",
        "grade 3 and higher",
        "grade 3 and above",
        "severe",
    ],
    "increased": [
        "increase",
        "increases",
        "rise",
        "rises",
        "rose",
        "risen",
        "raise",
        "raised",
        "raises",
        "upregulated",
        "elevated",
        "grew",
        "higher",
        "enhanced",
        "boost",
        "boosts",
        "boosted",
        "climbed",
    ],
    "decreased": [
        "decrease",
        "decreases",
        "fall",
        "falls",
        "fell",
        "fallen",
        "downregulated",
        "reduced",
        "dropped",
        "lower",
        "declined",
        "shrank",
    ],
    "unchanged": ["unaltered", "constant", "stable"],
    "lymphodepletion": [
        "conditioning",
        "preconditioning",
        "lymphodepleting",
        "lymphodepleted",
        "conditioned",
        "conditioning chemo",
        "conditioning chemotherapy",
        "lymphodepleting chemotherapy",
        "conditioning regimen",
        "lymphodepletion regimen",
        "lymphodepleting regimen",
    ],
    "combination": ["combined"],
    "intravenous": ["iv", "intravenously"],
    "subcutaneous": ["subcutaneously", "sc"],
    "intrathecal": ["intrathecally"],
    "intraperitoneal": ["intraperitoneally", "ip"],
    "tumor": ["tumors", "tumour", "tumours", "intratumoral"],
    "blood": ["peripheral", "circulation", "circulating"],
    "treatment-related": ["related", "trae"],
    "treatment-emergent": ["emergent", "teae"],
    "company": ["companies", "corporate", "industry", "industrial", "commercial"],
}

NUMBERS = dict(
    zip("one two three four five six seven eight nine ten twelve twenty".split(), [*range(1, 11), 12, 20], strict=True)
)
MONTHS = dict(
    zip(
        "january february march april may june july august september october november december".split(),
        range(1, 13),
        strict=True,
    )
)
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
