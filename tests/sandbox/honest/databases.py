import sqlite3, tempfile, os
for place in (":memory:", "/tmp/people.db"):
    with sqlite3.connect(place) as connection:
        connection.execute("create table people (name text, age integer)")
        connection.executemany("insert into people values (?, ?)", [("a", 1), ("b", 2)])
        print(connection.execute("select name, sum(age) from people group by name order by 1 desc").fetchall())
    connection.close()
os.unlink("/tmp/people.db")
