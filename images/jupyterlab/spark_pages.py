"""Spark's pages below JupyterLab's own address, for browsers that are signed in to JupyterLab."""

import functools
import urllib.parse

from jupyter_server.base.handlers import JupyterHandler
from tornado import httpclient, web

SERVERS = {"ui": "http://spark-master:8080", "history-server": "http://history-server:18080"}

# Request headers that Spark reads. Cookies and the token stay here: any notebook can put a page of its own behind the master.
PASSED = ("Accept", "Accept-Encoding", "Accept-Language", "If-Modified-Since")
# Response headers that Tornado writes itself, and cookies, which no page of Spark sets.
OWN = ("connection", "date", "keep-alive", "server", "set-cookie", "transfer-encoding")


@functools.cache
def client():
    return httpclient.AsyncHTTPClient(force_instance=True, max_clients=100, max_body_size=1 << 40)


def without_token(query):
    """A query without the parameter by which JupyterLab signs a browser in."""
    return "&".join(each for each in query.split("&") if not each.startswith("token="))


def moved(location, prefix):
    """A redirect's target as the browser has to request it. Spark redirects to its own host, with or without the prefix."""
    parts = urllib.parse.urlsplit(location)
    path = parts.path if parts.path.startswith(f"{prefix}/") else prefix + parts.path
    return urllib.parse.urlunsplit(("", "", path, parts.query, parts.fragment))


class SparkPage(JupyterHandler):
    """Passes pages of one of the servers through. It passes no POST, with which pages end applications and jobs."""

    @web.authenticated
    async def get(self, server, path):
        prefix = self.base_url + server
        if not path:
            self.redirect(f"{prefix}/")  # the pages have relative links
            return
        # The path as the browser sent it: Tornado has decoded the argument.
        url = SERVERS[server] + self.request.path.removeprefix(prefix)
        query = without_token(self.request.query)
        request = httpclient.HTTPRequest(
            f"{url}?{query}" if query else url,
            method=self.request.method,
            # The history server's links begin with the context. Master, workers and drivers have the setting reverseProxyUrl.
            headers={"X-Forwarded-Context": prefix}
            | {name: self.request.headers[name] for name in PASSED if name in self.request.headers},
            follow_redirects=False,
            decompress_response=False,
            request_timeout=3600,
            header_callback=lambda line: self.received(line.strip(), prefix),
            streaming_callback=self.write_part,
        )
        try:
            await client().fetch(request, raise_error=False)
        except (OSError, httpclient.HTTPClientError) as error:
            raise web.HTTPError(502, f"{server} does not respond") from error

    head = get

    def received(self, line, prefix):
        """Takes a line of the response's head."""
        if line.startswith("HTTP/"):
            self.set_status(int(line.split()[1]))
            return
        name, _, value = line.partition(":")
        if name and name.lower() not in OWN:
            self.set_header(name, moved(value.strip(), prefix) if name.lower() == "location" else value.strip())

    def write_part(self, part):
        self.write(part)
        return self.flush()  # the next part is read when this one is sent

    def compute_etag(self):
        return None


default_handlers = [(rf"/({'|'.join(SERVERS)})(/.*)?", SparkPage)]
