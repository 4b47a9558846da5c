import logging, warnings
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(module)s %(lineno)d %(message)s")
logging.getLogger("mine").info("informed %d", 3)
logging.warning("warned")
try: 1 / 0
except ZeroDivisionError as error: logging.error("failed: %s", error)
warnings.showwarning = lambda message, category, filename, line, *rest: print(message, category.__name__, filename, line)
warnings.warn("a warning")
warnings.warn("a deprecation", FutureWarning)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("seen", DeprecationWarning)
print([str(warning.message) for warning in caught])
