import type { Type } from '@nestjs/common';
import { AlertsRestController } from './alerts.controller';
import { ManifestsRestController } from './manifests.controller';
import { MessagesRestController } from './messages.controller';
import { PartnersRestController } from './partners.controller';
import { RecoveriesRestController } from './recoveries.controller';
import { StatusController } from './status.controller';

/** The interface of programs and of the command line: every controller under /v1. A new one is listed here. */
export const restControllers: Type[] = [
  StatusController,
  MessagesRestController,
  RecoveriesRestController,
  AlertsRestController,
  PartnersRestController,
  ManifestsRestController,
];
