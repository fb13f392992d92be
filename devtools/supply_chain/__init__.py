"""Lists everything in this service that others made: packages, vendored files and data, with their licences."""
