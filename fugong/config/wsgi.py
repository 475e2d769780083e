"""What granian serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.config.settings")
os.environ.setdefault("FUGONG_ROLE", "web")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
