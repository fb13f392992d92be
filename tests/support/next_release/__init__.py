"""An app whose migrations stand for those of the next release. Tests add it to INSTALLED_APPS."""
