"""Settings by component, URLs, WSGI, the console command, the database that is found or embedded."""
