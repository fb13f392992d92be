"""The line and the counts of each request, and /metrics. walkandtalk.lib.monitoring has what knows no app."""
