import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Self } from '../../libs/casework';
import { Provider } from '../../libs/sign-in';
import { Database } from '../../libs/storage';
import { AccessGuard } from './access.guard';
import type { Operator } from './operators';
import { pageControllers } from './pages/pages';
import { Shell } from './pages/shell/shell';
import { restControllers } from './rest/rest';
import type { TellWays } from './tell-operators';
import { OPERATORS, SELF, TELL_WAYS } from './tokens';

export interface MonitorParts {
  readonly self: Self;
  readonly operators: readonly Operator[];
  readonly database: Database;
  readonly shell: Shell;
  readonly provider: Provider;
  readonly ways: TellWays;
}

@Module({})
export class MonitorModule {
  static register(parts: MonitorParts): DynamicModule {
    return {
      module: MonitorModule,
      controllers: [...pageControllers, ...restControllers],
      providers: [
        { provide: SELF, useValue: parts.self },
        { provide: OPERATORS, useValue: parts.operators },
        { provide: Database, useValue: parts.database },
        { provide: Shell, useValue: parts.shell },
        { provide: Provider, useValue: parts.provider },
        { provide: TELL_WAYS, useValue: parts.ways },
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}
