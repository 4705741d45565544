// Reads [{"name","query"}] and says of each query what is wrong with it and what it goes by:
// [{"name","errors","comparisons":[{"column","value"}],"properties":[{"table","name"}]}]. Tables and their columns are those of tables.json.
'use strict';

require('@kusto/language-service-next/bridge.min.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');

const { KustoCode, GlobalState, Symbols } = globalThis.Kusto.Language;
const types = {
  bool: Symbols.ScalarTypes.Bool,
  datetime: Symbols.ScalarTypes.DateTime,
  dynamic: Symbols.ScalarTypes.Dynamic,
  int: Symbols.ScalarTypes.Int,
  real: Symbols.ScalarTypes.Real,
  string: Symbols.ScalarTypes.String,
};

const tables = Object.entries(require('./tables.json')).map(([name, columns]) =>
  Symbols.TableSymbol.From(`(${Object.entries(columns).map(([column, type]) => {
    if (!types[type]) {
      throw new Error(`tables.json: ${name}.${column} has type '${type}'`);
    }

    return `${column}: ${type}`;
  }).join(', ')})`).WithName(name));
const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1('workspace', tables, false));

function check({ name, query }) {
  const code = KustoCode.ParseAndAnalyze(query, globals);
  const found = { name, errors: [], comparisons: [], properties: [] };
  const diagnostics = code.GetDiagnostics();
  for (let i = 0; i < diagnostics.Count; i++) {
    const it = diagnostics.getItem(i);
    const before = query.slice(0, it.Start).split('\n');
    found.errors.push(`${before.length}:${before[before.length - 1].length + 1} ${it.Message}`);
  }

  walk(code.Syntax, found);
  return found;
}

// What a query compares with a text, and which members of Properties it reads.
function walk(node, found) {
  const kind = globalThis.System.Enum.toString(globalThis.Kusto.Language.Syntax.SyntaxKind, node.Kind);
  if (/^(Equal|NotEqual|EqualTilde)Expression$/.test(kind)) {
    const value = literal(node.Right);
    if (value !== null) {
      found.comparisons.push({ column: columnOf(node.Left), value });
    }
  } else if (kind === 'ElementExpression') {
    const member = literal(node.Selector.Expression ?? node.Selector);
    if (member !== null) {
      found.properties.push({ column: node.Expression.ToString().trim(), name: member });
    }
  }

  for (let i = 0; i < node.ChildCount; i++) {
    const child = node.GetChild(i);
    if (child) {
      walk(child, found);
    }
  }
}

function literal(node) {
  const value = node.LiteralValue;
  return typeof value === 'string' ? value : null;
}

// tostring(Properties["chard.outcome"]) is told by its member, a column by its name.
function columnOf(node) {
  const text = node.ToString().trim();
  const member = /\[["'](.+)["']\]\)?$/.exec(text);
  return member ? member[1] : text;
}

const chunks = [];
process.stdin.on('data', chunk => chunks.push(chunk));
process.stdin.on('end', () => {
  const queries = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  process.stdout.write(JSON.stringify(queries.map(check)));
});
