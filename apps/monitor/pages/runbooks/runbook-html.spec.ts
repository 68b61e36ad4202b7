import { runbookHtml } from './runbook-html';

describe('a runbook as a page', () => {
  it('has headings, paragraphs, lists, commands and links to other runbooks', () => {
    const html = runbookHtml(
      '# no_workers\n\n## Check\n\nLook *here*:\n\n1. `trao status`\n2. [queues](queue_held.md)\n\n- one\n\n```sh\ntrao doctor --json\n```\n',
    );
    expect(html).toBe(
      '<h2 class="govuk-heading-m">Check</h2><p class="govuk-body">Look <em>here</em>:</p>' +
        '<ol class="govuk-list govuk-list--number"><li><code class="trao-digest">trao status</code></li>' +
        '<li><a class="govuk-link" href="/runbooks/queue_held">queues</a></li></ol>' +
        '<ul class="govuk-list govuk-list--bullet"><li>one</li></ul>' +
        '<pre class="trao-digest trao-command" tabindex="0"><code>trao doctor --json</code></pre>',
    );
  });

  it('has tables', () => {
    expect(runbookHtml('| a | b |\n|---|---|\n| 1 | `2` |\n')).toContain(
      '<th scope="col" class="govuk-table__header">a</th>',
    );
  });

  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;'],
    ['a <b onclick="x()">b</b>', '&lt;b onclick=&quot;x()&quot;&gt;'],
    ['[x](javascript:alert(1))', '<p class="govuk-body">x</p>'],
    ['[x](https://example.org/)', '<p class="govuk-body">x</p>'],
    ['![x](https://example.org/a.png)', '<p class="govuk-body">x</p>'],
    ['`<i>`', '<code class="trao-digest">&lt;i&gt;</code>'],
    ['```\n</code><script>\n```', '&lt;/code&gt;&lt;script&gt;'],
  ])('makes no markup of %s', (markdown, expected) => {
    const html = runbookHtml(markdown);
    expect(html).toContain(expected);
    expect(html).not.toMatch(/<(?:script|b|i|img)\b/);
  });
});
