import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { IrisDialect } from '@iris-devtools/driver/kysely';
import { startEmulator, type Emulator } from '@iris-devtools/emulator';
import { Kysely, Migrator, sql, type Generated } from 'kysely';

interface Database {
  person: {
    id: Generated<number>;
    first_name: string;
    last_name: string | null;
    age: number;
    active: Generated<boolean>;
  };
  pet: { id: Generated<number>; owner_id: number; name: string };
}

let emulator: Emulator;
let db: Kysely<Database>;

beforeAll(async () => {
  emulator = await startEmulator();
  db = new Kysely<Database>({ dialect: new IrisDialect({ connection: emulator.url }) });
  await db.schema
    .createTable('person')
    .ifNotExists()
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('first_name', 'varchar(100)', (column) => column.notNull())
    .addColumn('last_name', 'varchar(100)')
    .addColumn('age', 'integer', (column) => column.notNull())
    .addColumn('active', 'boolean', (column) => column.defaultTo(1))
    .execute();
  await db.schema
    .createTable('pet')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('owner_id', 'integer', (column) => column.notNull())
    .addColumn('name', 'varchar(100)', (column) => column.notNull())
    .addUniqueConstraint('pet_name', ['name'])
    .execute();
  await db.schema.createIndex('pet_owner').on('pet').column('owner_id').execute();
});

afterAll(async () => {
  await db.destroy();
  await emulator.stop();
});

beforeEach(async () => {
  await db.deleteFrom('pet').execute();
  await db.deleteFrom('person').execute();
  await db
    .insertInto('person')
    .values([
      { first_name: 'Jennifer', last_name: 'Aniston', age: 51 },
      { first_name: 'Arnold', last_name: null, age: 70 },
      { first_name: 'Sylvester', last_name: '', age: 68 },
    ])
    .execute();
});

