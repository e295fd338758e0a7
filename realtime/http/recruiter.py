"""Placeholder until its helper writes it."""

from realtime.http.routing import Routes

routes = Routes("Recruiter")
