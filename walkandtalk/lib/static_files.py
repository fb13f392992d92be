"""Static files under names with the hash of their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # the package has no types
    """Hash the names of imported modules too, so that a browser never joins a new script to an old module.

    Only an import that ends with a semicolon is seen.
    """

    support_js_module_import_aggregation = True
