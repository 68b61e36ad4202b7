import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/**
 * Answers with a PDF, piece by piece. `inline` opens it in the browser to print, `attachment` saves it.
 * @param name of the file: it stays in the lists of downloads, so it says nothing of a person
 */
export async function sendPdf(
  response: Response,
  pdf: Readable,
  show: 'inline' | 'attachment',
  name: string,
): Promise<void> {
  response.setHeader('Content-Type', 'application/pdf');
  response.setHeader('Content-Disposition', `${show}; filename="${name}.pdf"`);
  // The policy of pages keeps browsers from starting their own viewer. A PDF of ours runs nothing and loads nothing.
  response.setHeader('Content-Security-Policy', "frame-ancestors 'none'");
  try {
    await pipeline(pdf, response);
  } catch (error) {
    // The browser went away; there is nobody left to tell.
    if (!isClosed(error)) throw error;
  }
}

const isClosed = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
