// Runs the pinned Azurite for the emulator's host.
'use strict';
const fs = require('fs');
const path = require('path');

// Whoever started this may be gone before it writes: its pipes are not to be relied on, so all output goes to a file beside the data.
const location = process.argv[process.argv.indexOf('--location') + 1];
fs.mkdirSync(location, { recursive: true });
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
const http = require('http');
const close = http.Server.prototype.close;
http.Server.prototype.close = function (done) {
  setTimeout(() => this.closeAllConnections(), 200).unref();
  return close.call(this, done);
};

const stop = () => {
  // Azurite saves and closes on SIGTERM.
  setTimeout(() => process.exit(0), 5000).unref();
  if (!process.emit('SIGTERM')) {
    process.exit(0);
  }
};
process.on('SIGHUP', stop);

const flag = process.argv.indexOf('--endWithParent');
if (flag > 0) {
  process.argv.splice(flag, 1);
  process.stdin.on('end', stop).on('error', stop).resume();
}

if (process.argv.includes('--inMemoryPersistence')) {
  // Azurite refuses a place for data that it does not keep; here it is the log's.
  process.argv.splice(process.argv.indexOf('--location'), 2);
}

require('azurite/dist/src/azurite.js');
