"""The furniture around an article: bylines, credits, buttons, and what asks the reader to do something."""

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
# A block that is one of these and nothing else.
BUTTONS = frozenset("""
    share|tweet|print|save|comment|comments|reply|report|like|email|copy link|link copied|facebook|twitter|x|whatsapp|linkedin
    reddit|pinterest|messenger|telegram|bluesky|threads|flipboard|pocket|rss|advertisement|advertisements|ad|ads|sponsored
    sponsored content|trending|trending now|most read|most popular|most viewed|popular|recommended|recommended for you|related
    related articles|related stories|related content|related topics|related news|related links|more|read more|more stories
    more news|more on this story|more on this topic|see more|show more|load more|view all|see all|latest|latest news|top stories
    next|previous|next article|previous article|next story|previous story|up next|read next|back to top|skip to content
    skip to main content|menu|search|log in|login|sign in|sign up|subscribe|subscribe now|register|donate|donate now|topics|tags
    share this article|share this story|share this page|share this|share options|share article|sharing|play|play video|watch
    watch now|listen|listen now|listen to this article|gallery|view gallery|close|cancel|loading|home|newsletter|newsletters
    follow|follow us|following|about the author|about us|contact us|terms of use|terms and conditions|terms of service
    privacy policy|cookie policy|privacy|cookies|accept cookies|accept all|accept all cookies|manage cookies|view comments
    show comments|leave a comment|post a comment|add a comment|join the conversation|join the discussion|have your say
    editor's picks|editors' picks|you may also like|you might also like|what to read next|don't miss|become a member|support us
    download our app|story continues below|article continues below|continue reading|scroll to continue|in this article
    image source|getty images|this video can not be played|skip advertisement|from our partners|promoted|keep reading
""".replace("\n", "|").replace("    ", "").strip("|").split("|"))  # fmt: skip
# A short block that begins like one of these (regular expressions, in small letters).
FURNITURE = (
    r"sign up (?:for|to|now|today|here|below)\b", r"subscribe (?:to|now|today|here|for)\b", r"click here\b", r"©", r"\(c\) ?\d{4}",
    r"copyright (?:©|\d{4})", r"all rights reserved", r"advertisement ?[-–—:]", r"share (?:this|on|via)\b",
    r"(?:read|see|watch|listen)(?: more| also| next)? ?: ", r"(?:also read|see also|related|more on this|tags?|topics?|filed under)(?: \w+)? ?: ",
    r"more (?:from|on|about) (?:the |our )?[\w ]{1,30}$", r"read (?:more (?:about|on|from|at|here|stories|news)|the full (?:story|article|report))\b", r"sources?: ",
    r"we use cookies", r"(?:this|our) (?:web)?site uses cookies", r"by (?:continuing|clicking)\b.*\b(?:agree|accept)",
    r"\(?(?:additional |further |with )?(?:reporting|editing|writing|research|translation|compiled|graphics?|production) by\b",
    r"with (?:files|reporting|additional reporting|contributions) (?:from|by)\b", r".{1,80} contributed (?:reporting )?to this (?:report|story|article)",
    r"(?:you can )?follow .{1,60}\bon (?:twitter|x|facebook|instagram|linkedin|youtube|tiktok|bluesky|mastodon|threads|social media)\b",
    r"(?:contact|e-?mail|tips|got a|have (?:a|you)|do you have|if you have|send)\b.{0,120}\S@\S+\.\w",
    r"(?:what do you think\?|have your say|let us know|tell us (?:what|your)|share your|join the (?:conversation|debate|discussion)|leave a comment)",
    r"support (?:our|us|independent|quality)\b", r"(?:download|get) (?:the|our) .{0,30}\bapp\b", r"become a (?:member|subscriber|supporter)\b",
    r"enjoy(?:ed|ing)? (?:this|our)\b", r"image source, ", r"(?:you have|this is) .{0,30}\bfree articles?\b", r"already a (?:subscriber|member)",
)  # fmt: skip
# What the article says about its own making, unless it corrects itself: a correction is content.
ABOUT_ITSELF = (r"this (?:article|story|piece|post|page|content)\b.{0,40}\b(?:was|has been|is|will be) "
                r"(?:last |first |originally |also |being )?(?:updated|published|produced|republished|syndicated|supplied|provided|adapted"
                r"|translated|reprinted)\b")  # fmt: skip
CORRECTING = r"\b(?:correct|error|erroneous|wrong|mistake|mistaken|earlier version|previously (?:said|stated)|misstated|amended|clarif)"
COUNTERS = (r"[\d.,]+ ?k? (?:comments?|shares?|likes?|views?|reactions?|replies|retweets|followers)|comments? ?\(?[\d,]*\)?"
            r"|share(?: this)?:?")  # fmt: skip
