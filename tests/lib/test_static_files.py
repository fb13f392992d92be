"""Scripts that import a module name it with the hash of its content."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from walkandtalk.lib.static_files import HashedStaticFiles


def test_script_imports_its_module_by_hash(tmp_path):
    shutil.copytree(Path(settings.BASE_DIR) / "static" / "vendor", tmp_path / "vendor")
    shutil.copy(Path(settings.BASE_DIR) / "static" / "app.js", tmp_path)
    files = FileSystemStorage(tmp_path)
    storage = HashedStaticFiles(location=tmp_path, base_url="/static/")

    processed = list(storage.post_process({name: (files, name) for name in ("app.js", "vendor/components.js")}))

    module = Path(storage.stored_name("vendor/components.js")).name
    script = (tmp_path / storage.stored_name("app.js")).read_text()
    assert processed
    assert module != "components.js"
    assert f'from "./vendor/{module}"' in script
