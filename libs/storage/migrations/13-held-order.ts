import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The number of a held message in its referral: a later one is not refused for its time while an earlier one still waits here. */
export class HeldOrder13 implements MigrationInterface {
  name = 'HeldOrder1870000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inbox ADD COLUMN seq int');
  }

  async down(): Promise<void> {
    throw new Error('Going back would lose data: restore a backup instead.');
  }
}
