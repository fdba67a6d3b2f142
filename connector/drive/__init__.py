"""Google Drive as a source of files."""
