// A real OpenID provider for the tests of single sign-on: HTTPS on a port of this host, one client, accounts that the test names
// by login_hint ("name" or "name;amr;groups" with commas). Signing in there is a matter of arriving.
// Usage: node provider.mjs KEY.pem CERT.pem CLIENT_ID CLIENT_SECRET REDIRECT_URI. Prints "ISSUER https://..." once it listens.
import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const [key, cert, client_id, client_secret, redirect_uri, alg = 'RS256'] = process.argv.slice(2);

// Standard output is for the one line that the test reads.
console.info = console.error;
console.log = console.error;

const made = alg.startsWith('ES')
  ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
  : generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...made.privateKey.export({ format: 'jwk' }), kid: 'of-the-test', use: 'sig', alg };

const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
server.listen(0, '127.0.0.1', () => {
  const issuer = `https://127.0.0.1:${server.address().port}`;
  // By the subject, which is not the name: what is stored of it says nothing.
  const accounts = new Map();
  const accountOf = (hint) => {
    const [name, amr = '', groups = ''] = hint.split(';');
    const subject = `subject-${Buffer.from(name).toString('hex')}`;
    accounts.set(subject, { name, groups: groups.split(',').filter(Boolean) });
    return { accountId: subject, amr: amr.split(',').filter(Boolean) };
  };
  const provider = new Provider(issuer, {
    clients: [{
      client_id,
      client_secret,
      redirect_uris: [redirect_uri],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      id_token_signed_response_alg: alg,
    }],
    jwks: { keys: [jwk] },
    cookies: { keys: ['cookies of a test'] },
    // The claims that the service reads stand in the ID token.
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'amr'], profile: ['preferred_username', 'name', 'groups'], acr: null, auth_time: null, iss: null, sid: null },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, subject) => {
      const { name, groups } = accounts.get(subject);
      return { accountId: subject, claims: () => ({ sub: subject, preferred_username: name, name: `${name} Andersson`, groups }) };
    },
  });
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    const { prompt, params, session, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
    if (prompt.name === 'login') {
      const login = accountOf(params.login_hint ?? 'nobody');
      return provider.interactionFinished(ctx.req, ctx.res, { login }, { mergeWithLastSubmission: false });
    }
    const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope('openid profile');
    const consent = { grantId: await grant.save() };
    return provider.interactionFinished(ctx.req, ctx.res, { consent }, { mergeWithLastSubmission: true });
  });
  server.on('request', provider.callback());
  process.stdout.write(`ISSUER ${issuer}\n`);
});
// It ends with the test that started it.
process.stdin.on('end', () => process.exit(0)).resume();
