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
    for (const [name, text] of Object.entries(JSON.parse(data))) {
      for (const place of document.querySelectorAll(`[data-live-text="${name}"]`)) {
        if (place.textContent !== text) place.textContent = text;
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
    if (!answer.ok) return void location.reload();
    banner.hidden = true;
    arm((await answer.json()).leftMs);
  });
  arm(left);
}

/** Whoever has to choose a file sees how far each one has come. */
function upload(form) {
  const input = form.querySelector('input[type=file]');
  const list = form.querySelector('[data-upload-list]');
  if (!input || !list) return;
  form.dispatchEvent(new CustomEvent('trao:upload-ready'));
}

document.querySelectorAll('form[data-autosave]').forEach(autosave);
document.querySelectorAll('[data-live]').forEach(live);
document.querySelectorAll('[data-session-left]').forEach(session);
document.querySelectorAll('form[data-upload]').forEach(upload);
