/**
 * What is mutated, part by part, and the specs that must notice. A part runs only the specs of its own lib: they answer for it,
 * and a thousand mutants cost a thousand runs of them.
 */
const RULES = ['!**/*.spec.ts', '!**/index.ts', '!**/fixtures/**'];

module.exports = {
  PARTS: {
    lifecycle: { mutate: ['libs/lifecycle/**/*.ts', ...RULES], specs: ['libs/lifecycle/**/*.spec.ts'] },
    consent: {
      mutate: ['libs/protection/{consent,scopes}*.ts', ...RULES],
      specs: ['libs/protection/**/*.spec.ts'],
    },
    // Without the damage at every byte: it costs minutes per mutant, and a named check must notice first.
    envelope: { mutate: ['libs/envelope/**/*.ts', ...RULES], specs: ['libs/envelope/**/!(damage-*).spec.ts'] },
    trust: { mutate: ['libs/trust/**/*.ts', ...RULES], specs: ['libs/trust/**/*.spec.ts'] },
  },
  /** The name of the part that this process and its children work on. */
  PART_VARIABLE: 'MUTATION_PART',
};
