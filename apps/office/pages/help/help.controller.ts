import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { TraoError } from '../../../../libs/errors';
import { PageFor } from '../shell/page-access';
import { Shell } from '../shell/shell';

const PAGES = ['terms', 'accessibility', 'privacy'] as const;
/** How many terms the list has (locales: help:terms.N). */
const TERMS = 26;

/** What to do when something is unclear, and the words of both languages side by side. */
@Controller('help')
export class HelpController {
  constructor(private readonly shell: Shell) {}

  @Get()
  @PageFor('anybody')
  help(@Req() request: Request, @Res() response: Response): void {
    this.page('help', request, response);
  }

  @Get(':page')
  @PageFor('anybody')
  more(@Param('page') page: string, @Req() request: Request, @Res() response: Response): void {
    const known = PAGES.find((one) => one === page);
    if (!known) throw new TraoError('not_found');
    this.page(known, request, response);
  }

  private page(name: string, request: Request, response: Response): void {
    const t = this.shell.translator(request);
    const both = [this.shell.textsIn('en'), this.shell.textsIn('vi')] as const;
    this.shell.show(request, response, `help/${name === 'terms' ? 'terms' : 'page'}.njk`, {
      title: t(`help:${name}.title`),
      lines: name === 'terms' ? [] : t(`help:${name}.text`).split('\n'),
      terms:
        name === 'terms'
          ? Array.from({ length: TERMS }, (_, at) => ({
              en: both[0](`help:term.${at + 1}`),
              vi: both[1](`help:term.${at + 1}`),
            }))
          : [],
    });
  }
}
