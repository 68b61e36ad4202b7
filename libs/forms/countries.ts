import type { Lang } from '../schema';
import type { Option } from './field';

/** ISO 3166-1: the code of three letters, which documents have, and the one of two, by which the platform knows the name. */
const ISO_3166 =
  'ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG AUSAU AUTAT AZEAZ BDIBI ' +
  'BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM BOLBO BRABR BRBBB BRNBN BTNBT ' +
  'BVTBV BWABW CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG COKCK COLCO COMKM CPVCV CRICR CUBCU ' +
  'CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET ' +
  'FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA GBRGB GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR ' +
  'GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR ' +
  'IRQIQ ISLIS ISRIL ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB ' +
  'LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH ' +
  'MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC NERNE ' +
  'NFKNF NGANG NICNI NIUNU NLDNL NORNO NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL ' +
  'PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG SGSGS SHNSH SJMSJ ' +
  'SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY TCATC ' +
  'TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY ' +
  'USAUS UZBUZ VATVA VCTVC VENVE VGBVG VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ZMBZM ZWEZW';

const ALPHA_2: ReadonlyMap<string, string> = new Map(
  ISO_3166.split(' ').map((pair) => [pair.slice(0, 3), pair.slice(3)]),
);

/** Where our papers write a name in another way than the platform does. */
const OWN_NAMES: { readonly [country: string]: { readonly [language in Lang]: string } } = {
  VNM: { en: 'Viet Nam', vi: 'Việt Nam' },
};

/** Codes of ISO 3166-1 for private use, as documents for travel have them; last, so that nobody takes one in passing. */
const WITHOUT_COUNTRY: readonly { readonly code: string; readonly name: { readonly [language in Lang]: string } }[] = [
  { code: 'XXA', name: { en: 'Stateless', vi: 'Người không quốc tịch' } },
  { code: 'XXX', name: { en: 'Not known', vi: 'Chưa rõ' } },
];

const lists = new Map<Lang, readonly Option[]>();

/** Every country with its name, in the alphabet of the language, then stateless and not known. */
export function countryOptions(language: Lang): readonly Option[] {
  const known = lists.get(language);
  if (known) return known;
  const names = new Intl.DisplayNames([language], { type: 'region' });
  const { compare } = new Intl.Collator(language);
  const countries = [...ALPHA_2]
    .map(([value, region]) => ({ value, label: OWN_NAMES[value]?.[language] ?? (names.of(region) as string) }))
    .toSorted((a, b) => compare(a.label, b.label));
  const options = [...countries, ...WITHOUT_COUNTRY.map(({ code, name }) => ({ value: code, label: name[language] }))];
  lists.set(language, options);
  return options;
}
