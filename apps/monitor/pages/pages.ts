import type { Type } from '@nestjs/common';
import { KeysController } from './keys/keys.controller';
import { PartnersController } from './partners/partners.controller';
import { DeadLettersController } from './queues/dead-letters.controller';
import { QueuesController } from './queues/queues.controller';
import { AlertActsController } from './alerts/alert-acts.controller';
import { AlertsController } from './alerts/alerts.controller';
import { AuditController } from './audit/audit.controller';
import { ErrorsController } from './errors/errors.controller';
import { RunbooksController } from './runbooks/runbooks.controller';
import { DiagnosticsController } from './settings/diagnostics.controller';
import { SettingsController } from './settings/settings.controller';
import { UsersController } from './settings/users.controller';
import { MessageController } from './messages/message.controller';
import { MessagesController } from './messages/messages.controller';
import { OverviewController } from './overview/overview.controller';
import { RecoverController } from './recover/recover.controller';
import { RecoveryController } from './recover/recovery.controller';
import { SignInController } from './sign-in/sign-in.controller';

/** Every controller of pages: a new one is listed here, and in the table of who may do what (test/e2e). */
export const pageControllers: Type[] = [
  DeadLettersController,
  QueuesController,
  PartnersController,
  KeysController,
  OverviewController,
  // The list before the message: its export must not be taken for an id.
  MessagesController,
  MessageController,
  RecoverController,
  RecoveryController,
  SignInController,
  AlertsController,
  AlertActsController,
  RunbooksController,
  ErrorsController,
  AuditController,
  SettingsController,
  DiagnosticsController,
  UsersController,
];
