// Runs the pinned Azurite for the local host and for tests. Beside Azurite's own arguments:
//   --detached FILE   in a session of its own: records process id, start and data folder in the file, prints the id and returns
//   --endWithParent   ends when its standard input closes
'use strict';
const fs = require('fs');
const http = require('http');
const Module = require('module');
const path = require('path');

const take = (flag, parts) => {
  const index = process.argv.indexOf(flag);
  return index > 0 ? process.argv.splice(index, parts).pop() : undefined;
};

const record = take('--detached', 2);
const endsWithParent = take('--endWithParent', 1);
const location = process.argv[process.argv.indexOf('--location') + 1];
fs.mkdirSync(location, { recursive: true });

if (record) {
  // Detached means setsid: a kill of its host's whole process group, and the terminal's hang-up, do not reach it.
  const serving = require('child_process').spawn(process.execPath, process.argv.slice(1), { detached: true, stdio: 'ignore', windowsHide: true });
  // By this process and not by the host, which may be killed at any moment: then the next one finds it.
  fs.writeFileSync(record, `${serving.pid}\n${Date.now()}\n${location}\n`);
  process.stdout.write(`${serving.pid}\n`);
  serving.unref();
} else {
  serve();
}

function serve() {
  // Nobody reads its output, so that goes to a file beside the data.
  const log = path.join(location, 'azurite.log');
  fs.writeFileSync(log, '');
  const write = (...parts) => fs.appendFileSync(log, parts.join(' ') + '\n');
  console.log = write;
  console.error = write;
  process.on('uncaughtException', (error) => {
    write(error.stack || String(error));
    process.exit(1);
  });

  // Ctrl-C in a terminal reaches every process of the group, but storage has to outlive the drain of its host: only SIGTERM ends it.
  const once = process.once;
  process.once = function (event, listener) {
    return event === 'SIGINT' ? this : once.call(this, event, listener);
  };
  process.on('SIGINT', () => {});

  // Closing waits for connections, and clients keep theirs: what is under way gets a moment, then the connection goes.
  const close = http.Server.prototype.close;
  http.Server.prototype.close = function (done) {
    setTimeout(() => this.closeAllConnections(), 200).unref();
    return close.call(this, done);
  };

  // Azurite closes on the first SIGTERM and would die of the second while it saves.
  let closing = false;
  process.on('SIGTERM', () => {
    if (!closing && process.listenerCount('SIGTERM') === 1) {
      process.exit(0);
    }
    closing = true;
  });

  const stop = () => {
    setTimeout(() => process.exit(0), 5000).unref();
    process.emit('SIGTERM');
  };
  process.on('SIGHUP', stop);
  if (endsWithParent) {
    process.stdin.on('end', stop).on('error', stop).resume();
  }

  // Telemetry and the store on SQL servers are three quarters of the code that Azurite loads, 3,000 of 3,764 files, and neither is used here.
  const load = Module._load;
  const unused = ['applicationinsights', ...(process.env.AZURITE_DB ? [] : ['./SqlBlobServer'])];
  Module._load = function (request, ...rest) {
    return unused.includes(request) ? {} : load.call(this, request, ...rest);
  };
  if (process.argv.includes('--inMemoryPersistence')) {
    // Azurite refuses a place for data that it does not keep; here it is the log's.
    process.argv.splice(process.argv.indexOf('--location'), 2);
  }
  require('azurite/dist/src/azurite.js');
}
