import { Type } from 'class-transformer';
import { IsDate, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { DELIVERY_STATES } from '../../libs/lifecycle';

/** `?limit=&before=`: newest first; `before` is the time of the last line of the page before. */
export class ListQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  @IsOptional()
  @Type(() => Date)
  @IsDate()
  before?: Date;
}

export class DeliveryQuery extends ListQuery {
  @IsOptional()
  @IsIn(DELIVERY_STATES)
  state?: string;
}
