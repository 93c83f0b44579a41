"""The furniture around an article: bylines, credits, invitations to subscribe."""

from claims.lang import words as _words

BYLINE_STARTS = ("by", "words by", "written by", "story by", "reporting by", "report by", "from our")
JOBS = _words("""
    writer reporter editor correspondent journalist author contributor columnist freelance freelancer producer
    staff photographer blogger analyst researcher critic
""")
CREDIT_STARTS = _words("image images photo photos photograph photographs picture pictures illustration credit credits "
                       "video graphic graphics copyright pic main-image")  # fmt: skip
AGENCIES = ("shutterstock", "getty images", "getty", "istock", "alamy", "unsplash", "pexels", "pixabay", "flickr",
            "ap photo", "wikimedia commons", "pa media", "pa wire", "pa images", "rex features", "epa", "afp")  # fmt: skip
FURNITURE = ("all rights reserved", "sign up for", "sign up to", "subscribe to", "follow us on", "read more:",
             "read more about", "related:", "click here", "share this", "advertisement", "©", "read next")  # fmt: skip
