// A project's own testTimeout does not reach hooks in Jest 30, so the time limit of tests with real processes is set here.
jest.setTimeout(300_000);
