"""Language tags (BCP 47, RFC 5646), as sources write them → as a document may carry them. Pure, standard library only.

A feed validator knows the languages of ISO 639-1 and 639-2; a tag of another one is an error to it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

# A language's code of two letters, then those of three (ISO 639-2 T and B) that mean the same.
_TWO = """
aa aar|ab abk|ae ave|af afr|ak aka|am amh|an arg|ar ara|as asm|av ava|ay aym|az aze|ba bak|be bel|bg bul|bh bih|bi bis|
bm bam|bn ben|bo bod tib|br bre|bs bos|ca cat|ce che|ch cha|co cos|cr cre|cs ces cze|cu chu|cv chv|cy cym wel|da dan|
de deu ger|dv div|dz dzo|ee ewe|el ell gre|en eng|eo epo|es spa|et est|eu eus baq|fa fas per|ff ful|fi fin|fj fij|
fo fao|fr fra fre|fy fry|ga gle|gd gla|gl glg|gn grn|gu guj|gv glv|ha hau|he heb iw|hi hin|ho hmo|hr hrv|ht hat|hu hun|
hy hye arm|hz her|ia ina|id ind in|ie ile|ig ibo|ii iii|ik ipk|io ido|is isl ice|it ita|iu iku|ja jpn|jv jav jw|
ka kat geo|kg kon|ki kik|kj kua|kk kaz|kl kal|km khm|kn kan|ko kor|kr kau|ks kas|ku kur ckb kmr|kv kom|kw cor|ky kir|
la lat|lb ltz|lg lug|li lim|ln lin|lo lao|lt lit|lu lub|lv lav|mg mlg|mh mah|mi mri mao|mk mkd mac|ml mal|mn mon|
mr mar|ms msa may|mt mlt|my mya bur|na nau|nb nob|nd nde|ne nep|ng ndo|nl nld dut|nn nno|no nor|nr nbl|nv nav|ny nya|
oc oci|oj oji|om orm|or ori|os oss|pa pan|pi pli|pl pol|ps pus|pt por|qu que|rm roh|rn run|ro ron rum mo mol|ru rus|
rw kin|sa san|sc srd|sd snd|se sme|sg sag|si sin|sk slk slo|sl slv|sm smo|sn sna|so som|sq sqi alb|sr srp|ss ssw|
st sot|su sun|sv swe|sw swa|ta tam|te tel|tg tgk|th tha|ti tir|tk tuk|tl tgl|tn tsn|to ton|tr tur|ts tso|tt tat|tw twi|
ty tah|ug uig|uk ukr|ur urd|uz uzb|ve ven|vi vie|vo vol|wa wln|wo wol|xh xho|yi yid ji|yo yor|za zha|zh zho chi cmn|
zu zul
"""
_THREE = """
ace ach ada ady ain akk ale alt ang anp arc arn arp arw ast awa bal ban bas bej bem bho bik bin bla bra bua bug byn car
ceb chb chg chk chm chn cho chp chr chy cop crh csb dak dar del den dgr din doi dsb dua dum dyu efi egy eka elx enm ewo
fan fat fil fon frm fro frr frs fur gaa gay gba gez gil gmh goh gon gor got grb grc gsw gwi hai haw hil hit hmn hsb hup
iba ilo inh jbo jpr jrb kaa kab kac kam kaw kbd kha kho kmb kok kos kpe krc krl kru kum kut lad lah lam lez lol loz lua
lui lun luo lus mad mag mai mak man mas mdf mdr men mga mic min mnc mni moh mos mus mwl mwr myv nap nds new nia niu nog
non nso nwc nym nyn nyo nzi osa ota pag pal pam pap pau peo phn pon pro raj rap rar rom rup sad sah sam sas sat scn sco
sel sga shn sid sma smj smn sms snk sog srn srr suk sus sux syr tem ter tet tig tiv tkl tlh tli tmh tog tpi tsi tum tvl
tyv udm uga umb vai vot wal war was xal yao yap zap zen zun
"""
_LANGUAGES = {code: codes[0] for line in _TWO.split("|") if (codes := line.split()) for code in codes} | {
    code: code for code in _THREE.split()
}
# Tags from before there was a rule (RFC 5646 section 2.2.8), and languages that a validator knows by their family.
_WHOLE = {
    "i-hak": "zh-hak", "i-klingon": "tlh", "i-lux": "lb", "i-navajo": "nv", "no-bok": "nb", "no-nyn": "nn",
    "zh-guoyu": "zh", "zh-hakka": "zh-hak", "zh-min-nan": "zh-nan", "zh-xiang": "zh-hsn", "art-lojban": "jbo",
    "en-gb-oed": "en-GB-oxendict", "sh": "sr-Latn", "yue": "zh-yue", "nan": "zh-nan", "hak": "zh-hak", "wuu": "zh-wuu",
}  # fmt: skip
_WORDS = {
    "deutsch": "de", "german": "de", "englisch": "en", "english": "en", "french": "fr", "francais": "fr",
    "français": "fr", "spanish": "es", "español": "es", "italian": "it", "italiano": "it", "dutch": "nl",
    "nederlands": "nl", "polish": "pl", "polski": "pl", "portuguese": "pt", "português": "pt",
}  # fmt: skip
_EXTENDED = {"ar", "ms", "sw", "uz", "zh"}  # languages that have others within them
_LONGEST_LIST = 200  # characters
_LONGEST = 35  # characters of one tag (RFC 5646 section 4.4.1)
_LOCALE = re.compile(r"[.@].*")  # de_DE.UTF-8, de_DE@euro
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?P<extended>(?:-[a-z]{3}(?![a-z0-9])){0,3})(?:-(?P<script>[a-z]{4})(?![a-z0-9]))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3})(?![a-z0-9]))?(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3})(?![a-z0-9]))*)"
    r"(?P<others>(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?)"
)


@lru_cache(maxsize=1000)  # each entry of a feed states its language a few times over
def tag(stated: str | None) -> str | None:
    """The first language that is named, its tag as BCP 47 writes it (`zh-Hant-TW`); None where none is that we know.

    `en_US` is `en-US`, `deu` is `de`. What cannot stand behind the language in a tag is left out with all after it.
    """
    return next(filter(None, map(_one, re.split(r"[,;/|\s]+", (stated or "")[:_LONGEST_LIST]))), None)


def first(stated: Iterable[str | None]) -> str | None:
    """The first of several that is the tag of a language."""
    return next(filter(None, map(tag, stated)), None)


def _one(named: str) -> str | None:
    folded = _LOCALE.sub("", named).replace("_", "-").lower()[:_LONGEST]
    folded = _WORDS.get(folded, folded)
    if folded in _WHOLE:
        return _WHOLE[folded]
    language, hyphen, rest = folded.partition("-")
    said = _TAG.match(_WHOLE.get(language, language).lower() + hyphen + rest)
    code = _LANGUAGES.get(said["language"]) if said else None
    if not said or code is None or said.string[said.end("language") :][:1] not in ("", "-"):
        return None
    if said["extended"] and code not in _EXTENDED:
        return code
    variants = dict.fromkeys(said["variants"].split("-")[1:])
    parts = [code + said["extended"], (said["script"] or "").title(), (said["region"] or "").upper(), *variants]
    return "-".join(filter(None, parts)) + said["others"]
