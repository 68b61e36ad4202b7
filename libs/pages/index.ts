export { loadAssets, type Asset, type Assets } from './assets';
export { createEngine, type Draw, type Frame } from './engine';
export { asLanguage, languageOf, LANGUAGE_COOKIE } from './languages';
export { guardHeaders, nonceOf } from './policy';
export { LANGUAGES, loadTexts, type Language, type Translate } from './texts';
