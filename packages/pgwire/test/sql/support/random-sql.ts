import fc from 'fast-check';

type Sql = fc.Arbitrary<string>;

/** Random expressions over the columns of films.ts, typed so that PostgreSQL accepts them. */
type Kinds = Record<'integer' | 'numeric' | 'text' | 'date' | 'condition', string>;

const KINDS = fc.letrec<Kinds>((tie) => {
  const [integer, numeric, text] = [tie('integer'), tie('numeric'), tie('text')];
  const [date, condition] = [tie('date'), tie('condition')];
  return {
    integer: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('id', 'year', '0', '1', '-3', '7', '2000', 'null::int'),
      template`(${integer} + ${integer})`,
      template`(${integer} - ${integer})`,
      template`(${integer} * ${fc.constantFrom('2', '-1', 'id')})`,
      template`(${integer} / ${fc.constantFrom('2', '-3', '7')})`,
      template`(${integer} % ${fc.constantFrom('2', '-3', '7')})`,
      template`abs(${integer})`,
      template`length(${text})`,
      template`(${date} - ${date})`,
      template`extract(month from ${date})::int`,
      template`(${numeric})::int`,
      template`strpos(${text}, ${text})`,
      template`coalesce(${integer}, ${integer})`,
      template`nullif(${integer}, ${integer})`,
      template`greatest(${integer}, ${integer}, ${integer})`,
      template`least(${integer}, ${integer})`,
      template`case when ${condition} then ${integer} else ${integer} end`,
      template`case ${integer} when ${integer} then ${integer} end`,
    ),
    numeric: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('rating', 'price', '1.50', '-0.005', 'null::numeric'),
      template`(${numeric} + ${numeric})`,
      template`(${numeric} - ${integer})`,
      template`(rating * ${numeric})`,
      template`(- ${numeric})`,
      template`abs(${numeric})`,
      template`round(${numeric}, ${fc.constantFrom('0', '1', '3')})`,
      template`trunc(${numeric}, ${fc.constantFrom('0', '2')})`,
      template`ceil(${numeric})`,
      template`coalesce(${numeric}, ${numeric})`,
      template`case when ${condition} then ${numeric} else ${integer} end`,
    ),
    date: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('released', "date '2000-02-29'", 'added::date', 'null::date'),
      template`(${date} + ${fc.constantFrom('1', '-30', 'id')})`,
      template`coalesce(${date}, ${date})`,
      template`greatest(${date}, ${date})`,
      template`case when ${condition} then ${date} end`,
    ),
    text: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('title', 'genre', "'a'", "''", "' x '", "'10'", "'A''b'", 'null::text'),
      template`(${text} || ${text})`,
      template`upper(${text})`,
      template`lower(${text})`,
      template`trim(${text})`,
      template`reverse(${text})`,
      template`left(${text}, ${fc.constantFrom('0', '1', '-1', '3', 'id')})`,
      template`right(${text}, ${fc.constantFrom('0', '1', '-1', '3', 'id')})`,
      template`substring(${text}, ${fc.constantFrom('-1', '0', '1', '2', 'id')}, ${fc.constantFrom('0', '1', '3', 'id')})`,
      template`replace(${text}, ${fc.constantFrom("'a'", "'l'", "''")}, ${fc.constantFrom("'xx'", "''")})`,
      template`concat(${text}, ${integer}, ${condition})`,
      template`coalesce(${text}, ${text})`,
      template`nullif(${text}, ${text})`,
      template`greatest(${text}, ${text})`,
      template`least(${text}, ${text})`,
      template`(${integer})::text`,
      template`case when ${condition} then ${text} else ${text} end`,
    ),
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('active', 'true', 'false', 'null::boolean'),
      template`(${integer} ${fc.constantFrom('=', '<>', '<', '>=')} ${integer})`,
      template`(${text} ${fc.constantFrom('=', '<>', '<', '>=')} ${text})`,
      template`(${numeric} ${fc.constantFrom('=', '<>', '<', '>=')} ${numeric})`,
      template`(${date} ${fc.constantFrom('=', '<>', '<', '>=')} ${date})`,
      template`(${date} ${fc.constantFrom('in', 'not in')} (${date}, '2003-12-31'))`,
      template`(added ${fc.constantFrom('<', '>')} ${date})`,
      template`(${condition} and ${condition})`,
      template`(${condition} or ${condition})`,
      template`(not ${condition})`,
      template`(${condition} = ${condition})`,
      template`(${condition} is ${fc.constantFrom('true', 'not true', 'false', 'unknown', 'not null')})`,
      template`(${text} is ${fc.constantFrom('null', 'not null')})`,
      template`(${integer} is distinct from ${integer})`,
      template`(${text} is not distinct from ${text})`,
      template`(${integer} ${fc.constantFrom('between', 'not between', 'between symmetric')} ${integer} and ${integer})`,
      template`(${integer} ${fc.constantFrom('in', 'not in')} (${integer}, ${integer}))`,
      template`(${text} ${fc.constantFrom('in', 'not in')} (${text}, ${text}))`,
      template`(${text} ${fc.constantFrom('like', 'not like', 'ilike')} ${fc.constantFrom("'a%'", "'%l_'", "''", "'%'", "'\\%'")})`,
      template`((${integer}, ${text}) ${fc.constantFrom('=', '<', '>=')} (${integer}, ${text}))`,
      template`(${integer} ${fc.constantFrom('in', 'not in')} (select m.year from movies m where m.id < 4))`,
    ),
  };
});

function template(strings: TemplateStringsArray, ...parts: readonly Sql[]): Sql {
  return fc
    .tuple(...parts)
    .map((values) => strings.reduce((sql, next, index) => sql + (values[index - 1] ?? '') + next));
}

const { integer, numeric, text, date, condition } = KINDS;

/** A query whose rows have a defined order. */
export const randomQuery: Sql = fc.oneof(
  template`select id, ${numeric}, ${date}, ${numeric} < ${numeric} from movies where ${condition} order by ${date}, id`,
  template`select ${integer} as k, sum(${numeric}), max(${date}), count(${date}) from movies group by 1 order by 1`,
  template`select id, ${integer}, ${text}, ${condition} from movies where ${condition} order by id`,
  template`select id, ${text} from movies order by ${text} desc, ${integer} nulls first, id`,
  template`select ${condition} as k, count(*), min(${text}), max(${integer}), count(distinct ${text}) from movies group by 1 order by 1`,
  template`select distinct ${text} as k from movies where ${condition} order by k`,
  template`select ${text} as k from movies union select ${text} from movies order by k`,
  template`select a.id, b.id from movies a left join movies b on a.genre = b.genre and a.id < b.id where exists (select 1 from movies where ${condition}) order by 1, 2`,
);
