import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { IrisDialect } from '@iris-devtools/driver/kysely';
import { startEmulator, type Emulator } from '@iris-devtools/emulator';
import { Kysely, Migrator, sql, type Generated, type Migration } from 'kysely';

interface Database {
  person: {
    id: Generated<number>;
    first_name: string;
    last_name: string | null;
    gender: string;
    age: number | null;
  };
  pet: { id: Generated<number>; owner_id: number; name: string; species: string };
}

let emulator: Emulator;
let db: Kysely<Database>;

beforeAll(async () => {
  emulator = await startEmulator();
  db = new Kysely<Database>({ dialect: new IrisDialect({ connection: emulator.url }) });
  await db.schema
    .createTable('person')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('first_name', 'varchar(100)', (column) => column.notNull())
    .addColumn('last_name', 'varchar(100)')
    .addColumn('gender', 'varchar(10)', (column) => column.notNull())
    .addColumn('age', 'integer')
    .execute();
  await db.schema
    .createTable('pet')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('owner_id', 'integer', (column) => column.notNull().references('person.id'))
    .addColumn('name', 'varchar(100)', (column) => column.notNull().unique())
    .addColumn('species', 'varchar(20)', (column) => column.notNull())
    .execute();
});
afterAll(async () => {
  await db.destroy();
  await emulator.stop();
});
beforeEach(async () => {
  await db.deleteFrom('pet').execute();
  await db.deleteFrom('person').execute();
  const people: readonly (readonly [
    string,
    string | null,
    string,
    number | null,
    readonly [string, string][],
  ])[] = [
    ['Jennifer', 'Aniston', 'female', 50, [['Catto', 'cat']]],
    [
      'Arnold',
      'Schwarzenegger',
      'male',
      72,
      [
        ['Doggo', 'dog'],
        ['Rex', 'dog'],
      ],
    ],
    ['Sylvester', null, 'male', null, []],
  ];
  for (const [first_name, last_name, gender, age, pets] of people) {
    await db.insertInto('person').values({ first_name, last_name, gender, age }).execute();
    const { id } = await db
      .selectFrom('person')
      .select('id')
      .where('first_name', '=', first_name)
      .executeTakeFirstOrThrow();
    for (const [name, species] of pets)
      await db.insertInto('pet').values({ owner_id: id, name, species }).execute();
  }
});

