"""Open311 GeoReport v2: the same reports for clients that speak it, in XML and in JSON."""
