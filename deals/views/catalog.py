"""Stub until the real views arrive."""

from django.http import Http404


def catalog(request, **kwargs):
    raise Http404


def new_family(request, **kwargs):
    raise Http404


def family(request, **kwargs):
    raise Http404


def new_product(request, **kwargs):
    raise Http404


def product(request, **kwargs):
    raise Http404
