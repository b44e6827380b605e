"""The town's own form: a report in five short steps, each a page that needs no script."""
