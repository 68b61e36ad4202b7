import 'reflect-metadata';
import { Controller, Get, Header, HttpCode, Inject, Module, Res, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import type { Response } from 'express';
import { listen, nestLogger, ProblemFilter } from '../http';
import type { Logger } from '../platform';
import { judge, type Check } from './checks';
import type { Metrics } from './metrics';

export interface Operations {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly metrics: Metrics;
  /** What must hold for the process to work, by name. */
  readonly checks: Readonly<Record<string, Check>>;
  readonly logger: Logger;
}

const OPERATIONS = Symbol('operations');

/** Metrics for Prometheus. */
@Controller('metrics')
class MetricsController {
  constructor(@Inject(OPERATIONS) private readonly operations: Operations) {}

  @Get()
  async metrics(@Res() response: Response): Promise<void> {
    const { metrics } = this.operations;
    const text = await metrics.text();
    response.setHeader('Content-Type', metrics.contentType);
    response.setHeader('Cache-Control', 'no-store');
    response.end(text);
  }
}

/** Whether the process lives, and whether it can work now: names of checks, numbers and codes. */
@Controller('health')
class HealthController {
  constructor(
    @Inject(OPERATIONS) private readonly operations: Operations,
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
  ) {}

  @Get('live')
  live() {
    return { status: 'live' };
  }

  /** 200 with `ok` or `degraded`; 503 with `error` when a check is down. */
  @Get('ready')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) response: Response) {
    const asked = Object.entries(this.operations.checks).map(([name, check]) => async () => {
      const { state, facts } = await judge(check);
      const indicator = this.indicators.check(name);
      if (state === 'up') return indicator.up({ ...facts });
      return state === 'degraded' ? indicator.degraded({ ...facts }) : indicator.down({ ...facts });
    });
    try {
      const { status, details } = await this.health.check(asked);
      return { status, checks: details };
    } catch (thrown) {
      const answer = (thrown as { getResponse?(): unknown }).getResponse?.() as { details?: object } | undefined;
      if (!answer?.details) throw thrown;
      response.status(503);
      return { status: 'error', checks: answer.details };
    }
  }
}

@Module({})
class OperationsModule {
  static of(operations: Operations): DynamicModule {
    return {
      module: OperationsModule,
      // Terminus would write down what it found, as text.
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [MetricsController, HealthController],
      providers: [{ provide: OPERATIONS, useValue: operations }],
    };
  }
}

export async function serveOperations(
  operations: Operations,
): Promise<{ readonly app: NestExpressApplication; readonly port: number }> {
  const { host, port, logger } = operations;
  const app = await NestFactory.create<NestExpressApplication>(OperationsModule.of(operations), {
    bodyParser: false,
    logger: nestLogger(logger),
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.useGlobalFilters(new ProblemFilter(logger));
  await listen(app, port, host);
  const bound = (app.getHttpServer() as { address(): { port: number } }).address();
  return { app, port: bound.port };
}
