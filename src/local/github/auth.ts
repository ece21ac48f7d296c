import { importSPKI, jwtVerify, decodeJwt } from "jose";
import { refuse } from "./refusal.ts";
import type { Grant, Installation, User } from "./state.ts";
import { appById, botOf, userById, type App, type World } from "./world.ts";

/** Who asks. */
export type Caller =
  | { readonly kind: "nobody" }
  | { readonly kind: "person"; readonly user: User }
  | { readonly kind: "app"; readonly app: App }
  | {
      readonly kind: "installation";
      readonly app: App;
      readonly installation: Installation;
      readonly grant: Grant;
      readonly token: string;
    };

/** Reads an `Authorization` header (bearer, token, or git's basic); throws 401 for what nobody issued. */
export const authenticate = async (world: World, header: string | null | undefined): Promise<Caller> => {
  if (!header) return { kind: "nobody" };
  const secret = secretOf(header);
  if (/^ey[\w-]+\.[\w-]+\.[\w-]+$/.test(secret))
    return { kind: "app", app: await verifyAppToken(world, secret) };
  const grant = world.state.grants[secret];
  if (grant && Date.parse(grant.expiresAt) > Date.parse(world.now()))
    return grantCaller(world, secret, grant);
  const person = world.state.people[secret];
  if (person !== undefined) return { kind: "person", user: userById(world, person) };
  throw refuse(401, "Bad credentials");
};

/** The account that the caller acts as; 401 for nobody, and for an app that shows only its JWT. */
export const actorOf = (world: World, caller: Caller): User => {
  if (caller.kind === "person") return caller.user;
  if (caller.kind === "installation") return botOf(world, caller.app);
  throw refuse(401, "Requires authentication");
};

const secretOf = (header: string): string => {
  const basic = /^basic +(.+)$/i.exec(header)?.[1];
  if (!basic) return header.replace(/^(bearer|token) +/i, "").trim();
  const pair = Buffer.from(basic, "base64").toString();
  return pair.slice(pair.indexOf(":") + 1);
};

const grantCaller = (world: World, token: string, grant: Grant): Caller => {
  const installation = world.state.installations.find(({ id }) => id === grant.installation);
  if (!installation) throw refuse(401, "Bad credentials");
  refuseSuspended(installation);
  return { kind: "installation", app: appById(world, installation.app), installation, grant, token };
};

/** While an installation is suspended, it gets no tokens, and those that it has are refused. */
export const refuseSuspended = ({ suspendedAt }: Installation): void => {
  if (suspendedAt) throw refuse(403, "This installation has been suspended");
};

const longestLifeSeconds = 600;
const clockSkewSeconds = 60;

const verifyAppToken = async (world: World, token: string): Promise<App> => {
  const now = new Date(world.now());
  const app = world.apps.get(Number(claimedIssuer(token)));
  if (!app) throw refuse(401, "A JSON web token could not be decoded");
  const { exp, iat } = await verifiedClaims(app, token, now);
  const seconds = now.getTime() / 1000;
  if (exp === undefined || exp > seconds + longestLifeSeconds + clockSkewSeconds)
    throw refuse(401, "'Expiration time' claim ('exp') is too far in the future");
  if (iat === undefined || iat > seconds + clockSkewSeconds)
    throw refuse(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  return app;
};

const claimedIssuer = (token: string): string | undefined => {
  try {
    return decodeJwt(token).iss;
  } catch (cause) {
    throw Object.assign(refuse(401, "A JSON web token could not be decoded"), { cause });
  }
};

const verifiedClaims = async (app: App, token: string, now: Date) => {
  try {
    const key = await importSPKI(app.publicKey, "RS256");
    return (await jwtVerify(token, key, { algorithms: ["RS256"], currentDate: now })).payload;
  } catch (cause) {
    const late = (cause as { code?: string }).code === "ERR_JWT_EXPIRED";
    const message = late
      ? "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
      : "A JSON web token could not be decoded";
    throw Object.assign(refuse(401, message), { cause });
  }
};
