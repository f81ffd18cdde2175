"""The address of a session's pages: through the master, because browsers do not reach the driver itself."""


def page_of(context):
    """The address of a Java SparkContext's page for a browser, through the master; None if the master does not have the page."""
    proxy = context.conf().get("spark.ui.reverseProxyUrl", "")
    if not proxy or not context.master().startswith("spark://") or context.ui().isEmpty():
        return None
    return f"{proxy.rstrip('/')}/proxy/{context.applicationId()}"


def load(pyspark):
    context = pyspark.SparkContext
    own_address = context.uiWebUrl
    context.uiWebUrl = property(lambda this: page_of(this._jsc.sc()) or own_address.fget(this), doc=own_address.__doc__)
