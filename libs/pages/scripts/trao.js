// Everything on the pages works without this file. It adds autosave, live status and the warning before a session ends.

/** Sends a form's answers some time after the last key, and tells in its status line when they were kept. */
function autosave(form) {
  const line = form.querySelector('[data-autosave-line]');
  let waiting;
  let running = Promise.resolve();
  const say = (text) => {
    if (line) line.textContent = text;
  };
  const save = async () => {
    waiting = undefined;
    const body = new URLSearchParams(new FormData(form));
    body.delete('then');
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: 'POST',
        body,
        headers: { accept: 'application/json' },
      });
      const { base, line: text } = await answer.json();
      if (base) form.querySelector('input[name=base]').value = base;
      say(text ?? form.dataset.autosaveFailed);
    } catch {
      say(form.dataset.autosaveFailed);
    }
  };
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => (running = running.then(save)), 1500);
  };
  form.addEventListener('input', later);
  form.addEventListener('change', later);
  form.addEventListener('submit', () => clearTimeout(waiting));
}

/** Replaces texts of the page when something has changed at the server. */
function live(element) {
  const source = new EventSource(element.dataset.live);
  source.addEventListener('status', ({ data }) => {
    for (const [name, { text, classes }] of Object.entries(JSON.parse(data))) {
      for (const place of document.querySelectorAll(`[data-live-text="${name}"]`)) {
        if (place.textContent !== text) place.textContent = text;
        if (place.classList.contains('govuk-tag')) place.className = `govuk-tag ${classes}`;
      }
    }
  });
  source.addEventListener('reload', () => {
    const notice = document.querySelector('[data-live-reload]');
    if (notice) notice.hidden = false;
  });
}

const WARN_BEFORE_MS = 5 * 60_000;

/** Warns five minutes before the session ends, and lets people stay. */
function session(banner) {
  const left = Number(banner.dataset.sessionLeft);
  let timer;
  const arm = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(() => (banner.hidden = false), Math.max(0, ms - WARN_BEFORE_MS));
  };
  banner.querySelector('[data-session-more]').addEventListener('click', async () => {
    const body = new URLSearchParams({ _csrf: banner.dataset.csrf });
    const answer = await fetch(banner.dataset.sessionStay, {
      method: 'POST',
      body,
      headers: { accept: 'application/json' },
    });
    if (!answer.ok) {
      location.reload();
      return;
    }
    banner.hidden = true;
    arm((await answer.json()).leftMs);
  });
  arm(left);
}

const PIECE_BYTES = 1024 * 1024;
const TRIES = 5;

/** Sends several files at once, shows how far each one is, and goes on after an interruption. */
function upload(form) {
  const { upload: address, uploadWords, uploadPending } = form.dataset;
  const words = JSON.parse(uploadWords);
  const pending = JSON.parse(uploadPending ?? '[]');
  const input = form.querySelector('input[type=file]');
  const list = form.querySelector('[data-upload-list]');
  const token = form.querySelector('input[name=_csrf]').value;
  const headers = { accept: 'application/json', 'x-trao-form-token': token };

  const lineFor = (file) => {
    const item = document.createElement('li');
    const name = document.createElement('span');
    name.textContent = file.name;
    const bar = document.createElement('progress');
    bar.className = 'trao-progress';
    bar.max = Math.max(1, file.size);
    bar.setAttribute('aria-label', file.name);
    const status = document.createElement('span');
    status.setAttribute('role', 'status');
    const again = document.createElement('button');
    again.type = 'button';
    again.className = 'govuk-button govuk-button--secondary';
    again.textContent = words.again;
    again.hidden = true;
    item.append(name, bar, status, again);
    list.append(item);
    return {
      moved: (offset) => {
        bar.value = offset;
        status.textContent = words.percent.replace('{n}', Math.floor((100 * offset) / bar.max));
      },
      done: () => (status.textContent = words.done),
      failed: (text, retry) => {
        status.textContent = text;
        again.hidden = !retry;
        again.onclick = () => {
          again.hidden = true;
          void retry();
        };
      },
    };
  };

  const ask = async (method, url, more = {}) => {
    const response = await fetch(url, { method, ...more, headers: { ...headers, ...more.headers } });
    const answer = await response.json();
    if (response.ok) return answer;
    throw Object.assign(new Error(answer.line), { line: answer.line, final: !answer.again });
  };

  const begin = async (file, type) => {
    const known = pending.find(({ name, bytes }) => name === file.name && bytes === file.size);
    if (known) return ask('GET', `${address}/${known.id}`);
    const body = new URLSearchParams({ _csrf: token, name: file.name, type, bytes: String(file.size) });
    return ask('POST', address, { body });
  };

  const send = async (file, type, line, started) => {
    let { id, offset } = started ?? {};
    for (let tries = 0; ; tries += 1) {
      try {
        ({ id, offset } = id ? await ask('GET', `${address}/${id}`) : await begin(file, type));
        line.moved(offset);
        while (offset < file.size) {
          const body = file.slice(offset, offset + PIECE_BYTES);
          ({ offset } = await ask('PATCH', `${address}/${id}`, {
            body,
            headers: { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
          }));
          line.moved(offset);
          tries = 0;
        }
        line.done();
        return true;
      } catch (error) {
        if (error.final) {
          line.failed(error.line);
          return false;
        }
        if (tries >= TRIES) {
          line.failed(words.failed, async () => (await send(file, type, line, { id })) && location.reload());
          return false;
        }
        await new Promise((done) => setTimeout(done, 500 * 2 ** tries));
      }
    }
  };

  form.addEventListener('submit', async (event) => {
    if (input.files.length === 0) return;
    event.preventDefault();
    const type = form.querySelector('[name=type]').value;
    list.replaceChildren();
    const results = await Promise.all([...input.files].map((file) => send(file, type, lineFor(file))));
    if (results.every(Boolean)) location.reload();
  });
}

document.querySelectorAll('form[data-autosave]').forEach(autosave);
document.querySelectorAll('[data-live]').forEach(live);
document.querySelectorAll('[data-session-left]').forEach(session);
document.querySelectorAll('form[data-upload]').forEach(upload);
