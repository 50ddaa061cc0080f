"""Flow templates: workflows a merchant takes over with one click, each written as a definition and built from it.

`definition.toml` and the one file of task ids, `task_ids.toml`, are written by hand; `manage.py build_flow_templates`
makes the rest of them (docs/flow-templates.md).
"""
