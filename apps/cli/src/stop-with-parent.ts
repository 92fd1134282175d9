// Loaded into the server that `serment start` runs: should that command be killed, nobody else would ever stop it.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
