// The official Node addon against the server in IRIS_TEST_HOST/PORT: one line `ok` or `not ok` for each case.
const assert = require('node:assert/strict');
const irisnative = require('@intersystems/intersystems-iris-native');

const options = {
  host: process.env.IRIS_TEST_HOST,
  port: Number(process.env.IRIS_TEST_PORT),
  ns: 'USER',
  user: '_SYSTEM',
  pwd: 'SYS',
  sharedmemory: false,
};
let failures = 0;

function test(name, run) {
  try {
    run();
    console.log(`ok - ${name}`);
  } catch (error) {
    failures += 1;
    console.log(`not ok - ${name}\n  # ${String(error.stack ?? error).replaceAll('\n', '\n  # ')}`);
  }
}

test('a wrong password is refused', () => {
  assert.throws(() => irisnative.createConnection({ ...options, pwd: 'wrong' }), /Denied/);
});

const connection = irisnative.createConnection(options);
const iris = connection.createIris();

test('connect tells the server version', () => {
  assert.match(iris.classMethodValue('%SYSTEM.Version', 'GetVersion'), /\S/);
});

test('globals: set, get, $DATA, $ORDER, increment, kill', () => {
  iris.kill('interop');
  iris.set('text', 'interop', 'a');
  iris.set(1.5, 'interop', 'b', 2);
  iris.set('жé', 'interop', 'b', 10);
  assert.equal(iris.get('interop', 'a'), 'text');
  assert.equal(iris.get('interop', 'b', 2), 1.5);
  assert.equal(iris.get('interop', 'b', 10), 'жé');
  assert.equal(iris.get('interop', 'none'), null);
  assert.equal(iris.isDefined('interop'), 10);
  assert.equal(iris.isDefined('interop', 'a'), 1);
  assert.deepEqual([...iris.node('interop', 'b').keys()].map(Number), [2, 10]);
  assert.equal(Number(iris.increment(5, 'interop', 'n')), 5);
  iris.kill('interop', 'b');
  assert.equal(iris.isDefined('interop', 'b'), 0);
});

test('transactions: rollback undoes a set', () => {
  iris.tStart();
  iris.set('gone', 'interop', 't');
  assert.equal(iris.getTLevel(), 1);
  iris.tRollback();
  assert.equal(iris.isDefined('interop', 't'), 0);
  assert.equal(iris.getTLevel(), 0);
});

test('locks', () => {
  assert.equal(iris.lock('', 1, 'interop', 'l'), true);
  iris.unlock('', 'interop', 'l');
});

test('an unknown class is an error that says so', () => {
  assert.throws(() => iris.classMethodValue('No.Such', 'Thing'), /CLASS DOES NOT EXIST/);
});

test('rows through %SQL.Statement', () => {
  const statement = iris.classMethodValue('%SQL.Statement', '%New', 1);
  assert.equal(Number(statement.invoke('%Prepare', 'SELECT 1 AS one, ? AS two')), 1);
  const result = statement.invoke('%Execute', 'x');
  assert.equal(Number(result.get('%SQLCODE')), 0);
  assert.equal(Number(result.invoke('%Next')), 1);
  assert.equal(Number(result.invoke('%Get', 'one')), 1);
  assert.equal(result.invoke('%Get', 'two'), 'x');
  assert.equal(Number(result.invoke('%Next')), 0);
});

connection.close();
process.exitCode = failures === 0 ? 0 : 1;
