"""The closed words of English: what holds a sentence together, and what counts, compares, orders and denies.

Names of the field are not here: they come from the graph and its ontology.
"""

from __future__ import annotations

__all__ = ["CONNECTORS", "IDIOMS", "LIGHT", "MONTHS", "NUMBERS", "OPERATORS", "SAME", "VALUES", "YES_NO"]

# words that change nothing in what is asked, in any of their forms
CONNECTORS = frozenset(
    """
    a about according achieve across act actual actually add address administer again against aim all allow
    almost alone's alongside already also although altogether am among amount an and answer any anybody anyone
    anything anyway anywhere appear apply approx approximately are arise arose around article as ask associate
    at attached attack attain attributable attributed available away back based be bear became because become
    been began begin behave behind behind's being's belong beside between beyond biopsy bit boast bore both
    brief briefly bring brings brought build built by call came can care carried-on carry-on case cell certain
    certainly chase chief choose chose chosen circa cite clearly code come common commonly completely concern
    conduct connect consider contain context continue contribute correct could cover cropped curious current
    currently cut cutoff data deal dealt dear decide deliver depend dependent describe despite details develop
    did different different's directly disclosed do document done down draw drawn each each's else elsewhere
    employ enable end engage enrich enter entire entirely entry equally equip equipped ever every everyone
    everything everywhere exact exactly example exist experience explain exploit fact fall far fashion feature
    field figure find focus focused folks follow for form forward found fraction frequently from fully
    functioned further gain general generally get getting give given go go-to got grow grown guys had handle
    happen harbor harbour has have hear heard heavily hello help hence her herself hi himself his hit hitting
    hold homes hope host how however human i id identify ids if important in include indeed info information
    infused infusion initiate inside instance interest into investigated involve is it its itself job join
    jointly just keep kept key kind kindly know known landscape lately latter launches leave left let level
    leverage like likely likewise links list listings look lookup lot made main mainly manner many matter may
    maybe me meant measured mention might minus mode more's mostly move much must name near nearly need no.
    nobody notable notably now nowadays nowhere number observed obtain occur occurred of off offer often ok on
    once one ongoing's only onto onwards openly opt organise organize originate our out outfit outline over
    overall overview own pair paper part particular partly patient people per percent percentage perform perhaps
    permit permitted person pick pipeline plan player please pls point portfolio possess possible possibly
    precise precisely presently previously probably proceed proceeds produce proportion provided pt pts public
    published pursue put quantity question quick quickly quit rank rate rather reach real really receive recent
    recently recorded regard register registered's relate rely remain report require respect respective
    respectively rest result review right roughly row run s said same same's sample say se search section see
    seek seem seen select serve set setting settings several shall share shortly should show shown side similar
    simply since's single sit slightly so some somebody somehow someone something somewhere soon sort sought
    specific specifically sport stand start stay stemming stems still stood strongly studied style subject such
    suffer summarise summarize summary supply suppose sure surely table tackle take team tell test text than
    thanks that the their them themselves then there there's therefore these they thing things think this those
    though through thus to today together told too took total touch toward treat trick true try turn type under
    understand underway unless up upon us use usual usually utilise utilize various very via want was way we
    well went were were's what what's whatever when where whether which while who whole whom whose why wield
    will win wish with within won wonder work world worldwide would yet you your
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
    **dict.fromkeys(("apart from", "other than", "except for", "rather than", "aside from", "but not"), "not"),
    **dict.fromkeys(("most", "top", "leading", "maximum number of", "greatest number of", "most often"), "most"),
    **dict.fromkeys(("most common", "most commonly", "most frequent", "most frequently", "most popular"), "most"),
    **dict.fromkeys(("highest number of", "largest number of", "commonest", "biggest number of"), "most"),
    **dict.fromkeys(("fewest", "least", "least common", "rarest", "lowest number of"), "fewest"),
    **dict.fromkeys(("highest", "largest", "biggest", "greatest", "maximum", "maximal", "best", "longest"), "highest"),
    **dict.fromkeys(("lowest", "smallest", "minimum", "minimal", "shortest", "worst"), "lowest"),
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

# a way of speaking -> the field's words for it
IDIOMS = {
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
# verbs that say no more than that two things belong together
LIGHT = frozenset(
    [
        "given to",
        "given with",
        *"""carry carries carrying carried make makes made making express expresses expressing contain contains containing
        have has given give combined combination combinations includes incorporate incorporates""".split(),
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
        "boosted",
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
