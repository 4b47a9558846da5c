"""Suite files: what a release is judged by, in one file under version control."""
