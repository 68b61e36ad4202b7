import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { IdentityConfig } from '../demo-config';
import { listenHere, type Service } from '../listen';
import { html, languageOf, sendPage, sendStyle } from '../page';
import { TEXTS } from '../texts';
import { DEMO_ACR, openProvider } from './provider';
import { signInPage } from './sign-in-page';

const INTERACTION = /^\/interaction\/([\w-]+)$/;
const MAX_FORM_BYTES = 4_096;

/** Serves the identity provider of a node and its sign-in page. */
export function serveIdentity(config: IdentityConfig): Promise<Service> {
  const provider = openProvider(config);
  const protocol = provider.callback();
  const server = createServer((request, response) => {
    if (sendStyle(request, response)) return;
    const url = new URL(request.url ?? '/', 'http://localhost');
    const uid = INTERACTION.exec(url.pathname)?.[1];
    if (uid === undefined) return void protocol(request, response);
    const asked = url.searchParams.get('lang');
    answer(provider, config, { uid, asked }, request, response).catch(() => sayLost(request, response, asked));
  });
  return listenHere(server, config.port);
}

interface Asked {
  readonly uid: string;
  readonly asked: string | null;
}

/** Shows who there is, or signs in who was picked. @throws when the sign-in is over or the form is none */
async function answer(
  provider: Provider,
  config: IdentityConfig,
  { uid, asked }: Asked,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { params, session } = await provider.interactionDetails(request, response);
  const language = languageOf(request, asked ?? params['ui_locales']);
  const people = config.clients.find(({ clientId }) => clientId === params['client_id'])?.people ?? [];
  if (request.method === 'POST') {
    const sub = new URLSearchParams(await readForm(request)).get('sub');
    if (people.some((person) => person.sub === sub)) {
      const login = { accountId: sub!, acr: DEMO_ACR, amr: ['demo'], remember: false };
      return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
    }
  }
  const origins = config.clients.map(({ origin }) => origin);
  sendPage(response, 200, signInPage(config, people, { uid, language, again: session?.accountId }), origins);
}

function sayLost(request: IncomingMessage, response: ServerResponse, asked: string | null): void {
  if (response.headersSent) return void response.destroy();
  const language = languageOf(request, asked);
  const texts = TEXTS[language];
  sendPage(response, 400, { language, title: texts.lost, body: html`<p>${texts.lostNext}</p>` });
}

async function readForm(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_FORM_BYTES) throw new RangeError('form too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
