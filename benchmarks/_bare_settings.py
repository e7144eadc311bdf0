"""The product's settings with one address more: the bare view that a page is held against."""

from quotum.web.site.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks._bare_urls"
