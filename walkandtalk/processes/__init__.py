"""Programs of single processes: the worker of gunicorn, and the health checks of containers."""
