"""The Easy Read pages by the end of their address. Each is made anew, because numbers in it come from settings and rows."""

from boroughs.easy_read.how_it_works import how_it_works
from boroughs.easy_read.staying_safe import staying_safe
from boroughs.easy_read.what_you_say import what_you_say

PAGES = {"how-it-works": how_it_works, "staying-safe": staying_safe, "what-you-say": what_you_say}
