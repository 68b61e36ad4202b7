import type { Type } from '@nestjs/common';

/** The interface of programs and of the command line: every controller under /v1. */
export const restControllers: Type[] = [];
