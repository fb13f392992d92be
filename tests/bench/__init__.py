import os

os.environ["STATEMENT_SECONDS"] = "0"  # filling a table takes minutes
