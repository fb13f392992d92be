"""What operators install for monitoring: it is well-formed, fires when it should, and names metrics that we have."""

import json
import re
import shutil
import subprocess

import pytest
import yaml
from django.conf import settings
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from figures.tallies.jobs import count_figures
from outbox.health import HELP
from outbox.models import Heartbeat, JobRun
from walkandtalk.lib.monitoring.metrics import QUERY_ERRORS
from walkandtalk.monitoring.metrics import all_metrics

DEPLOY = settings.BASE_DIR / "deploy"
RULES, RULES_TEST = DEPLOY / "prometheus" / "alerts.yml", DEPLOY / "prometheus" / "alerts_test.yml"
DASHBOARD = json.loads((DEPLOY / "grafana" / "walkandtalk.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
METRIC = re.compile(r"\b(?:outbox|walkandtalk)_\w+")

promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool, from Debian's prometheus")


def alerts():
    (group,) = yaml.safe_load(RULES.read_text())["groups"]
    return group["rules"]


def run_promtool(*arguments):
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@promtool
def test_prometheus_accepts_the_configuration_and_the_rules():
    run_promtool("check", "config", "--syntax-only", str(DEPLOY / "prometheus" / "prometheus.yml"))
    run_promtool("check", "rules", str(RULES))


@promtool
def test_alerts_fire_when_they_should_and_not_before():
    run_promtool("test", "rules", str(RULES_TEST))


def test_each_alert_is_seen_firing():
    named = re.findall(r'alertname="(\w+)"', RULES_TEST.read_text())

    assert {alert["alert"] for alert in alerts()} == set(named)


def test_each_alert_says_what_happened_and_what_to_do():
    """tests/test_project.py looks for headings only in Markdown, so this looks for those of the rules."""
    headings = re.findall(r"^#+ (.+)$", (settings.BASE_DIR / "docs" / "monitoring.md").read_text(), re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    for alert in alerts():
        page, _, anchor = alert["annotations"]["what_to_do"].partition("#")
        assert alert["annotations"]["summary"].endswith(".")
        assert alert["labels"]["severity"] in ("page", "ticket")
        assert (page, anchor in anchors) == ("docs/monitoring.md", True), alert["alert"]


def shown(client):
    """Return the names that our metrics page shows when every part has something to say."""
    now = timezone.now()
    for name in ("worker", "loop"):
        Heartbeat.objects.create(name=name, at=now)
    JobRun.objects.create(job="bookings.scheduling.jobs.expire_offers", succeeded_at=now)
    QUERY_ERRORS.labels("timeout")
    count_figures(now)
    client.get("/healthz")
    families = text_string_to_metric_families(all_metrics().decode())
    return {sample.name for family in families for sample in family.samples} | {f"outbox_{name}" for name in HELP}


@pytest.mark.django_db
def test_rules_and_dashboard_name_only_metrics_that_we_have_and_all_of_them(client, southwark):
    names = shown(client)
    used = {"alerts.yml": METRIC.findall(" ".join(alert["expr"] for alert in alerts()))}
    used["dashboard"] = METRIC.findall(" ".join(target["expr"] for panel in PANELS for target in panel["targets"]))

    for where, found in used.items():
        assert set(found) - names == set(), where
        assert len(set(found)) > 10
    everything = names - set(used["alerts.yml"]) - set(used["dashboard"])
    assert {name for name in everything if not name.endswith("_created")} == set()


@promtool
def test_dashboard_queries_are_promql(tmp_path):
    """promtool 2.42 parses expressions only as rules."""
    expressions = [target["expr"] for panel in PANELS for target in panel["targets"]]
    rules = [{"record": f"panel:{number}", "expr": text} for number, text in enumerate(expressions)]
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))

    run_promtool("check", "rules", str(tmp_path / "rules.yml"))


def test_dashboard_has_no_two_panels_in_one_place():
    places = [
        (x, y)
        for panel in DASHBOARD["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert len(places) == len(set(places))
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert all(panel["title"] and panel["description"] for panel in PANELS)