describe('select', () => {
  const names = async (query: { execute(): Promise<{ first_name: string }[]> }): Promise<string[]> =>
    (await query.execute()).map(({ first_name }) => first_name);
  const people = () => db.selectFrom('person').select('first_name').orderBy('first_name');

  it('has the operators of where', async () => {
    expect(await names(people().where((eb) => eb.between('age', 49, 51)))).toEqual(['Jennifer']);
    expect(await names(people().where('first_name', 'like', '%nn%'))).toEqual(['Jennifer']);
    expect(await names(people().where('last_name', 'is not', null))).toEqual(['Arnold', 'Jennifer']);
    expect(await names(people().where('first_name', 'not in', ['Arnold', 'Jennifer']))).toEqual([
      'Sylvester',
    ]);
    expect(await names(people().where((eb) => eb.or([eb('age', '<', 60), eb('age', 'is', null)])))).toEqual([
      'Jennifer',
      'Sylvester',
    ]);
    expect(await names(people().where((eb) => eb.not(eb('gender', '=', 'male'))))).toEqual(['Jennifer']);
    expect(
      await names(
        people().where((eb) =>
          eb.exists(eb.selectFrom('pet').select('pet.id').whereRef('pet.owner_id', '=', 'person.id')),
        ),
      ),
    ).toEqual(['Arnold', 'Jennifer']);
  });

  it('has distinct, case, coalesce, aggregates and having', async () => {
    const genders = await db.selectFrom('person').select('gender').distinct().orderBy('gender').execute();
    expect(genders.map(({ gender }) => gender.toLowerCase())).toEqual(['female', 'male']);
    const grouped = await db
      .selectFrom('pet')
      .select(({ fn }) => ['species', fn.count('id').as('n'), fn.max('name').as('last')])
      .groupBy('species')
      .having(({ fn }) => fn.count('id'), '>', 1)
      .execute();
    expect(grouped).toEqual([
      // MAX of a text gives it as it is compared, in upper case.
      { species: 'DOG', n: 2n, last: 'REX' },
    ]);
    const labelled = await db
      .selectFrom('person')
      .select((eb) => [
        eb.case().when('age', '>', 60).then('old').else('young').end().as('label'),
        eb.fn.coalesce('last_name', sql.lit('none')).as('name'),
      ])
      .orderBy('first_name')
      .execute();
    expect(labelled).toEqual([
      { label: 'old', name: 'Schwarzenegger' },
      { label: 'young', name: 'Aniston' },
      { label: 'young', name: 'none' },
    ]);
  });

  it.each([
    [
      'leftJoin',
      [
        ['Arnold', 'Doggo'],
        ['Arnold', 'Rex'],
        ['Jennifer', 'Catto'],
        ['Sylvester', null],
      ],
    ],
    [
      'innerJoin',
      [
        ['Arnold', 'Doggo'],
        ['Arnold', 'Rex'],
        ['Jennifer', 'Catto'],
      ],
    ],
    [
      'rightJoin',
      [
        ['Arnold', 'Doggo'],
        ['Arnold', 'Rex'],
        ['Jennifer', 'Catto'],
      ],
    ],
    [
      'fullJoin',
      [
        ['Arnold', 'Doggo'],
        ['Arnold', 'Rex'],
        ['Jennifer', 'Catto'],
        ['Sylvester', null],
      ],
    ],
  ] as const)('has %s', async (join, expected) => {
    const rows = await db
      .selectFrom('person')
      [join as 'leftJoin']('pet', 'pet.owner_id', 'person.id')
      .select(['person.first_name', 'pet.name as pet_name'])
      .orderBy('person.first_name')
      .orderBy('pet.name')
      .execute();
    expect(rows.map(({ first_name, pet_name }) => [first_name, pet_name])).toEqual(expected);
  });

  it('has unions, intersections and differences', async () => {
    const male = () => db.selectFrom('person').select('first_name as name').where('gender', '=', 'male');
    const pets = () => db.selectFrom('pet').select('name');
    const sorted = (rows: { name: string }[]): string[] => rows.map(({ name }) => name).sort();
    expect(sorted(await male().unionAll(pets()).execute())).toEqual([
      'Arnold',
      'Catto',
      'Doggo',
      'Rex',
      'Sylvester',
    ]);
    expect(await male().union(male()).execute()).toHaveLength(2);
    const { rows } = await sql<{ name: string }>`${male()} except ${male().where('age', '>', 1)}`.execute(db);
    expect(sorted(rows).map((name) => name.toUpperCase())).toEqual(['SYLVESTER']);
  });

  it('has CTEs, derived tables and scalar subqueries', async () => {
    const rows = await db
      .with('owners', (qb) =>
        qb
          .selectFrom('pet')
          .select(({ fn }) => ['owner_id', fn.countAll().as('pets')])
          .groupBy('owner_id'),
      )
      .selectFrom('owners')
      .innerJoin(
        (qb) => qb.selectFrom('person').select(['id', 'first_name']).where('age', '>', 60).as('old'),
        (join) => join.onRef('old.id', '=', 'owners.owner_id'),
      )
      .select(['old.first_name', 'owners.pets'])
      .execute();
    expect(rows).toMatchObject([{ first_name: 'Arnold', pets: 2n }]);
    const scalar = await db
      .selectFrom('person')
      .select((eb) => [
        'first_name',
        eb
          .selectFrom('pet')
          .whereRef('pet.owner_id', '=', 'person.id')
          .select(({ fn }) => fn.countAll().as('n'))
          .as('pets'),
      ])
      .orderBy('first_name')
      .execute();
    expect(scalar.map(({ pets }) => Number(pets))).toEqual([2, 1, 0]);
  });
});

