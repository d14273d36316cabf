// Preloaded into the server that is soaked, so that the server itself knows nothing of it: answers each message with the
// bytes that are in use after a collection of garbage.
process.on('message', () => {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send({ heapUsed, external, rss });
});
// Open for messages, it would keep a server alive that has closed.
process.channel?.unref();
