import type { onRequestHookHandler } from 'fastify';

/** RFC 9112, section 3.2: what has no host that can be one is a bad request. Who reads the URL of a request needs one. */
export const refuseOddHosts: onRequestHookHandler = (request, _reply, done) => {
  if (URL.canParse(`http://${request.hostname}/`)) return done();
  done(Object.assign(new Error('The host is none'), { statusCode: 400 }));
};
