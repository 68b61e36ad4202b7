/** The look of the demonstration's own pages: plain, readable, and not that of an office. */
export const STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #ffffff; color: #14202b; font: 1.0625rem/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 2rem; padding: 0.25rem 1rem; background: #3b2f63; color: #ffffff; }
header p { margin: 0.5rem 0; font-weight: 700; }
header nav { margin: 0.5rem 0; }
header a { color: #ffffff; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
.notice { padding: 0.75rem 1rem; border-left: 0.5rem solid #3b2f63; background: #f1eef8; }
h1 { font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 2rem 0 0.25rem; font-size: 1.25rem; }
ul { margin: 0; padding: 0; list-style: none; }
li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.25rem 1.5rem; padding: 0.5rem 0; border-bottom: 1px solid #b9c0c7; }
li p { margin: 0; }
button { min-height: 2.75rem; padding: 0.5rem 1rem; border: 0; background: #3b2f63; color: #ffffff; font: inherit; cursor: pointer; }
button:hover { background: #2a2147; }
a:focus-visible, button:focus-visible { outline: 3px solid #ffbf47; outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.5rem 0.75rem 0.5rem 0; border-bottom: 1px solid #b9c0c7; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
`;
