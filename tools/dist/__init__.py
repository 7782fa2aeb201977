"""What people download: a zip per platform that holds the provider and a Python of its own, so that
neither Terraform Cloud nor a pipeline installs anything.

    runtime.py    an interpreter that starts wherever its folder is put
    windows.py    the same on Windows, with executables that no compiler made
    packages.py   what the provider imports, and nothing else
    bundle.py     the folder that Terraform unpacks: the two above, and the executables
    release.py    the zip, its manifest, checksums, signature and bill of materials
"""
