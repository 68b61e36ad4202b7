import { routeOf, templateOf } from './route-template';

it.each([
  [{ route: { path: '/v1/messages/:id' } }, '/v1/messages/:id'],
  [{ route: { path: '/x' }, baseUrl: '/v1' }, '/v1/x'],
  [{ route: { path: /x/ } }, 'none'],
  [{}, 'none'],
])('is the template of the route that serves a request: %j', (request, route) => {
  expect(routeOf(request)).toBe(route);
});

it.each([
  ['/v1/messages', '/v1/messages'],
  ['/v1/attachments/01a1c0a0-91d8-7f7c-8fa6-000000000000', '/v1/attachments/:id'],
  ['/v1/directory?after=7#x', '/v1/directory'],
  ['/v1/directory/17', '/v1/directory/:id'],
  ['/v1/Nguyen/%20', '/v1/:id/:id'],
  ['', ''],
])('is the path of a partner without ids: %s', (path, template) => {
  expect(templateOf(path)).toBe(template);
});
