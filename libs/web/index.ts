export { BaseShell, navigation, type PageModel, type SiteSettings } from './base-shell';
export { usePages, type EdgeSettings } from './edge';
export { keepLanguage } from './language-choice';
export {
  ChecksOwnForm,
  holdsOne,
  markPage,
  pageAccessOf,
  signedIn,
  type PageAccess,
  type Visitor,
} from './page-access';
export { PageFilter, type FormKeeper } from './page-filter';
export { assertMayVisit } from './page-guard';
export { localPath } from './paths';
export { signOff, stayOn } from './session-acts';
