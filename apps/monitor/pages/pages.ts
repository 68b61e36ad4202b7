import type { Type } from '@nestjs/common';
import { KeysController } from './keys/keys.controller';
import { PartnersController } from './partners/partners.controller';
import { DeadLettersController } from './queues/dead-letters.controller';
import { QueuesController } from './queues/queues.controller';
import { SignInController } from './sign-in/sign-in.controller';

/** Every controller of pages: a new one is listed here, and in the table of who may do what (test/e2e). */
export const pageControllers: Type[] = [
  DeadLettersController,
  QueuesController,
  PartnersController,
  KeysController,
  SignInController,
];
