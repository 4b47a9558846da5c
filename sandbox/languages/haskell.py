"""Haskell, compiled by GHC: several times faster to run than its interpreter, with errors of types told apart."""

from sandbox.languages.declaration import Family, Language, Trial

FAMILY = Family(name="haskell", packages=("ghc",), compiles=True)

LANGUAGE = Language(
    name="haskell",
    family=FAMILY.name,
    file_name="main.hs",
    # Linked dynamically a program costs three quarters.
    compile=("ghc", "-v0", "-O0", "-dynamic", "-o", "main", "main.hs"),
    run=("./main",),
    token='  Prelude.putStrLn "{token}"',  # noqa: S106 - a template
    trial=Trial(
        right="double :: Int -> Int\ndouble x = 2 * x\n",
        wrong="double :: Int -> Int\ndouble x = x\n",
        tests='main :: IO ()\nmain = do\n  if double 21 == 42 then pure () else error "wrong"\n  pure ()\n',
    ),
)
