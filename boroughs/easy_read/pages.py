"""The Easy Read pages, in the order of the index."""

from boroughs.easy_read.how_it_works import HOW_IT_WORKS
from boroughs.easy_read.staying_safe import STAYING_SAFE
from boroughs.easy_read.what_you_say import WHAT_YOU_SAY

PAGES = {page.slug: page for page in (HOW_IT_WORKS, STAYING_SAFE, WHAT_YOU_SAY)}
