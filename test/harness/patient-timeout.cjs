// Five seconds are a limit of speed on a machine that others use too; a unit test that hangs still ends.
jest.setTimeout(30_000);
