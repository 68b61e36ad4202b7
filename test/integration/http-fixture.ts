import { Controller, Get, Inject, Module, Post, Req, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request } from 'express';
import { nestLogger, ProblemFilter, readRawBody } from '../../libs/http';
import type { Logger } from '../../libs/platform';

export const MAX_BYTES = 1000;

/** What the test makes the service throw. */
export interface Fault {
  thrown: unknown;
}

const FAULT = Symbol('fault');

@Controller()
class ProbeController {
  constructor(@Inject(FAULT) private readonly fault: Fault) {}

  @Get('fault')
  throwIt(): never {
    throw this.fault.thrown;
  }

  @Post('body')
  async body(@Req() request: Request): Promise<string> {
    return (await readRawBody(request, MAX_BYTES)).toString('hex');
  }
}

@Module({})
class ProbeModule {
  static with(fault: Fault): DynamicModule {
    return { module: ProbeModule, controllers: [ProbeController], providers: [{ provide: FAULT, useValue: fault }] };
  }
}

/** A small service with the edge that all our processes have. */
export async function startProbe(
  logger: Logger,
  fault: Fault,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const app = await NestFactory.create<NestExpressApplication>(ProbeModule.with(fault), {
    bodyParser: false,
    logger: nestLogger(logger),
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.useGlobalFilters(new ProblemFilter(logger));
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): { port: number } }).address();
  return { port, close: () => app.close() };
}
