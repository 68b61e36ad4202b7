import { MainJob1 } from './1-main-job';
import { Domain2 } from './2-domain';
import { Resealing3 } from './3-resealing';
import { PartnerWatch4 } from './4-partner-watch';
import { Attachments5 } from './5-attachments';
import { OfficePages6 } from './6-office-pages';
import { Notices7 } from './7-notices';
import { Monitor8 } from './8-monitor';
import { Partitions9 } from './9-partitions';
import { Manifests10 } from './10-manifests';
import { Bounds11 } from './11-bounds';
import { Churn12 } from './12-churn';
import { HeldOrder13 } from './13-held-order';

/** All of them, oldest first. */
export const MIGRATIONS = [
  MainJob1,
  Domain2,
  Resealing3,
  PartnerWatch4,
  Attachments5,
  OfficePages6,
  Notices7,
  Monitor8,
  Partitions9,
  Manifests10,
  Bounds11,
  Churn12,
  HeldOrder13,
] as const;
/** Where TypeORM keeps the record of what has run. */
export const MIGRATION_TABLE = 'trao_migration';
