import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A row of `work_batch` lives for some tens of milliseconds, so its statistics say nothing, and each new set of them has every connection plan
 * all it asks of the table anew.
 */
export class Churn12 implements MigrationInterface {
  name = 'Churn1860000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE work_batch SET (autovacuum_analyze_threshold = 1000000, autovacuum_vacuum_threshold = 2000)',
    );
  }

  async down(): Promise<void> {
    throw new Error('Going back would lose data: restore a backup instead.');
  }
}
