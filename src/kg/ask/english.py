"""The closed words of English: what holds a sentence together, and what counts, compares, orders and denies.

Names of the field are not here: they come from the graph and its ontology.
"""

from __future__ import annotations

__all__ = ["CONNECTORS", "IDIOMS", "LIGHT", "MONTHS", "NUMBERS", "OPERATORS", "SAME", "VALUES", "YES_NO"]

# words that change nothing in what is asked
CONNECTORS = frozenset(
    """a an the of for in on at by with from to into as and that within across among under around about through via
    is are was were be been being am do does did has have had having there it its their they them these this those
    s all both each list show give tell find name me us please also currently so far use uses used using utilize utilizes
    get gets got getting run runs can could will would may might should i we you your our his her any some
    still ever already actually really exactly just only yet now today according text paper document documents
    review article say says said know known want need see reported report reports recorded described describe
    mentioned mention listed disclosed involve involves involving involved include includes including included
    were's what's whats how many much number work works working kind sort type types kinds such like one ones who
    which what whom whose when where why than then if well hit hits hitting go goes went come came
    take takes took receive receives received receiving treated treat exist exists existing made reach reached
    anything else together alone's single overall altogether total whole entire available current ongoing's
    registered's studied investigated being's test tested testing focus focuses focused focusing based aim aims aiming
    patients patient subjects subject people out seen observed happen happened occur occurred
    occurs show shows showed shown experience experienced experiences develop developed given
    employ employs employed contain contains equip equipped equips feature features featuring
    enter entered enters between while same's different's various several data there's anyone everyone
    every registered register registers hold holds look looks looking got published concerning regarding details info information
    draw draws drawn build builds built grow grows grown keep keeps kept leave leaves left put puts sit sits move moves
    moved want wants wanted start starts started end ends ended appear appears appeared stay stays stayed pair pairs
    paired join joins stand stands stood bring turn turns turned let lets add adds call calls called ask asks help helps
    start begin begins began become becomes became seem seems follow follows followed think thinks show try plan plans
    right really usually behind inside respectively whatever however also already yet very quite rather too further
    thing things something anything form forms way ways trick tricks name names named job part parts case fact point
    off onto upon toward towards against beyond beside besides per se up down away back over under again once
    please pls thanks hi hello ok question answer doing done being became having measured same similar produce produced
    produces cropped cropping followed carry-on carried-on ones each's samples sample biopsies biopsy recent recently
    applied apply applies might must shall public openly real true actual lot lots bit more's
    cell cells human humans world worldwide field landscape overall usual common commonly frequently often mostly mainly
    strongly heavily simply clearly directly specifically particular general generally respective whether because since's
    go-to behind's underway number numbers no. id ids code codes entry entries row rows table tables figure section
    alongside besides suffer suffers suffered attributed attributable slightly person persons work quit cut cutoff infused infusion infusions percentage percent proportion rate rates fraction share level levels aimed aim named pts pt
    chase chased chases deal deals dealt dealing rely relies relied relying bear bears bearing bore rank ranked
    ranking portfolio pipeline everything someone somebody anybody nobody cover covers covered covering concern
    pursue pursues pursued pursuing address addresses addressed addressing attack attacks attacking attacked
    aimed homes homing sport sports boast boasts harbor harbors harbour harbours wield wields equip possess
    enrich enriched depend depends dependent rest rests resting built build upon employ applied apply handle
    handles handled tackle tackles tackled touch touches touched ever whole instance example examples respect
    regard regards set sets setting settings context contexts case question questions chose choose chosen select
    selected selecting pick picked picks opt opted decide decided consider considered considers remain remains
    remained become continue continues continued proceed proceeds originate originates originated stems stemming
    produced arise arises arose result resulted bring brings perform performs performed performing conduct
    conducts conducting organise organised organize organized backing backed backs host hosts hosted hosting
    launches initiate initiated initiates supply supplies supplied offer offers offered provides provided
    providing contribute contributes deliver delivers delivered delivering administer administers allow allows
    allowed permit permits permitted enable enables enabled require requires required requiring serve served
    serving act acts acted acting functioned behave feature utilise utilised utilize utilized exploit exploits
    exploited leverage leverages leveraged engage engages engaged engaging associate associated associating
    relate related relates linked links connected connect connects attached fall under belong belongs belonging
    exist shared shares similar same likewise equally obtain obtains obtained obtaining achieve achieves
    achieved attaining attain attained gain gained gains win won hear heard tell told meant understand explain
    explains explained outline summarise summarize summary overview brief briefly shortly quick quickly exact
    precise precisely correct currently nowadays presently lately soon thus hence therefore though although
    unless despite besides however minus near nearly almost approximately approx roughly about circa around
    amount amounts quantity sort fashion manner mode style kindly dear folks guys team teams lookup search
    searching searched seek seeks seeking sought curious wonder wondering interested interest care cares matter
    matters wish wishes hope hopes suppose supposed possible possibly likely maybe perhaps probably certain
    certainly sure surely indeed actual entirely fully completely partly anyway somehow somewhere anywhere
    elsewhere everywhere nowhere here outfit outfits player players together jointly side sides beside
    previously latter following onwards forward main key chief important notable notably interesting specific
    various different own entire lists listing listings itself themselves himself herself
    found find finds founds possess possesses identify cite cited try tried tries trying bring brought put happen""".split()
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
    """carry carries carrying carried make makes made making express expresses expressing contain contains containing have has given give
    combined combination combinations includes incorporate incorporates""".split()
    + ["given to", "given with"]
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
