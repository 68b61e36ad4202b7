import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { AccessPorts } from '../../libs/caseload';
import type { CaseFilePorts, DraftPorts, FilePorts, NotesPorts, ReadPorts } from '../../libs/casework';
import type { Self, SendPorts } from '../../libs/casework';
import type { SettingsPorts } from '../../libs/notices';
import { Database } from '../../libs/storage';
import { AccessGuard } from './access.guard';
import { CasesController } from './cases.controller';
import type { Client } from './clients';
import { CodesController } from './codes.controller';
import { ComposeController } from './compose.controller';
import { DeliveriesController } from './deliveries.controller';
import { DirectoryController } from './directory.controller';
import { DraftsController } from './drafts.controller';
import { CaseFilesController, DraftFilesController } from './files.controller';
import { HealthController } from './health.controller';
import { InboxController } from './inbox.controller';
import { pageControllers, pageProviders, type PageParts } from './pages/pages';
import { ACCESS_PORTS, CASE_FILE_PORTS, CLIENTS, DRAFT_PORTS, FILE_PORTS, NOTES_PORTS } from './tokens';
import { MAILS, READ_PORTS, SELF, SEND_PORTS, SETTINGS_PORTS, SIGNED_DIRECTORY } from './tokens';

export interface OfficeParts {
  readonly self: Self;
  readonly clients: readonly Client[];
  readonly database: Database;
  readonly sendPorts: SendPorts;
  readonly readPorts: ReadPorts;
  readonly draftPorts: DraftPorts;
  readonly filePorts: FilePorts;
  readonly caseFilePorts: CaseFilePorts;
  readonly notesPorts: NotesPorts;
  readonly accessPorts: AccessPorts;
  readonly settingsPorts: SettingsPorts;
  /** Whether officers are told by mail. */
  readonly mails: boolean;
  /** What pages need; undefined where an office serves programs only. */
  readonly pages: PageParts | undefined;
  /** The signed directory in force, as bytes. */
  readonly signedDirectory: () => Uint8Array;
}

@Module({})
export class OfficeModule {
  static register(parts: OfficeParts): DynamicModule {
    return {
      module: OfficeModule,
      controllers: [
        ComposeController,
        DraftsController,
        DraftFilesController,
        CaseFilesController,
        CasesController,
        InboxController,
        DeliveriesController,
        DirectoryController,
        CodesController,
        HealthController,
        ...(parts.pages ? pageControllers : []),
      ],
      providers: [
        { provide: CLIENTS, useValue: parts.clients },
        { provide: SEND_PORTS, useValue: parts.sendPorts },
        { provide: READ_PORTS, useValue: parts.readPorts },
        { provide: DRAFT_PORTS, useValue: parts.draftPorts },
        { provide: FILE_PORTS, useValue: parts.filePorts },
        { provide: CASE_FILE_PORTS, useValue: parts.caseFilePorts },
        { provide: NOTES_PORTS, useValue: parts.notesPorts },
        { provide: SELF, useValue: parts.self },
        { provide: SIGNED_DIRECTORY, useValue: parts.signedDirectory },
        { provide: ACCESS_PORTS, useValue: parts.accessPorts },
        { provide: SETTINGS_PORTS, useValue: parts.settingsPorts },
        { provide: MAILS, useValue: parts.mails },
        { provide: Database, useValue: parts.database },
        ...(parts.pages ? pageProviders(parts.pages) : []),
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}
