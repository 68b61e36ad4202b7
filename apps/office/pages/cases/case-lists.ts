import { CaseList, type ListPorts } from '../../../../libs/caseload';

/** The list of each unit that this office serves; made when first asked for. */
export class CaseLists {
  private readonly lists = new Map<string, CaseList>();

  constructor(private readonly ports: ListPorts) {}

  of(unit: string): CaseList {
    let list = this.lists.get(unit);
    if (!list) this.lists.set(unit, (list = new CaseList(unit, this.ports)));
    return list;
  }
}
