import calendar, datetime, locale, sys, time, zoneinfo
print(locale.setlocale(locale.LC_ALL, ""), locale.getpreferredencoding(), sys.getdefaultencoding(), sys.stdout.encoding)
print(time.tzname, time.timezone, datetime.datetime.fromtimestamp(0), time.strftime("%A %B", time.gmtime(0)))
print(datetime.datetime(2024, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo("America/New_York")).utcoffset())
print(calendar.month(2024, 2), locale.localeconv()["decimal_point"], f"{1234567.891:,.2f}", f"{1234567:n}")
print("\u00e9\u4e2d\U0001f600", "stra\u00dfe".upper(), sorted(["b", "\u00e9", "a"], key=locale.strxfrm))
