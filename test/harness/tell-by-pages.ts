import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { liveDocument } from '../../apps/cli/local/journeys/live-document';
import { holdersOf } from '../../apps/cli/local/posts';
import type { Language } from '../../libs/pages';
import { answersOf } from './answers';
import { CaseWork } from './case-work';
import { nodeOf, type Document } from './examples';
import { callOffice } from './office-rest';
import { OfficerWindow } from './officer-window';
import { ROOT } from './paths';
import type { NodeId, TwoNodes } from './two-nodes';
import { waitFor } from './wait-for';

/** How people of a node read pages. */
export interface Reading {
  readonly language: Language;
  readonly javaScript: boolean;
}

/** A message of a story, sent by officers at their pages. */
export interface ToldByPages {
  readonly type: string;
  readonly referral: string;
  readonly message: string;
  /** Who wrote it, who agreed to it, who sent it. */
  readonly hands: readonly string[];
}

interface Need {
  readonly kind: 'approve' | 'cosign' | 'override';
  readonly roles: readonly string[];
  readonly by: 'any_officer' | 'another_officer';
}

const folder = path.join(ROOT, 'schemas', 'referral', 'v1', 'examples', 'valid');
const read = (name: string) => JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as Document;

/** Tells stories at the pages of both offices: each officer has a window of their own, which stays open. */
export class PageTeller {
  private readonly people = new Map<string, Promise<CaseWork>>();
  private readonly counterparts = new Map<string, string>();
  private referral: string | undefined;

  constructor(
    private readonly nodes: TwoNodes,
    private readonly browser: Browser,
    private readonly readings: Readonly<Record<NodeId, Reading>>,
  ) {}

  /** The officer at their window, signed in. */
  officer(sub: string): Promise<CaseWork> {
    const known = this.people.get(sub);
    if (known) return known;
    const opening = this.open(sub);
    this.people.set(sub, opening);
    return opening;
  }

  private async open(sub: string): Promise<CaseWork> {
    const node = nodeOf(sub) as NodeId;
    const window = await OfficerWindow.open(this.browser, this.nodes, { node, ...this.readings[node] });
    await window.signIn(sub);
    return new CaseWork(window, sub);
  }

  async windows(): Promise<OfficerWindow[]> {
    return (await Promise.all(this.people.values())).map(({ window }) => window);
  }

  /** Writes, checks, agrees to and sends the message of an example, and waits until the other side has it. */
  async tell(name: string): Promise<ToldByPages> {
    const original = read(name);
    const {
      messageType: type,
      senderUnit: unit,
      recipientUnit: partner,
      authorRole,
      messageId,
      referralId,
    } = original.header;
    const document = liveDocument(original as never, this.counterparts, new Date()) as unknown as Document;
    const [author] = holdersOf(unit, [String(authorRole)]);
    const writer = await this.officer(author!);
    const draft = await this.write(writer, document, nodeOf(unit) as NodeId);
    const agreed = await this.agree(writer, draft, unit);
    const sender = type === 'referral' ? `${unit}/liaison` : author!;
    const { referral, message } = await (await this.officer(sender)).send(draft);
    this.referral = referral;
    this.counterparts.set(messageId as string, message).set(referralId as string, referral);
    await this.arrived(partner, referral, message);
    return { type, referral, message, hands: [author!, ...agreed, sender] };
  }

  /** Sends the referral of an example past the pages, for a story that is about what comes after it. */
  async begin(name: string): Promise<void> {
    const original = read(name);
    const { senderUnit: unit, recipientUnit: partner, messageId, referralId } = original.header;
    const document = liveDocument(original as never, this.counterparts, new Date());
    const sent = await this.nodes.office.send(unit, document);
    const { header } = (await this.nodes.office.message(unit, sent.messageId)) as Document;
    this.referral = String(header['referralId']);
    this.counterparts.set(messageId as string, sent.messageId).set(referralId as string, this.referral);
    await this.arrived(partner, this.referral, sent.messageId);
  }

  private async write(writer: CaseWork, document: Document, node: NodeId): Promise<string> {
    const { timeZone } = this.nodes.layout.nodes.find(({ id }) => id === node)!;
    if (this.referral !== undefined) return writer.writeReply(this.referral, document, timeZone);
    const draft = await writer.start(document);
    await writer.answerAll(answersOf(document, timeZone));
    return draft;
  }

  /** Asks for what a draft needs, and has it given. Answers who gave it. */
  private async agree(writer: CaseWork, draft: string, unit: string): Promise<string[]> {
    await writer.check(draft);
    const { body } = await callOffice(this.nodes, nodeOf(unit) as NodeId, `/v1/units/${unit}/drafts/${draft}`, {
      as: unit,
    });
    const needs = body['needs'] as readonly Need[];
    if (needs.length === 0) return [];
    await writer.ask();
    const agreed: string[] = [];
    for (const { kind, roles, by } of needs) {
      const may = (sub: string) => by === 'any_officer' || sub !== writer.sub;
      const other = holdersOf(unit, roles).find((sub) => may(sub) && !agreed.includes(`${sub} ${kind}`));
      if (!other) throw new Error(`Nobody of ${unit} can ${kind}: ${roles.join(', ')}`);
      await (await this.officer(other)).agree(draft, kind);
      agreed.push(`${other} ${kind}`);
    }
    return agreed;
  }

  private arrived(unit: string, referral: string, message: string): Promise<unknown> {
    return waitFor(`${message} to be filed at ${unit}`, async () => {
      const shown = await this.nodes.office.caseOf(unit, referral);
      return shown.timeline === undefined || shown.timeline.some((entry) => entry.messageId === message);
    });
  }

  /** The state of the case at a unit. */
  async stateAt(unit: string): Promise<string> {
    return (await this.nodes.office.caseOf(unit, this.referral!)).state;
  }

  /** What an officer of a unit gets at the pages of the case. */
  async look(unit: string): Promise<Readonly<Record<string, number>>> {
    return (await this.officer(unit)).look(this.referral!);
  }

  async close(): Promise<void> {
    for (const window of await this.windows()) await window.close();
  }
}
