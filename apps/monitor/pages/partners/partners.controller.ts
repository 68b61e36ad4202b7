import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Self } from '../../../../libs/casework';
import { TraoError } from '../../../../libs/errors';
import type { DirectoryNode } from '../../../../libs/schema';
import { Database, manifestWork, partnerWork } from '../../../../libs/storage';
import { holdsOne } from '../../../../libs/web';
import { SELF } from '../../tokens';
import { actWithReason, done, type ReasonFault } from '../queues/act-form';
import { operatorOf, PageFor, REGISTRARS, WATCHERS } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { manifestLines } from './manifest-lines';
import { certificateLine, directoryFacts, pingLine, testLine } from './partner-detail';
import { knownPartners, partnerLine } from './partner-line';

const TESTS = 5;
const PINGS = 20;
const ROUNDS = 20;
const FINDINGS = 50;

/** Partners: how it stands with each, and what registrars do about it. */
@Controller('partners')
export class PartnersController {
  private readonly suspensions: partnerWork.Suspensions;
  private readonly tests: ReturnType<typeof partnerWork.partnerTests>;
  private readonly pings: partnerWork.PartnerPings;
  private readonly manifests: manifestWork.ManifestDesk;

  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {
    const ids = () => this.nodes().map(({ id }) => id);
    this.suspensions = partnerWork.suspensions(database, ids);
    this.tests = partnerWork.partnerTests(database, ids);
    this.pings = partnerWork.partnerPings(database, ids);
    this.manifests = manifestWork.manifestDesk(database, ids);
  }

  @Get()
  @PageFor(WATCHERS)
  async list(@Req() request: Request, @Res() response: Response): Promise<void> {
    const reader = this.reader(request);
    const known = await this.known();
    const partners = known.nodes.map((node) => partnerLine(node, known, reader));
    this.shell.show(request, response, 'partners/list.njk', { title: reader.t('partners:title'), partners });
  }

  @Get(':id')
  @PageFor(WATCHERS)
  async page(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.show(id, request, response);
  }

  @Post(':id/suspend')
  @PageFor(REGISTRARS)
  async suspend(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const fault = await actWithReason(request, this.shell.translator(request), 'reason', (reason) =>
      this.suspensions.suspendPartner(id, reason, operatorOf(request)),
    );
    if (fault) return this.show(id, request, response, fault);
    await done(request, response, 'partners:notice.suspended', `/partners/${id}`);
  }

  @Post(':id/resume')
  @PageFor(REGISTRARS)
  async resume(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const fault = await actWithReason(request, this.shell.translator(request), 'reason', (reason) =>
      this.suspensions.resumePartner(id, reason, operatorOf(request)),
    );
    if (fault) return this.show(id, request, response, fault);
    await done(request, response, 'partners:notice.resumed', `/partners/${id}`);
  }

  @Post(':id/test')
  @PageFor(REGISTRARS)
  async test(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.tests.request(id, operatorOf(request));
    await done(request, response, 'partners:notice.tested', `/partners/${id}#test`);
  }

  @Post(':id/ping')
  @PageFor(REGISTRARS)
  async ping(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.pings.request(id, operatorOf(request));
    await done(request, response, 'partners:notice.pinged', `/partners/${id}#pings`);
  }

  private async show(id: string, request: Request, response: Response, fault?: ReasonFault): Promise<void> {
    const node = this.nodes().find((one) => one.id === id);
    if (!node) throw new TraoError('not_found');
    const reader = this.reader(request);
    const known = await this.known();
    const tests = await this.tests.list(id, TESTS);
    const pings = await this.pings.list(id, PINGS);
    const manifests = {
      rounds: await this.manifests.rounds(id, ROUNDS),
      counts: await this.manifests.counts(id),
      findings: await this.manifests.findings(id, FINDINGS),
    };
    const certificates = await partnerWork.seenCertificates(this.database, id);
    const [newest, ...older] = tests.map((test) => testLine(test, reader));
    const view = {
      title: reader.t('partners:one', { partner: node.name[reader.language] }),
      back: '/partners',
      errors: fault ? [fault] : [],
      fault,
      partner: partnerLine(node, known, reader),
      listed: directoryFacts(node, reader),
      test: newest,
      older,
      pings: pings.map((ping) => pingLine(ping, reader)),
      manifests: manifestLines(manifests, reader),
      certificates: certificates.map((seen) => certificateLine(seen, reader)),
      mayAct: holdsOne(operatorOf(request), REGISTRARS),
    };
    this.shell.show(request, response, 'partners/page.njk', view, fault ? 422 : 200);
  }

  private reader(request: Request) {
    return { t: this.shell.translator(request), language: this.shell.language(request), now: new Date() };
  }

  private nodes(): readonly DirectoryNode[] {
    return this.self.partners().partnersOf(this.self.node);
  }

  private known() {
    return knownPartners(this.database, this.self.partners().directory, this.nodes(), this.suspensions);
  }
}
