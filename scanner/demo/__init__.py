"""The main job on an invented company, start to finish."""
