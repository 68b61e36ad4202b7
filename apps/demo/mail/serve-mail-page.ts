import { createServer } from 'node:http';
import type { Language } from '../demo-config';
import { listenHere, type Service } from '../listen';
import { headersOf, html, languageOf, sendPage, sendStyle, type Page } from '../page';
import { TEXTS } from '../texts';
import type { CaughtMail, Mailbox } from './mailbox';

/** Shows what was caught: to people at `/`, to programs at `/messages.json`. */
export function serveMailPage(port: number, mailbox: Mailbox): Promise<Service> {
  const server = createServer((request, response) => {
    if (sendStyle(request, response)) return;
    const url = new URL(request.url ?? '/', 'http://localhost');
    const language = languageOf(request, url.searchParams.get('lang'));
    if (request.method === 'GET' && url.pathname === '/messages.json') {
      response.writeHead(200, { ...headersOf(), 'content-type': 'application/json' });
      return void response.end(JSON.stringify(mailbox.list()));
    }
    if (request.method === 'GET' && url.pathname === '/')
      return sendPage(response, 200, mailPage(mailbox.list(), language));
    const texts = TEXTS[language];
    sendPage(response, 404, { language, title: texts.unknown, body: html`<p>${texts.unknownText}</p>` });
  });
  return listenHere(server, port);
}

function mailPage(mails: readonly CaughtMail[], language: Language): Page {
  const texts = TEXTS[language];
  const heads = [texts.time, texts.to, texts.subject, texts.text].map((head) => html`<th scope="col">${head}</th>`);
  const rows = mails.map(
    ({ at, to, subject, text }) =>
      html`<tr>
        <td><time datetime="${at}">${shownTime(at)}</time></td>
        <td>${to.join(', ')}</td>
        <td>${subject}</td>
        <td>${text}</td>
      </tr>`,
  );
  const list =
    mails.length === 0
      ? html`<p>${texts.noMail}</p>`
      : html`<table>
          <thead>
            <tr>
              ${heads}
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>`;
  return {
    language,
    title: texts.mail,
    body: html`<p>${texts.mailText}</p>
      ${list}`,
    otherLanguage: `/?lang=${language === 'en' ? 'vi' : 'en'}`,
  };
}

/** dd/MM/yyyy HH:mm:ss */
const shownTime = (at: string) => at.replace(/^(\d{4})-(\d\d)-(\d\d)T([\d:]{8}).*$/, '$3/$2/$1 $4');
