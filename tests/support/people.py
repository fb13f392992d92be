"""People and places that the fixtures and the world share."""

from boroughs.models.officers import Officer, Rank
from tests.support.factories import BCUFactory, BoroughFactory, InspectorFactory, OfficerFactory

NO_BCU = {"bcu": None, "shoulder_number": "", "leads_walks": False}


def make_camden():
    """Make a borough of a BCU other than Southwark's."""
    central_north = BCUFactory(code="CN", name="Central North")
    return BoroughFactory(gss="E09000007", slug="camden", name="Camden", bcu=central_north)


def make_inspector(bcu):
    return InspectorFactory(bcu=bcu, name="Ines Inspector")


def make_officer(bcu):
    return OfficerFactory(bcu=bcu, name="Olive Officer", shoulder_number="11AS")


def make_second_officer(bcu):
    return OfficerFactory(bcu=bcu, name="Petra Partner", shoulder_number="12AS")


def make_stranger(bcu):
    """Make an inspector of another BCU."""
    return InspectorFactory(bcu=bcu, name="Stella Stranger")


def make_lead():
    return OfficerFactory(role=Officer.Role.LEAD, rank=Rank.SUPERINTENDENT, name="Lea Lead", **NO_BCU)


def make_administrator():
    return OfficerFactory(role=Officer.Role.ADMINISTRATOR, name="Anna Administrator", **NO_BCU)


def make_control_room():
    return OfficerFactory(role=Officer.Role.CONTROL_ROOM, name="Carla Control", **NO_BCU)


def make_auditor():
    return OfficerFactory(role=Officer.Role.AUDITOR, name="Ada Auditor", **NO_BCU)