describe('changes', () => {
  it('inserts from a query, and with expressions', async () => {
    const result = await db
      .insertInto('person')
      .columns(['first_name', 'gender'])
      .expression((eb) => eb.selectFrom('pet').select(['name', eb.val('other').as('gender')]))
      .executeTakeFirst();
    expect(result.numInsertedOrUpdatedRows).toBe(3n);
    await db
      .insertInto('person')
      .values({ first_name: sql`upper(${'x'})`, gender: 'other' })
      .execute();
    const { n } = await db
      .selectFrom('person')
      .select(({ fn }) => fn.countAll().as('n'))
      .where('gender', '=', 'other')
      .executeTakeFirstOrThrow();
    expect(Number(n)).toBe(4);
  });

  it('updates by expressions, and deletes by subqueries', async () => {
    const updated = await db
      .updateTable('person')
      .set((eb) => ({ age: eb('age', '+', 1), last_name: null }))
      .where('age', 'is not', null)
      .executeTakeFirst();
    expect(updated.numUpdatedRows).toBe(2n);
    expect(await db.selectFrom('person').select('age').where('first_name', '=', 'Arnold').execute()).toEqual([
      { age: 73 },
    ]);
    const deleted = await db
      .deleteFrom('pet')
      .where('owner_id', 'in', (qb) => qb.selectFrom('person').select('id').where('gender', '=', 'male'))
      .executeTakeFirst();
    expect(deleted.numDeletedRows).toBe(2n);
  });

  it('tell of violated constraints by their SQLCODE, and undo the transaction', async () => {
    const { id } = await db.selectFrom('person').select('id').executeTakeFirstOrThrow();
    const pet = { owner_id: id, name: 'Catto', species: 'cat' };
    await expect(
      db.transaction().execute(async (trx) => {
        await trx
          .insertInto('pet')
          .values({ ...pet, name: 'New' })
          .execute();
        await trx.insertInto('pet').values(pet).execute();
      }),
    ).rejects.toMatchObject({ sqlcode: -119 });
    await expect(
      db
        .insertInto('pet')
        .values({ ...pet, owner_id: -1, name: 'x' })
        .execute(),
    ).rejects.toMatchObject({
      sqlcode: -121,
    });
    expect(await db.selectFrom('pet').select('name').where('name', '=', 'New').execute()).toEqual([]);
  });
});

describe('the schema builder', () => {
  it('alters and drops tables, indexes and views', async () => {
    await db.schema
      .createTable('toy')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('price', 'numeric(10, 2)', (column) => column.defaultTo(1.5))
      .addColumn('note', 'text')
      .addForeignKeyConstraint('toy_person', ['id'], 'person', ['id'])
      .execute();
    await db.schema.alterTable('toy').dropConstraint('toy_person').execute();
    await db.schema.alterTable('toy').addColumn('name', 'varchar(20)').execute();
    await db.schema.createIndex('toy_name').unique().on('toy').columns(['name', 'price']).execute();
    await db.schema
      .createView('cheap')
      .as(sql`select id, name from toy where price < 2` as never)
      .execute();
    const toys = db.withTables<{
      toy: { id: number; name: string; note: string; price: Generated<string> };
      cheap: { id: number };
    }>();
    await toys
      .insertInto('toy')
      .values({ id: 1, name: 'ball', note: 'ж'.repeat(5000) })
      .execute();
    expect(await toys.selectFrom('cheap').select('id').execute()).toEqual([{ id: 1 }]);
    expect(await toys.selectFrom('toy').select(['price', 'note']).execute()).toEqual([
      { price: '1.5', note: 'ж'.repeat(5000) },
    ]);
    const tables = await db.introspection.getTables();
    expect(tables.find(({ name }) => name.toLowerCase() === 'cheap')?.isView).toBe(true);
    await db.schema.dropView('cheap').execute();
    await db.schema.dropIndex('toy_name').on('toy').execute();
    await db.schema.alterTable('toy').dropColumn('note').execute();
    await db.schema.dropTable('toy').ifExists().execute();
    await db.schema.dropTable('toy').ifExists().execute();
    await expect(toys.selectFrom('toy').selectAll().execute()).rejects.toMatchObject({ sqlcode: -30 });
  });
});

describe('migrations', () => {
  it('of two processes at once happen once, and a failed one is told', async () => {
    let runs = 0;
    const migrations: Record<string, Migration> = {
      '1_one': {
        up: async (kysely) => {
          runs++;
          await kysely.schema.createTable('one').addColumn('id', 'integer').execute();
        },
      },
      '2_two': {
        up: async (kysely) => {
          runs++;
          await sql`insert into one (id) values (1)`.execute(kysely);
        },
      },
    };
    const migrate = async (more: Record<string, Migration> = {}) => {
      const own = new Kysely<unknown>({ dialect: new IrisDialect({ connection: emulator.url }) });
      const provider = { getMigrations: () => Promise.resolve({ ...migrations, ...more }) };
      const outcome = await new Migrator({ db: own, provider }).migrateToLatest();
      await own.destroy();
      return outcome;
    };
    const outcomes = await Promise.all([migrate(), migrate()]);
    expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(runs).toBe(2);
    const failed = await migrate({
      '3_three': { up: (kysely) => sql`select nothing from nowhere`.execute(kysely).then(() => undefined) },
    });
    expect(failed.error).toMatchObject({ sqlcode: -30 });
    expect(failed.results?.at(-1)).toMatchObject({ status: 'Error', migrationName: '3_three' });
  });
});
