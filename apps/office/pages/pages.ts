import type { Provider as NestProvider, Type } from '@nestjs/common';
import type { StorageKeys } from '../../../libs/casework';
import type { PagesConfig } from '../../../libs/platform';
import { Provider } from '../../../libs/sign-in';
import type { Client } from '../clients';
import { AccessController } from './access/access.controller';
import { CaseActsController } from './cases/case-acts.controller';
import { CaseController } from './cases/case.controller';
import { CaseFilesPageController } from './cases/case-files.controller';
import { officerName } from './cases/case-frame';
import { CaseLists } from './cases/case-lists';
import { CaseRoom } from './cases/case-room';
import { CasesPageController } from './cases/cases.controller';
import { ForwardController } from './cases/forward.controller';
import { LiveController } from './cases/live.controller';
import { CheckController } from './drafts/check.controller';
import { DraftDesk } from './drafts/draft-desk';
import { DraftFilesPageController } from './drafts/draft-files.controller';
import { DraftUploadsController } from './drafts/draft-uploads.controller';
import { NewController } from './drafts/new.controller';
import { PreviewController } from './drafts/preview.controller';
import { QuestionController } from './drafts/question.controller';
import { ReplyController } from './drafts/reply.controller';
import { SendController } from './drafts/send.controller';
import { SentController } from './drafts/sent.controller';
import { TaskListController } from './drafts/task-list.controller';
import { HelpController } from './help/help.controller';
import { PrintController } from './print/print.controller';
import { PromptSheetController } from './print/prompt-sheet.controller';
import { SettingsController } from './settings/settings.controller';
import { Shell } from './shell/shell';
import { Parking } from './sign-in/parking';
import { SignInController } from './sign-in/sign-in.controller';
import { StatisticsController } from './statistics/statistics.controller';
import { WorkController } from './work/work.controller';

/** What the pages are made of, put together once. */
export interface PageParts {
  readonly shell: Shell;
  readonly provider: Provider;
  readonly parking: Parking;
  readonly lists: CaseLists;
  readonly room: CaseRoom;
}

/** Every controller of pages: a new one is listed here, and in the table of who may do what (test/e2e). */
export const pageControllers: Type[] = [
  SignInController,
  WorkController,
  CasesPageController,
  CaseController,
  CaseActsController,
  CaseFilesPageController,
  LiveController,
  ForwardController,
  AccessController,
  StatisticsController,
  NewController,
  TaskListController,
  CheckController,
  PreviewController,
  SendController,
  // In front of the questions: files have a page of their own.
  DraftFilesPageController,
  DraftUploadsController,
  QuestionController,
  ReplyController,
  SentController,
  HelpController,
  SettingsController,
  PrintController,
  PromptSheetController,
];

export function makePages(
  config: PagesConfig,
  node: string,
  clients: readonly Client[],
  keys: StorageKeys,
  { lists, room }: Pick<PageParts, 'lists' | 'room'>,
): PageParts {
  const { timeZone, language, invented } = config;
  return {
    shell: new Shell({ node, timeZone, language, invented, nameOf: (id) => officerName(clients, id) }),
    provider: new Provider(config),
    parking: new Parking(clients, keys),
    lists,
    room,
  };
}

export function pageProviders({ shell, provider, parking, lists, room }: PageParts): NestProvider[] {
  return [
    DraftDesk,
    { provide: Shell, useValue: shell },
    { provide: Provider, useValue: provider },
    { provide: Parking, useValue: parking },
    { provide: CaseLists, useValue: lists },
    { provide: CaseRoom, useValue: room },
  ];
}
