"""Abbreviations: a full stop after one need not end a sentence."""

from claims.lang import words as _words

ABBREVIATIONS = _words("""
    mr mrs ms dr prof rev hon st sr jr gen col lt sgt capt cpl maj cllr gov sen rep pres supt insp approx est dept
    no nos vol fig figs art arts sec ch pp jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e eg ie viz cf vs v
    ltd inc co corp bros univ assn a.m p.m u.s u.k u.n e.u d.c mt ft messrs mme mlle hr
""")
BEFORE_NAMES = _words("mr mrs ms dr prof rev hon sr gen col lt sgt capt cpl maj cllr gov sen rep pres supt insp messrs "
                      "mme mlle st approx no nos vol fig vs e.g i.e eg ie viz cf")  # fmt: skip
