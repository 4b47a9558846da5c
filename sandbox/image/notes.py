"""What the referee says where the tests, and not the program, are what it cannot deal with."""

CANNOT_TRAVEL = "the tests passed something that cannot travel to the program"
TOO_LARGE = "the tests ran out of memory over what the program answered"
NOT_DATA = "the program answered with an object that is not data, and the tests looked into it"
