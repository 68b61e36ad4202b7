import { faultAt, RULES, type Fault, type RuleCode } from '../errors';
import type { Lang } from '../schema';
import { faultsByField, formOf, type FormTarget } from '.';

const form = (paths?: string[], target: FormTarget = 'referral', language: Lang = 'en') =>
  formOf(target, { language, paths });
function sentence(path: string, fault: Fault, language: Lang = 'en'): string | undefined {
  return faultsByField(form([path], 'referral', language), [fault], language).all[0]?.text;
}
const required = (pointer: string) => faultAt(pointer, 'required_for_purpose');

describe('a fault at its field', () => {
  it.each([
    ['person.name', required('/person/name/full'), 'Enter the full name', 'Hãy nhập họ và tên'],
    [
      'person.name',
      required('/person/name'),
      'Answer the questions under “Name”',
      'Hãy trả lời các câu hỏi trong mục “Họ và tên”',
    ],
    [
      'person.citizenship',
      required('/person/citizenship'),
      'Add at least one entry under “Citizenship”',
      'Hãy thêm ít nhất một mục vào “Quốc tịch”',
    ],
    ['person.gender', required('/person/gender'), 'Select the gender', 'Hãy chọn giới tính'],
    [
      'exploitation.types',
      faultAt('/exploitation/types', 'too_few_entries', 1),
      'Select at least one form of exploitation',
      'Hãy chọn ít nhất một hình thức bóc lột',
    ],
    [
      'police',
      required('/police/reported'),
      'Select yes or no: “Reported to the police”',
      'Hãy chọn có hoặc không: “Đã trình báo công an, cảnh sát”',
    ],
    [
      'return',
      faultAt('/return/voluntary', 'not_the_value'),
      'This must be confirmed: “The person has decided freely to return”',
      'Cần xác nhận: “Người đó tự nguyện quyết định trở về”',
    ],
    [
      'person.birth',
      faultAt('/person/birth/date', 'wrong_format', 'date'),
      'Full date of birth must be a real date, such as 27 3 2026',
      'Ngày sinh đầy đủ phải là ngày có thật, ví dụ 27 3 2026',
    ],
    [
      'person.birth',
      faultAt('/person/birth/year', 'wrong_type', 'a whole number'),
      'Year of birth must be a whole number, such as 3',
      'Năm sinh phải là số nguyên, ví dụ 3',
    ],
    [
      'person.birth',
      faultAt('/person/birth/ageBand', 'code_not_listed'),
      'Select one of the answers that are listed: the age band',
      'Hãy chọn một trong các câu trả lời có sẵn: nhóm tuổi',
    ],
    [
      'police',
      faultAt('/police/reported', 'wrong_type', 'true or false'),
      'Select yes or no: “Reported to the police”',
      'Hãy chọn có hoặc không: “Đã trình báo công an, cảnh sát”',
    ],
    [
      'contact',
      faultAt('/contact/focal/phone', 'wrong_form'),
      'Work telephone number (Focal person of the unit) must be in international form, such as +84 24 3825 0000',
      'Số điện thoại công vụ (Cán bộ đầu mối của đơn vị) phải theo dạng quốc tế, ví dụ +84 24 3825 0000',
    ],
    [
      'person.name',
      faultAt('/person/name/latin', 'wrong_form'),
      'Name as in a travel document has characters that are not allowed here',
      'Họ và tên như trong giấy tờ đi lại có ký tự không được phép',
    ],
    [
      'alert',
      faultAt('/alert/window/from', 'wrong_form'),
      'From (When) must be a real date and a time that exists, such as 27 3 2026 and 21:05',
      'Từ (Thời gian) phải là ngày và giờ có thật, ví dụ 27 3 2026 và 21:05',
    ],
    [
      'alert',
      faultAt('/alert/window/to', 'wrong_format', 'date-time'),
      'To (When) must be a real date and a time that exists, such as 27 3 2026 and 21:05',
      'Đến (Thời gian) phải là ngày và giờ có thật, ví dụ 27 3 2026 và 21:05',
    ],
    [
      'exploitation.places',
      faultAt('/exploitation/places/1/month', 'wrong_form'),
      'Month (Place 2) must be a real month, such as 3 2026',
      'Tháng (Địa điểm 2) phải là tháng có thật, ví dụ 3 2026',
    ],
    [
      'person.aliases',
      faultAt('/person/aliases/1', 'too_long', 200),
      'Other name 2 must have at most 200 characters',
      'Tên gọi khác 2 chỉ được có tối đa 200 ký tự',
    ],
    [
      'trace',
      required('/trace/persons/0/name/latin'),
      'Enter the name as it is in a travel document (Person 1, Name)',
      'Hãy nhập họ và tên như trong giấy tờ đi lại (Người 1, Họ và tên)',
    ],
  ] as const)('of %s is a sentence: %o', (path, fault, english, vietnamese) => {
    expect(sentence(path, fault)).toBe(english);
    expect(sentence(path, fault, 'vi')).toBe(vietnamese);
  });

  it('has words for every rule at every kind of field', () => {
    const fields = form();
    const pointers = [
      '/person/name/full',
      '/person',
      '/needs',
      '/person/gender',
      '/police/reported',
      '/guardian/safe',
      '/exploitation/types',
      '/person/birth/date',
      '/location/precise/expiresAt',
      '/guardian/unit',
      '/person/photo',
    ];
    for (const code of Object.keys(RULES) as RuleCode[]) {
      for (const pointer of pointers) {
        for (const language of ['en', 'vi'] as const) {
          const { all, ofPage } = faultsByField(fields, [faultAt(pointer, code, 1, 2, 3)], language);
          expect([all.length, ofPage.length]).toEqual([1, 0]);
          expect(all[0]).toMatchObject({ code, pointer });
          expect(all[0]!.text).not.toMatch(/\{\d\}|undefined/);
        }
      }
    }
  });

  it('stands under the name of its field, with a link to its first control', () => {
    const fields = form(['person.birth', 'person.communicationNeeds', 'person.documents', 'needs']);
    const places: [string, string, string][] = [
      ['/person/birth', 'person.birth', '#person-birth-date-day'],
      ['/person/birth/date', 'person.birth.date', '#person-birth-date-day'],
      ['/person/communicationNeeds/1', 'person.communicationNeeds', '#person-communicationNeeds'],
      ['/person/documents', 'person.documents', '#person-documents-0-type'],
      ['/person/documents/2/number', 'person.documents[2].number', '#person-documents-2-number'],
      ['/person/documents/2', 'person.documents[2]', '#person-documents-2-type'],
      ['/person/documents/x/number', 'person.documents', '#person-documents-0-type'],
      ['/person/documents/999/number', 'person.documents', '#person-documents-0-type'],
      ['/person/birth/unknown', 'person.birth', '#person-birth-date-day'],
    ];
    for (const [pointer, name, href] of places) {
      const { byField } = faultsByField(fields, [required(pointer)], 'en');
      expect([...byField].map(([key, [fault]]) => [key, fault!.href])).toEqual([[name, href]]);
    }
  });

  it('is of the page where no field asks for its place', () => {
    const { ofPage, byField } = faultsByField(
      form(['person.gender']),
      [required('/person/name'), required('/header/purpose'), required('')],
      'vi',
    );
    expect(byField.size).toBe(0);
    expect(ofPage.map(({ text, href }) => [text, href])).toEqual([
      ['Họ và tên là bắt buộc đối với mục đích này', undefined],
      ['Mục đích là bắt buộc đối với mục đích này', undefined],
      ['Thông điệp là bắt buộc đối với mục đích này', undefined],
    ]);
  });

  it('comes in the order of the page, several at one field together', () => {
    const fields = form(['person.name', 'person.gender', 'person.documents']);
    const faults = [
      required('/person/documents/0/type'),
      faultAt('', 'against_schema'),
      required('/person/gender'),
      faultAt('/person/gender', 'code_not_listed'),
      required('/person/name/full'),
    ];
    const { all, byField } = faultsByField(fields, faults, 'en');
    expect(all.map(({ pointer }) => pointer)).toEqual([
      '',
      '/person/name/full',
      '/person/gender',
      '/person/gender',
      '/person/documents/0/type',
    ]);
    expect(byField.get('person.gender')).toHaveLength(2);
  });
});
