import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What retention finds requests and alarms by. */
export class Bounds11 implements MigrationInterface {
  name = 'Bounds1850000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE INDEX idempotency_at ON idempotency (at);
CREATE INDEX alarm_folded ON alarm (at) WHERE folded;
`);
  }

  async down(): Promise<void> {
    throw new Error('Going back would lose data: restore a backup instead.');
  }
}