describe('Kysely on IRIS', () => {
  it('selects with conditions, order, limit and offset', async () => {
    const query = db
      .selectFrom('person')
      .select(['first_name', 'age'])
      .where('age', '>', 50)
      .orderBy('age', 'desc');
    expect(await query.execute()).toEqual([
      { first_name: 'Arnold', age: 70 },
      { first_name: 'Sylvester', age: 68 },
      { first_name: 'Jennifer', age: 51 },
    ]);
    expect(await query.limit(1).offset(1).execute()).toEqual([{ first_name: 'Sylvester', age: 68 }]);
    expect(await db.selectFrom('person').select('age').top(1).orderBy('age').execute()).toEqual([
      { age: 51 },
    ]);
    expect(await query.where('first_name', 'in', ['Arnold', 'Nobody']).executeTakeFirst()).toEqual({
      first_name: 'Arnold',
      age: 70,
    });
  });

  it('keeps NULL and the empty string apart', async () => {
    const rows = await db
      .selectFrom('person')
      .select(['first_name', 'last_name'])
      .orderBy('first_name')
      .execute();
    expect(rows.map((row) => row.last_name)).toEqual([null, 'Aniston', '']);
    const unknown = await db
      .selectFrom('person')
      .select('first_name')
      .where('last_name', 'is', null)
      .execute();
    expect(unknown).toEqual([{ first_name: 'Arnold' }]);
  });

  it('joins, groups, and uses subqueries and CTEs', async () => {
    const owner = await db
      .selectFrom('person')
      .select('id')
      .where('first_name', '=', 'Arnold')
      .executeTakeFirstOrThrow();
    const ownerId = owner.id;
    await db
      .insertInto('pet')
      .values(['Dutch', 'Conan'].map((name) => ({ owner_id: ownerId, name })))
      .execute();
    const joined = await db
      .selectFrom('person')
      .innerJoin('pet', 'pet.owner_id', 'person.id')
      .select(['person.first_name', 'pet.name as pet_name'])
      .orderBy('pet.name')
      .execute();
    expect(joined).toEqual([
      { first_name: 'Arnold', pet_name: 'Conan' },
      { first_name: 'Arnold', pet_name: 'Dutch' },
    ]);
    const counted = await db
      .selectFrom('person')
      .leftJoin('pet', 'pet.owner_id', 'person.id')
      .select(({ fn }) => ['person.first_name', fn.count('pet.id').as('pets')])
      .groupBy('person.first_name')
      .orderBy('person.first_name')
      .execute();
    expect(counted.map((row) => Number(row.pets))).toEqual([2, 0, 0]);
    const old = await db
      .with('old_people', (qb) => qb.selectFrom('person').select(['id', 'first_name']).where('age', '>', 60))
      .selectFrom('old_people')
      .select('first_name')
      .where('id', 'in', (qb) => qb.selectFrom('pet').select('owner_id'))
      .execute();
    expect(old).toEqual([{ first_name: 'Arnold' }]);
  });

  it('updates and deletes, and counts what it changed', async () => {
    const updated = await db
      .updateTable('person')
      .set({ age: 1, active: false })
      .where('age', '>', 60)
      .executeTakeFirst();
    expect(updated.numUpdatedRows).toBe(2n);
    expect(await db.selectFrom('person').select('active').where('age', '=', 1).execute()).toEqual([
      { active: false },
      { active: false },
    ]);
    const deleted = await db.deleteFrom('person').where('age', '=', 1).executeTakeFirst();
    expect(deleted.numDeletedRows).toBe(2n);
  });

  it('commits, rolls back, and goes back to savepoints', async () => {
    const count = async (): Promise<number> =>
      Number(
        (
          await db
            .selectFrom('person')
            .select(({ fn }) => fn.countAll().as('n'))
            .executeTakeFirstOrThrow()
        ).n,
      );
    await db
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (trx) => {
        await trx.insertInto('person').values({ first_name: 'A', age: 1 }).execute();
      });
    expect(await count()).toBe(4);
    await expect(
      db.transaction().execute(async (trx) => {
        await trx.insertInto('person').values({ first_name: 'B', age: 1 }).execute();
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await count()).toBe(4);
    const controlled = await db.startTransaction().execute();
    const inside = await controlled.savepoint('here').execute();
    await inside.deleteFrom('person').execute();
    await inside.rollbackToSavepoint('here').execute();
    await controlled.commit().execute();
    expect(await count()).toBe(4);
    await expect(
      db
        .transaction()
        .setIsolationLevel('serializable')
        .execute(() => Promise.resolve()),
    ).rejects.toMatchObject({ code: 'IRIS_UNSUPPORTED' });
  });

  it('streams', async () => {
    const ages: number[] = [];
    for await (const { age } of db.selectFrom('person').select('age').orderBy('age').stream(2))
      ages.push(age);
    expect(ages).toEqual([51, 68, 70]);
  });

  it('runs raw SQL with parameters', async () => {
    const { rows } = await sql<{ n: string }>`select upper(${'abc'}) as n`.execute(db);
    expect(rows).toEqual([{ n: 'ABC' }]);
  });

  it('refuses what IRIS has no form for, before sending it', () => {
    const insert = db.insertInto('person').values({ first_name: 'x', age: 1 });
    expect(() => insert.returning('id').compile()).toThrow(/no RETURNING/);
    expect(() => insert.onConflict((conflict) => conflict.doNothing()).compile()).toThrow(/no ON CONFLICT/);
    expect(() => insert.orIgnore().compile()).toThrow(/no INSERT with OR/);
  });

  it('reads the catalog', async () => {
    const tables = await db.introspection.getTables();
    const person = tables.find((table) => table.name.toLowerCase() === 'person');
    expect(person?.isView).toBe(false);
    expect(person?.columns.map((column) => column.name)).toEqual([
      'id',
      'first_name',
      'last_name',
      'age',
      'active',
    ]);
    expect(person?.columns.find((column) => column.name === 'last_name')?.isNullable).toBe(true);
    expect(person?.columns.find((column) => column.name === 'age')?.isNullable).toBe(false);
    expect((await db.introspection.getSchemas()).length).toBeGreaterThan(0);
  });

  it('migrates up and down', async () => {
    const migrator = new Migrator({
      db,
      provider: {
        getMigrations: () =>
          Promise.resolve({
            '1_toys': {
              up: (kysely: Kysely<unknown>) =>
                kysely.schema.createTable('toy').addColumn('id', 'integer').execute(),
              down: (kysely: Kysely<unknown>) => kysely.schema.dropTable('toy').execute(),
            },
          }),
      },
    });
    const up = await migrator.migrateToLatest();
    expect(up.error).toBeUndefined();
    expect(up.results?.map((result) => result.status)).toEqual(['Success']);
    expect((await migrator.migrateToLatest()).results).toEqual([]);
    expect((await migrator.migrateDown()).error).toBeUndefined();
  });
});
