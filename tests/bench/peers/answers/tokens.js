// HS256 tokens; one that was verified before is only asked whether its time is over.
import { verify } from 'hono/jwt'

import { settings } from './settings.js'

const KNOWN_TOKENS = 10_000
const known = new Map()

/** Answers the claims of a token, or null. */
export async function identify(token) {
  let claims = known.get(token)
  if (claims === undefined) {
    try {
      claims = await verify(token, settings.jwtSecret, 'HS256')
    } catch {
      return null
    }
    known.set(token, claims)
    if (known.size > KNOWN_TOKENS) known.delete(known.keys().next().value)
  }
  return claims.exp * 1000 > Date.now() ? claims : null
}
