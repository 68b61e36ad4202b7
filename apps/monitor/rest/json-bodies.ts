import express, { type RequestHandler } from 'express';

/** What programs ask for is short: a filter, a window, a reason. */
const MOST = '16kb';

/** Reads JSON bodies. What is none becomes `bad_request`, what is longer `too_large`. */
export const jsonBodies = (): RequestHandler => express.json({ limit: MOST, strict: true });
