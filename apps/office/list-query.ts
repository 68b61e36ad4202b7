import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { faultAt, TraoError } from '../../libs/errors';
import type { PageMark } from '../../libs/casework';
import { DELIVERY_STATES } from '../../libs/lifecycle';
import type { ExportUse } from '../../libs/protection';

/** `?limit=` */
export class LimitQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;
}

/** `?limit=&after=`: newest first; `after` is the `next` of the page before. */
export class ListQuery extends LimitQuery {
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,120}$/)
  after?: string;
}

export class DeliveryQuery extends ListQuery {
  @IsOptional()
  @IsIn(DELIVERY_STATES)
  state?: string;
}

const EXPORT_USES = ['case_file', 'judicial', 'statistics', 'onward'] as const satisfies readonly ExportUse[];

/** `?use=`: what a case is exported for. */
export class ExportQuery {
  @IsIn(EXPORT_USES)
  use!: ExportUse;
}

/** The cursor for the page behind a full page; undefined on the last one. */
export function nextCursor(marks: readonly PageMark[], limit: number): string | undefined {
  const last = marks.length === limit ? marks.at(-1) : undefined;
  return last && Buffer.from(`${last.at.toISOString()} ${last.id}`).toString('base64url');
}

/** @throws TraoError `bad_request` for a cursor that is none of ours */
export function readCursor(cursor: string | undefined): PageMark | undefined {
  if (cursor === undefined) return undefined;
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const at = new Date(time);
  if (Number.isNaN(at.getTime()) || !/^[0-9a-f-]{36}$/.test(id)) {
    throw new TraoError('bad_request', {
      faults: [faultAt('?after', 'bad_cursor')],
    });
  }
  return { at, id };
}
