import 'reflect-metadata';
import { RequestMethod, type Type } from '@nestjs/common';
import { MonitorModule, type MonitorParts } from '../../apps/monitor/monitor.module';
import { OfficeModule, type OfficeParts } from '../../apps/office/office.module';
import type { PageParts } from '../../apps/office/pages/pages';
import { pageAccessOf } from '../../libs/web';

/** A route of an app, as its controllers declare it. */
export interface Route {
  /** Such as `GET /cases/:id`. */
  readonly name: string;
  readonly method: string;
  /** With its parameters as `:name`. */
  readonly path: string;
  /** A page for people, or REST for programs. */
  readonly kind: 'page' | 'rest';
}

/** Every route of an office with pages, read off the controllers that its module registers. */
export function officeRoutes(): Route[] {
  // Only the list of controllers is wanted, and none is made: the parts that they would be given are not looked at.
  const { controllers = [] } = OfficeModule.register({ pages: {} as PageParts } as OfficeParts);
  return sorted(controllers);
}

/** Every route of a monitor. */
export function monitorRoutes(): Route[] {
  return sorted(MonitorModule.register({} as MonitorParts).controllers ?? []);
}

const sorted = (controllers: Type[]) => controllers.flatMap(routesOf).toSorted((a, b) => a.name.localeCompare(b.name));

function routesOf(controller: Type): Route[] {
  const prefixes = pathsIn(controller);
  return Object.getOwnPropertyNames(controller.prototype).flatMap((member) => {
    const handler = (controller.prototype as Record<string, unknown>)[member];
    if (typeof handler !== 'function' || !Reflect.hasMetadata('method', handler)) return [];
    const method = RequestMethod[Reflect.getMetadata('method', handler) as RequestMethod];
    const kind = pageAccessOf(handler) === undefined ? 'rest' : 'page';
    return prefixes.flatMap((prefix) =>
      pathsIn(handler).map((rest) => {
        const path = `/${[prefix, rest]
          .map((part) => part.replace(/^\/+|\/+$/g, ''))
          .filter(Boolean)
          .join('/')}`;
        return { name: `${method} ${path}`, method, path, kind } as const;
      }),
    );
  });
}

function pathsIn(target: object): string[] {
  const path = Reflect.getMetadata('path', target) as string | string[] | undefined;
  return Array.isArray(path) ? path : [path ?? ''];
}
