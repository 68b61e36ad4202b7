import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { OPERATOR_ROLES } from '../../../../libs/monitoring';
import { Database, desk } from '../../../../libs/storage';
import type { Operator } from '../../operators';
import { OPERATORS } from '../../tokens';
import { PageFor, WATCHERS } from '../shell/page-access';
import { Shell } from '../shell/shell';

/** Who watches this node, as the file of operators has it. It is changed there, and nowhere else. */
@Controller('settings')
export class UsersController {
  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
    @Inject(OPERATORS) private readonly operators: readonly Operator[],
  ) {}

  @Get('users')
  @PageFor(WATCHERS)
  async page(@Req() request: Request, @Res() response: Response): Promise<void> {
    const t = this.shell.translator(request);
    const last = await desk.lastActs(this.database.query);
    const known = new Set(this.operators.map(({ id }) => id));
    this.shell.show(request, response, 'settings/users.njk', {
      title: t('settings:users.title'),
      back: '/settings',
      users: this.operators.map(({ id, name, roles, subject, tokenSha256 }) => ({
        id,
        name,
        roles: roles.map((role) => t(`monitor:role.${role}`)),
        signsIn: subject !== undefined,
        hasToken: tokenSha256 !== undefined,
        last: last.get(id),
      })),
      // Who stands in the log and in the file no more.
      former: [...last.values()].filter(({ operator }) => !known.has(operator)),
      roles: OPERATOR_ROLES.map((role) => ({ role, text: t(`monitor:role.${role}`), may: t(`settings:may.${role}`) })),
    });
  }
}
