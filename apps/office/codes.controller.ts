import { Controller, Get, Header, Param } from '@nestjs/common';
import { TraoError } from '../../libs/errors';
import { codeList, codeLists } from '../../libs/schema';
import { AllowedFor } from './access.guard';

/** The code lists of the contract, with labels in both languages, for whoever builds a form. */
@Controller('v1/codes')
export class CodesController {
  @Get()
  @AllowedFor('client')
  @Header('cache-control', 'no-store')
  all() {
    const lists = codeLists().map(({ list, version, source, entries }) => ({
      list,
      version,
      source,
      codes: entries.length,
    }));
    return { lists };
  }

  @Get(':list')
  @AllowedFor('client')
  @Header('cache-control', 'no-store')
  one(@Param('list') name: string) {
    const list = codeList(name);
    if (!list) throw new TraoError('not_found');
    return list;
  }
}
