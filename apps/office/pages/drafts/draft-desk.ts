import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import {
  changeDraft,
  noteProgress,
  readDraft,
  readMessage,
  send,
  type DraftPorts,
  type DraftProgress,
  type ReadPorts,
  type Self,
  type SendPorts,
  type ShownDraft,
} from '../../../../libs/casework';
import { asTraoError } from '../../../../libs/errors';
import type { Option } from '../../../../libs/forms';
import { isChild } from '../../../../libs/lifecycle';
import type { Language, Translate } from '../../../../libs/pages';
import type { MessageType, Person, Purpose, Role } from '../../../../libs/schema';
import type { Officer } from '../../clients';
import { DRAFT_PORTS, READ_PORTS, SELF, SEND_PORTS } from '../../tokens';
import { assertUuid } from '../cases/case-room';
import { visitorOf } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { asWritten, toSubmission, type Written } from './lens';
import type { DraftSection } from './plan';
import { referralSections } from './referral-plan';
import { answersFor } from './reply-answers';
import { replySections, withNumbers } from './reply-plan';
import { unitOptions } from './units';

/** Whom a draft is for. */
export interface Recipient {
  readonly unit: string;
  readonly node: string;
  readonly unitClass:
    'police' | 'border' | 'consular' | 'social' | 'child_protection' | 'hotline' | 'competent_authority';
  readonly timeZone: string;
}

/** A draft on somebody's desk. */
export interface OpenedDraft {
  readonly officer: Officer;
  readonly draft: ShownDraft;
  readonly written: Written;
  readonly type: MessageType;
  readonly purpose: Purpose | undefined;
  readonly recipient: Recipient;
  /** The officer holds the role in which it is written. */
  readonly mayWrite: boolean;
  readonly sections: readonly DraftSection[];
  readonly t: Translate;
  readonly language: Language;
}

/** How often a save is tried anew when a colleague has saved another page meanwhile. */
const MOST_TRIES = 5;

/** Opens drafts for pages, and saves what was answered on them. */
@Injectable()
export class DraftDesk {
  constructor(
    readonly shell: Shell,
    @Inject(DRAFT_PORTS) readonly ports: DraftPorts,
    @Inject(READ_PORTS) readonly reading: ReadPorts,
    @Inject(SELF) readonly self: Self,
    @Inject(SEND_PORTS) private readonly sending: SendPorts,
  ) {}

  /** @throws TraoError `not_found` also for drafts of other units and for what is no id */
  async open(request: Request, id: string): Promise<OpenedDraft> {
    assertUuid(id);
    const officer = visitorOf(request);
    const draft = await readDraft(officer, id, this.ports);
    return this.opened(request, officer, draft, asWritten(draft));
  }

  /**
   * The same for a page: of a draft that was sent, as one finds it by the back button or in another tab, it shows the confirmation.
   * @returns undefined when it has answered
   */
  async openPage(request: Request, response: Response, id: string): Promise<OpenedDraft | undefined> {
    try {
      return await this.open(request, id);
    } catch (error) {
      if (asTraoError(error).code !== 'not_found') throw error;
      request.session.notice = 'drafts:sent.already';
      response.redirect(303, await this.send(visitorOf(request), id));
      return undefined;
    }
  }

  /**
   * Sends a draft, once: tried again, it gives the message that was sent.
   * @param digest the version that the officer saw; another one is not sent
   * @param referralId of a message in a case, which may be erased by now
   * @returns the path of the confirmation
   * @throws TraoError `not_found` for a draft that is not there and was not sent, what `send` throws
   */
  async send(officer: Officer, id: string, digest?: string, referralId?: string): Promise<string> {
    const handIn = { draftId: id, ...(digest !== undefined && { digest }) };
    const [idempotencyKey, clientId] = [`draft-${id}`, `pages:${officer.unit}`];
    const { messageId } = await send(
      { unit: officer.unit, actor: officer, handIn, idempotencyKey, clientId },
      this.sending,
    );
    const thread = referralId ?? (await readMessage(officer, messageId, this.reading))?.header.referralId;
    return thread === undefined ? '/work' : `/cases/${thread}/sent/${messageId}`;
  }

  /** The draft as it would be with other answers: what it asks then. */
  async opened(request: Request, officer: Officer, draft: ShownDraft, written: Written): Promise<OpenedDraft> {
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    const { header } = written.document;
    const type = header['messageType'] as MessageType;
    const purpose = header['purpose'] as Purpose | undefined;
    const recipient = this.recipient(String(header['recipientUnit']));
    const choice = { t, language, timeZone: this.shell.timeZone, units: unitOptions(this.self, language) };
    const authorRole = header['authorRole'] as Role;
    const now = () => this.ports.clock.now();
    const person = written.document['person'] as Person | undefined;
    const sections =
      type === 'referral' && purpose !== undefined
        ? referralSections(written, {
            ...choice,
            answers: { 'referral/person.photo': photosOf(draft, t) },
            tie: { ...recipient, purpose },
            first: {
              status: 'given',
              takenByUnit: officer.unit,
              explainedBy: { role: authorRole, unit: officer.unit },
            },
            child: isChild(person, now().toISOString().slice(0, 10)),
            now,
          })
        : replySections(type, {
            ...choice,
            purpose,
            answers: await answersFor(officer, written.document, { t, language, reading: this.reading, purpose }),
          });
    const mayWrite = officer.roles.includes(authorRole);
    return { officer, draft, written, type, purpose, recipient, mayWrite, sections, t, language };
  }

  /**
   * Saves what `change` makes of the draft; what somebody saved on another page meanwhile stays. Without a change the draft is left
   * alone, with everything that was agreed to.
   * @param change gives undefined to save nothing
   * @throws TraoError `forbidden`, `not_found`, `draft_changed` when it never came to rest
   */
  async save(request: Request, id: string, change: (opened: OpenedDraft) => Written | undefined): Promise<OpenedDraft> {
    for (let tries = 1; ; tries += 1) {
      const opened = await this.open(request, id);
      const changed = change(opened);
      const next = changed && { ...changed, document: withNumbers(changed.document) };
      if (!next || JSON.stringify(next) === JSON.stringify(opened.written)) return opened;
      const ref = { unit: opened.officer.unit, id, digest: opened.draft.digest };
      try {
        await changeDraft(opened.officer, ref, toSubmission(next), this.ports);
        return await this.open(request, id);
      } catch (error) {
        if (asTraoError(error).code !== 'draft_changed' || tries === MOST_TRIES) throw error;
      }
    }
  }

  /** Notes how far the writers have come. That is no part of what is agreed to. */
  async note(opened: OpenedDraft, progress: DraftProgress): Promise<void> {
    const { officer, draft } = opened;
    if (JSON.stringify(progress) === JSON.stringify(draft.progress)) return;
    const ref = { unit: officer.unit, id: draft.id, digest: draft.digest };
    await noteProgress(officer, ref, progress, this.ports);
  }

  private recipient(unit: string): Recipient {
    const { node, unit: found } = this.self.partners().activeUnit(unit, this.ports.clock.now());
    return { unit, node: node.id, unitClass: found.class, timeZone: node.workingHours.timezone };
  }
}

function photosOf({ files = [] }: ShownDraft, t: Translate): Option[] {
  const photos = files.filter(({ type }) => type === 'photo');
  return photos.map(({ sha256 }, index) => ({ value: sha256, label: t('drafts:photo', { number: index + 1 }) }));
}
