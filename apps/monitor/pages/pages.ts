import type { Type } from '@nestjs/common';
import { SignInController } from './sign-in/sign-in.controller';

/** Every controller of pages: a new one is listed here, and in the table of who may do what (test/e2e). */
export const pageControllers: Type[] = [SignInController];
