"""The team's web: records, bridge (the one door to the engine and its plans), queries, services, pages, api, site."""
