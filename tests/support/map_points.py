"""Texts that are not map points in London."""

INVALID_MAP_POINTS = [
    *("nan,nan", "inf,inf", "-inf,0", "1e999,0", "x", "51.47", "51.47,", ",", "51.47,-0.06,1", "[51.47,-0.06]"),
    *("48.85,2.35", "0,0", "-0.06944,51.47004", "9" * 400 + ",1", "<script>,1"),
]
