"""The one door to the engine: the database's tables as a company, plans and reviews as folders, findings as data."""
