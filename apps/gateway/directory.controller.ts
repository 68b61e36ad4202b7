import { Controller, Get, Header, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Self } from '../../libs/casework';
import { TraoError } from '../../libs/errors';
import { directoryTag } from '../../libs/platform';
import { Peer } from './peer';
import { DIRECTORY } from './tokens';

/** The directories of this node. */
export interface ServedDirectories {
  /** The one in force, as bytes. */
  readonly signedDirectory: () => Uint8Array;
  /** One that was adopted before; undefined when it was not. Without it none is served. */
  readonly earlierDirectory?: (version: number) => Promise<Uint8Array | undefined>;
}

const MEDIA_TYPE = 'application/jose+json';
const VERSION = /^[1-9]\d{0,15}$/;

/** What a node tells its partners about itself. */
@Controller('v1')
export class DirectoryController {
  constructor(
    private readonly peer: Peer,
    @Inject(DIRECTORY) private readonly directory: ServedDirectories & { readonly self: Self },
  ) {}

  /** With its entity tag: whoever has these bytes already gets 304 (RFC 9110 §13.1.2). */
  @Get('directory')
  @Header('content-type', MEDIA_TYPE)
  signedDirectory(@Req() request: Request, @Res({ passthrough: true }) response: Response): string {
    this.peer.of(request);
    const signed = this.directory.signedDirectory();
    response.setHeader('etag', directoryTag(signed));
    return Buffer.from(signed).toString('utf8');
  }

  /** A version that brought in another governance proves those after it to a partner that missed it. */
  @Get('directory/:version')
  @Header('content-type', MEDIA_TYPE)
  async earlierDirectory(@Req() request: Request, @Param('version') version: string): Promise<string> {
    this.peer.of(request);
    const signed = VERSION.test(version) ? await this.directory.earlierDirectory?.(Number(version)) : undefined;
    if (!signed) throw new TraoError('not_found');
    return Buffer.from(signed).toString('utf8');
  }

  @Get('health')
  health(@Req() request: Request) {
    this.peer.of(request);
    const { version, expiresAt } = this.directory.self.partners().directory;
    return { protocol: 1, directoryVersion: version, directoryExpiresAt: expiresAt, clock: new Date().toISOString() };
  }
}
