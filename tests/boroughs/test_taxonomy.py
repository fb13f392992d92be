from boroughs import taxonomy


def test_kinds_are_19_in_five_groups():
    groups = [kind.group for kind in taxonomy.kinds().values()]

    assert len(groups) == 19
    assert set(groups) == set(taxonomy.GROUPS)


def test_label_of_an_unknown_kind_is_its_code():
    assert taxonomy.label("lighting") == "Too dark, or lights not working"
    assert taxonomy.label("") == "A good spot"
    assert taxonomy.label("moonlight") == "moonlight"
