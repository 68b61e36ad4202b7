import { Controller, Get, Header, Inject } from '@nestjs/common';
import type { Self } from '../../../libs/casework';
import { Database, desk, partnerWork } from '../../../libs/storage';
import { AllowedFor } from '../access.guard';
import { makeBundle } from '../diagnostics-bundle';
import { knownPartners, reachState } from '../pages/partners/partner-line';
import { WATCHERS } from '../pages/shell/page-access';
import { SELF } from '../tokens';

/** A process that was heard of so lately is up. */
const UP_MS = 60_000;

/** How it stands with the node, for the command line and for programs. */
@Controller('v1')
export class StatusController {
  constructor(
    private readonly database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {}

  @Get('status')
  @AllowedFor(WATCHERS)
  @Header('cache-control', 'no-store')
  async status() {
    const now = new Date();
    const { query } = this.database;
    const processes = await partnerWork.processRows(this.database);
    const partners = await this.partnersNow(now);
    const waiting = partners.flatMap(({ oldestAt }) => oldestAt ?? []);
    return {
      node: this.self.node,
      at: now,
      processes: processes.map(({ app, host, version, startedAt, beatAt }) => ({
        app,
        host,
        version,
        startedAt,
        beatAt,
        up: now.getTime() - beatAt.getTime() <= UP_MS,
      })),
      partners,
      oldestWaitingAt: waiting.length === 0 ? null : new Date(Math.min(...waiting.map((at) => at.getTime()))),
      openAlerts: { warn: 0, high: 0, critical: 0, ...(await desk.openAlertCounts(query)) },
      heldQueues: (await this.suspensions().queues()).map(({ subject }) => subject),
    };
  }

  @Get('partners')
  @AllowedFor(WATCHERS)
  @Header('cache-control', 'no-store')
  async partners() {
    return { partners: await this.partnersNow(new Date()) };
  }

  @Get('diagnostics')
  @AllowedFor(WATCHERS)
  @Header('cache-control', 'no-store')
  diagnostics(): Promise<object> {
    return makeBundle(this.database, this.self.node);
  }

  private suspensions() {
    return partnerWork.suspensions(this.database, () => this.nodes().map(({ id }) => id));
  }

  private nodes() {
    return this.self.partners().partnersOf(this.self.node);
  }

  private async partnersNow(now: Date) {
    const { directory } = this.self.partners();
    const known = await knownPartners(this.database, directory, this.nodes(), this.suspensions());
    return this.nodes().map(({ id, name, endpoint }) => {
      const [facts, watch, held] = [known.facts.get(id), known.watches.get(id), known.suspended.get(id)];
      return {
        id,
        name,
        endpoint,
        state: held ? 'suspended' : reachState(facts, watch, now),
        suspended: held ? { reason: held.reason, by: held.heldBy, since: held.since } : null,
        lastIn: facts?.lastIn ?? null,
        lastOut: facts?.lastOut ?? null,
        waiting: facts?.waiting ?? 0,
        oldestAt: facts?.oldestAt ?? null,
        failures: facts?.failures ?? 0,
        retryAt: facts?.retryAt ?? null,
        directoryVersion: watch?.version ?? null,
        code: watch?.code ?? null,
      };
    });
  }
}
