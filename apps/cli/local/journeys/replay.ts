import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OfficeClient, ShownCase } from '../../office-client';
import { CONSENT_EXAMPLES, EXAMPLES } from '../layout';
import { sendAndWait, type Step } from './send-and-wait';
import { liveDocument, liveRecord, type Example } from './live-document';
import type { Story } from './stories';

/** A message that was sent, and the state of the case at either unit right after it. */
export interface ToldStep extends Step {
  readonly states: readonly string[];
}

/** A story as it went: what was sent, and how the case looks to each of its two units. */
export interface Told {
  readonly title: string;
  readonly steps: readonly ToldStep[];
  readonly views: readonly { readonly unit: string; readonly shown: ShownCase }[];
  /** True when both sides came to the same end by the same steps. */
  readonly agree: boolean;
}

type Document = Example & {
  readonly header: { readonly messageType: string; readonly senderUnit: string; readonly recipientUnit: string };
  readonly handoverPlan?: { readonly replaces?: string };
  readonly handoverAccept?: { readonly planDigest: string };
  readonly departureNotice?: { readonly planDigest: string };
};

/** Sends the messages of a story one after the other, each when the one before has been filed at the other side. */
async function replay(story: Story, office: OfficeClient): Promise<Told> {
  const counterparts = new Map<string, string>();
  const steps: ToldStep[] = [];
  const [first] = story.messages;
  const { senderUnit, recipientUnit, referralId: named } = (await example(first!)).header;
  const units = [senderUnit, recipientUnit];
  let views: Told['views'] = [];
  let plan = '';
  for (const name of story.messages) {
    const document = await example(name);
    const { messageType, senderUnit: from, recipientUnit: to, messageId } = document.header;
    for (const digest of planDigests(document)) counterparts.set(digest, counterparts.get(digest) ?? plan);
    const now = new Date();
    const records = {
      consent: await record('consent', name, document, now),
      override: await record('override', name, document, now),
    };
    const step = await sendAndWait(office, messageType, from, to, liveDocument(document, counterparts, now), records);
    const { id } = step.delivery;
    counterparts.set(messageId, id);
    if (name === first) counterparts.set(named, await referralOf(office, from, id));
    views = await viewsOf(office, units, counterparts.get(named)!);
    steps.push({ ...step, states: views.map(({ shown }) => stateIn(shown)) });
    const { timeline = [] } = views[0]!.shown;
    if (messageType === 'handover_plan') plan = timeline.find((entry) => entry.messageId === id)!.digest;
  }
  return { title: story.title, steps, views, agree: sameStory(views.map(({ shown }) => shown)) };
}

function viewsOf(office: OfficeClient, units: readonly string[], referralId: string): Promise<Told['views']> {
  return Promise.all(units.map(async (unit) => ({ unit, shown: await office.caseOf(unit, referralId) })));
}

function stateIn(shown: ShownCase): string {
  return shown.state === 'handover' ? `handover: ${shown.handover}` : shown.state;
}

async function example(name: string): Promise<Document> {
  return JSON.parse(await readFile(join(EXAMPLES, `${name}.json`), 'utf8')) as Document;
}

async function record(kind: 'consent' | 'override', name: string, document: Example, now: Date): Promise<unknown> {
  const file = join(CONSENT_EXAMPLES, `${kind}-${name}.json`);
  return existsSync(file) ? liveRecord(JSON.parse(await readFile(file, 'utf8')), document, now) : undefined;
}

const planDigests = ({ handoverPlan, handoverAccept, departureNotice }: Document) =>
  [handoverPlan?.replaces, handoverAccept?.planDigest, departureNotice?.planDigest].filter(
    (digest) => digest !== undefined,
  );

async function referralOf(office: OfficeClient, unit: string, messageId: string): Promise<string> {
  const { header } = (await office.message(unit, messageId)) as { header: { referralId: string } };
  return header.referralId;
}

function sameStory([one, other]: readonly ShownCase[]): boolean {
  const told = ({ state, timeline = [] }: ShownCase) =>
    JSON.stringify([
      state,
      timeline.map(({ messageId, state: here, handover, effect }) => [messageId, here, handover, effect]),
    ]);
  return one !== undefined && other !== undefined && told(one) === told(other);
}

/** Tells all stories, side by side: they are about different people and do not wait for each other. */
export function tellStories(stories: readonly Story[], office: OfficeClient): Promise<Told[]> {
  return Promise.all(stories.map((story) => replay(story, office)));
}
