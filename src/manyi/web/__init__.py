"""Pages: access declarations, layout, charts and static files shared by all stages."""
