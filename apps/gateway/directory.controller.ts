import { Controller, Get, Header, Inject, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Self } from '../../libs/casework';
import { Peer } from './peer';
import { DIRECTORY } from './tokens';

/** What a node tells its partners about itself. */
@Controller('v1')
export class DirectoryController {
  constructor(
    private readonly peer: Peer,
    @Inject(DIRECTORY) private readonly directory: { readonly signed: () => Uint8Array; readonly self: Self },
  ) {}

  @Get('directory')
  @Header('content-type', 'application/jose+json')
  signedDirectory(@Req() request: Request): string {
    this.peer.of(request);
    return Buffer.from(this.directory.signed()).toString('utf8');
  }

  @Get('health')
  health(@Req() request: Request) {
    this.peer.of(request);
    const { directory } = this.directory.self.partners();
    return { protocol: 1, directoryVersion: directory.version, clock: new Date().toISOString() };
  }
}
